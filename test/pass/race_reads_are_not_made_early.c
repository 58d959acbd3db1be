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
