// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %clang %race -O1 -S -emit-llvm %s -o - | FileCheck %s
// RUN: %clang %race -O0 -S -emit-llvm %s -o - | FileCheck %s --check-prefix=PLAIN
int sink(const int *);
static const int table[4] = {1, 2, 3, 4};

// Nobody but the function knows the array, whatever the way to its elements.
// CHECK-LABEL: @local(
// CHECK-NOT: __furlong_race_{{read|write}}
// CHECK: {{^[}]}}
int local(int n, int which)
{
	int a[8] = {n}, b[8] = {1};
	int *p = which ? a : b;
	p[n & 7] = 5;
	return p[(n + 1) & 7] + a[n & 3];
}

// PLAIN-LABEL: @variables(
// PLAIN-NOT: __furlong_race_{{read|write}}
// PLAIN: {{^[}]}}
int variables(int n)
{
	int a[8] = {n}, i = 3;
	a[n & 7] = i;
	return a[(n + 1) & 7];
}

// CHECK-LABEL: @constant(
// CHECK-NOT: __furlong_race_{{read|write}}
// CHECK: {{^[}]}}
int constant(int n)
{
	return table[n & 3];
}

// Its address has been given away, before or after.
// CHECK-LABEL: @escapes(
// CHECK: call {{.*}}@__furlong_race_write
// CHECK: {{^[}]}}
int escapes(int n)
{
	int a[2];
	a[0] = n;
	a[1] = 1;
	return sink(a) + a[0];
}

// One of two is everybody's.
// CHECK-LABEL: @mixed(
// CHECK: call {{.*}}@__furlong_race_write4
// CHECK: {{^[}]}}
int mixed(int *q, int which)
{
	volatile int keep = 0;
	int a = 1, *p = which ? &a : q;
	*p = 7;
	return a + keep;
}
