// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Nothing stands between a musttail call and its return.
// RUN: %clang %coverage -O0 -S -emit-llvm %s -o - | FileCheck %s
// RUN: %clang %coverage -O2 -S -emit-llvm %s -o - | FileCheck %s
// RUN: %clang %race -O0 -S -emit-llvm %s -o - | FileCheck %s
// RUN: %clang %race -O2 -S -emit-llvm %s -o - | FileCheck %s
// CHECK: musttail call i32 @next
// CHECK-NEXT: ret i32
int next(int);
int start(int x)
{
	if (x)
		__attribute__((musttail)) return next(x);
	return 3;
}
