// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Resolvers run while the dynamic loader relocates, and thread-local variables cannot be reached yet.
// RUN: %clang %race -O0 -S -emit-llvm %s -o - | FileCheck %s
static int choice, helped;
static void help(void)
{
	helped++;
}
static int one(void)
{
	return choice;
}
static int (*resolve(void))(void)
{
	choice = 1;
	help();
	return one;
}
int chosen(void) __attribute__((ifunc("resolve")));
// CHECK-LABEL: define {{.*}}@resolve(
// CHECK-NOT: @__furlong_race
// CHECK: {{^[}]}}
// CHECK-LABEL: define {{.*}}@help(
// CHECK-NOT: @__furlong_race
// CHECK: {{^[}]}}
// CHECK-LABEL: define {{.*}}@one(
// CHECK: @__furlong_race_read4
// CHECK: {{^[}]}}
