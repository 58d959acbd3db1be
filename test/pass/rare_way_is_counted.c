// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Of two ways the one is counted that the source says is rare; the other one follows from it.
// RUN: %clang %coverage -O2 -S -emit-llvm %s -o - | FileCheck %s
extern int errors, done;

// CHECK-LABEL: define {{.*}}@unlikely(
// CHECK: br i1 %{{.*}}, label %[[RARE:[0-9]+]], label %[[OFTEN:[0-9]+]]
// CHECK: [[RARE]]:
// CHECK: incq
// CHECK: [[OFTEN]]:
// CHECK-NOT: incq
// CHECK: br i1
void unlikely(int x)
{
	if (__builtin_expect(x == 3, 0))
		errors = x;
	else
		done = x;
	if (__builtin_expect(x != 4, 1))
		done = 2;
}
