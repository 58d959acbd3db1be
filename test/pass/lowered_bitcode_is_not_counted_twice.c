// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Bitcode that went through the pass and comes by again (a thin link's back end) is left alone.
// RUN: %clang %coverage -O1 -c -emit-llvm %s -o %t.bc
// RUN: %clang %coverage -O1 -S -emit-llvm %t.bc -o - | FileCheck %s
// CHECK-LABEL: define {{.*}}@f(
// CHECK: asm sideeffect "incq
// CHECK-NOT: asm sideeffect "incq
// CHECK: ret i32
int f(int x)
{
	return x + 1;
}
