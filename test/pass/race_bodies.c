// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A second body without checks, for threads of which nothing is recorded, where checks outweigh what it costs to ask.
// RUN: %clang %race -O2 -S -emit-llvm %s -o - | FileCheck %s
// RUN: %clang %race -O2 -S -emit-llvm %s -o - -Xclang -default-function-attr -Xclang furlong-race-without=bodies | FileCheck %s --check-prefix=ONE
// RUN: %clang %race -Os -S -emit-llvm %s -o - | FileCheck %s --check-prefix=ONE
// RUN: %clang %race -O0 -S -emit-llvm %s -o - | FileCheck %s --check-prefix=ONE
#include <string.h>
int other(int);
int pure(int) __attribute__((const));

// Both call; behind its call the body without checks asks again, and goes on without checks.
// CHECK-LABEL: @work(
// CHECK: [[MASK:%.*]] = load i64, {{.*}}@__furlong_race_self
// CHECK-NEXT: icmp ne i64 [[MASK]], 0
// CHECK: call {{.*}}@other(
// CHECK: call {{.*}}@other(
// CHECK-NEXT: [[AGAIN:%.*]] = load i64, {{.*}}@__furlong_race_self
// CHECK-NEXT: icmp ne i64 [[AGAIN]], 0
// CHECK: {{^[}]}}
// ONE-LABEL: @work(
// ONE: call {{.*}}@other(
// ONE-NOT: call {{.*}}@other(
// ONE: {{^[}]}}
int work(int *p, int *q, int *r, int *s, int n)
{
	*p = n;
	*q = n + *r;
	*s = 2;
	n = other(n);
	*p = n;
	*r = 3;
	return n;
}

// More calls than checks.
// CHECK-LABEL: @calls(
// CHECK-COUNT-5: call {{.*}}@other(
// CHECK-NOT: call {{.*}}@other(
// CHECK: {{^[}]}}
void calls(int *p, int *q)
{
	*p = other(1);
	*q = other(2);
	*p = other(3);
	*q = other(4);
	*p = other(5);
}

// Nothing begins in a function without effects, nor matters behind the last access.
// CHECK-LABEL: @quiet(
// CHECK: icmp ne i64 {{.*}}, 0
// CHECK-COUNT-2: call {{.*}}@pure(
// CHECK-NOT: icmp ne i64 {{.*}}, 0
// CHECK: {{^[}]}}
int quiet(int *p, int *q, int *r, int *s)
{
	*p = *q + *r;
	*s = pure(*p);
	*r = 5;
	return other(1);
}

// Who does not call back may still make a thread; what LLVM knows does not.
int clone_like(int) __attribute__((leaf));
// CHECK-LABEL: @leaves(
// CHECK: icmp ne i64 {{.*}}, 0
// CHECK-COUNT-2: call {{.*}}@{{.*}}strlen
// CHECK: call {{.*}}@clone_like(
// CHECK-NEXT: [[LEFT:%.*]] = load i64, {{.*}}@__furlong_race_self
// CHECK-NEXT: icmp ne i64 [[LEFT]], 0
// CHECK-NOT: icmp ne i64 {{.*}}, 0
// CHECK: {{^[}]}}
int leaves(int *p, int *q, int *r, char *s)
{
	*p = *q + *r;
	*r = (int)strlen(s);
	*q = 5 + *p;
	*p = clone_like(1);
	*r = 5;
	return 0;
}
