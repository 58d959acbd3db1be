// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An ignore list, by function, global and file; sections for other sanitizers are not for us.
// RUN: printf '[thread]\nfun:quiet*\nglobal:counter\n[address]\nfun:loud\n' > %t.list
// RUN: %clang %race -O1 -Xclang -default-function-attr -Xclang furlong-ignorelist=%t.list -S -emit-llvm %s -o - | FileCheck %s
// RUN: printf 'src:*race_ignore_lists.c\n' > %t.file
// RUN: %clang %race -O1 -Xclang -default-function-attr -Xclang furlong-ignorelist=%t.file -S -emit-llvm %s -o - | FileCheck %s --check-prefix=FILE
// RUN: not %clang %race -O1 -Xclang -default-function-attr -Xclang furlong-ignorelist=%t.none -c %s -o %t.o 2>&1 | FileCheck %s --check-prefix=NONE
int counter;
// FILE-NOT: call {{.*}}@__furlong_race_{{read|write}}
// NONE: furlong: ignore list:
// CHECK-LABEL: @quiet_one(
// CHECK-NOT: @__furlong_race_write4
// CHECK: {{^[}]}}
void quiet_one(int *p)
{
	*p = 1;
}
// CHECK-LABEL: @loud(
// CHECK: @__furlong_race_write4
// CHECK: {{^[}]}}
void loud(int *p)
{
	*p = 1;
}
// CHECK-LABEL: @count(
// CHECK-NOT: @__furlong_race_write4
// CHECK: {{^[}]}}
void count(void)
{
	counter = 2;
}
// CHECK-NOT: furlong-ignorelist
