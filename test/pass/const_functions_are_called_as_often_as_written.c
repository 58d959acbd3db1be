// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A function that counts has an effect: calls of "const" and "pure" functions are neither merged nor
// dropped, whether we see their bodies or not. Library functions keep their promises.
// RUN: %clang %coverage -w -O2 -S -emit-llvm %s -o - | FileCheck %s
__attribute__((const)) int elsewhere(int);
__attribute__((pure)) int also_elsewhere(int);
unsigned long strlen(const char *);
// CHECK-LABEL: define {{.*}}@f(
// CHECK: call i32 @elsewhere
// CHECK: call i32 @also_elsewhere
// CHECK: call i32 @elsewhere
// CHECK: call i32 @also_elsewhere
// CHECK: call {{.*}}@strlen
// CHECK-NOT: @strlen
// CHECK: ret
int f(int x, const char *s)
{
	elsewhere(x);
	also_elsewhere(x);
	return elsewhere(x) + also_elsewhere(x) + (int)(strlen(s) + strlen(s));
}
