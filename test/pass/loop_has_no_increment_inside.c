// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A loop that cannot be left abnormally counts in registers, and where the number of turns is known the
// count is arithmetic. What calls something that may not return is left alone. That the loop was left is
// counted by itself: the process may end while a thread is in it.
// RUN: %clang %coverage -O2 -fno-vectorize -fno-unroll-loops -S -emit-llvm %s -o - | FileCheck %s
// RUN: %clang %coverage -O1 -S -emit-llvm %s -o - | FileCheck %s
// RUN: %clang %coverage -O0 -S -emit-llvm %s -o - | FileCheck %s --check-prefix=O0
// RUN: %clang %coverage -O2 -c %s -o %t.o

// O0-LABEL: define {{.*}}@sum(
// O0-NOT: addq
// O0: ret i32
// CHECK-LABEL: define {{.*}}@sum(
// CHECK: incq
// CHECK: asm sideeffect "addq $1, %gs:$0", "=*m,r,~{flags}"({{.*}}i64 {{.*}})
// CHECK: incq
// CHECK-NOT: incq
// CHECK: ret i32
int sum(const int *a, int n)
{
	int total = 0;
	for (int i = 0; i < n; i++)
		total += a[i];
	return total;
}

// The number of turns is not known: added every 2^16 turns.
// CHECK-LABEL: define {{.*}}@length(
// CHECK: icmp eq i64 %{{.*}}, 65536
// CHECK-NOT: 65536
// CHECK: ret i32
int length(const char *text)
{
	int n = 0;
	while (text[n] && text[n] != '#')
		n++;
	return n;
}

int may_throw_or_exit(int);
// CHECK-LABEL: define {{.*}}@calls(
// CHECK-NOT: addq
// CHECK: ret void
void calls(int n)
{
	for (int i = 0; i < n; i++)
		may_throw_or_exit(i);
}

// CHECK-LABEL: define {{.*}}@waits(
// CHECK-NOT: addq
// CHECK: ret void
void waits(volatile int *flag)
{
	while (!*flag)
		;
}
