// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What only one path reads is not read before the path is known.
// RUN: %clang %race -O2 -S -emit-llvm %s -o - | FileCheck %s
// RUN: %clang %race -O2 -S -emit-llvm %s -o - | FileCheck %s --check-prefix=TOLD
// TOLD-NOT: sanitize_thread
// TOLD: @__furlong_race_read4
// TOLD-NOT: sanitize_thread
int shared;

// CHECK-LABEL: @if_asked(
// CHECK: br i1
// CHECK: call {{.*}}@__furlong_race_read4{{(_near)?}}(
int if_asked(int asked)
{
	return asked ? shared : 0;
}

// A variable that only some rounds change is not read in front of the loop; what keeps it there is gone.
// CHECK-LABEL: @in_some_rounds(
// CHECK-NOT: @__furlong_race_read4
// CHECK-NOT: store volatile
// CHECK: }
void in_some_rounds(const volatile int *which)
{
	for (int i = 0; i < 100; i++)
		if (*which == i)
			shared = i;
}

int other;

// CHECK-LABEL: @one_of_two(
// CHECK-COUNT-1: call {{.*}}@__furlong_race_read4{{(_near)?}}(
// CHECK-NOT: call {{.*}}@__furlong_race_read4{{(_near)?}}(
// CHECK-NOT: load volatile
// CHECK: }
int one_of_two(int which)
{
	return *(which ? &shared : &other);
}
