// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A naked function is its assembly: nothing of ours fits in.
// RUN: %clang %coverage -O2 -S -emit-llvm %s -o - | FileCheck %s
// RUN: %clang %race -O0 -S -emit-llvm %s -o - | FileCheck %s
// RUN: %clang %race -O2 -S -emit-llvm %s -o - | FileCheck %s
// CHECK-LABEL: define {{.*}}@naked(
// CHECK-NEXT: call void asm sideeffect "ret"
// CHECK-NEXT: unreachable
__attribute__((naked)) void naked(void)
{
	__asm__("ret");
}
