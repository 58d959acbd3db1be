// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One check behind a loop that nobody knows the rounds of before stands for those of its iterations. It is made
// earlier where the loop comes to another page, and before blocks that may trap or synchronise.
// RUN: %clang %race -O1 -S -emit-llvm %s -o - | FileCheck %s
void unknown(void);

// In the loop where a page ends, and behind it; no check of a single element.
// CHECK-LABEL: @until(
// CHECK: call {{.*}}@__furlong_race_read_elements{{(_near)?}}({{.*}}, i64 {{.*}}, i64 2056,
// CHECK: call {{.*}}@__furlong_race_read_elements{{(_near)?}}({{.*}}, i64 {{.*}}, i64 2056,
// CHECK-NOT: @__furlong_race_read
// CHECK: ret
long until(const long *a, long end)
{
	long sum = 0;
	for (; *a != end; a++)
		sum += *a;
	return sum;
}

// Two walks: where one traps something of the other would not have been said. Each round has its checks.
// CHECK-LABEL: @copy(
// CHECK-NOT: _elements
// CHECK: define
void copy(char *to, const char *from)
{
	do
		*to++ = *from;
	while (*from++);
}

// Before the call that some rounds make.
// CHECK-LABEL: @some(
// CHECK: call {{.*}}@__furlong_race_read_elements{{(_near)?}}(
// CHECK: call {{.*}}@unknown(
// CHECK: ret
long some(const long *a)
{
	const long *from = a;
	for (; *a; a++)
		if (*a == 7)
			unknown();
	return a - from;
}

// Each round calls: each round has its check.
// CHECK-LABEL: @all(
// CHECK-NOT: _elements
// CHECK: ret
long all(const long *a)
{
	const long *from = a;
	for (; *a; a++)
		unknown();
	return a - from;
}

// Where each round follows a pointer it may trap: no gain.
// CHECK-LABEL: @pointers(
// CHECK-NOT: _elements
// CHECK: ret
long pointers(long **a)
{
	long sum = 0;
	for (; *a; a++)
		sum += **a;
	return sum;
}

// A constant function does not synchronise.
__attribute__((const, nothrow)) int value_of(int);
// CHECK-LABEL: @constant(
// CHECK: call {{.*}}@__furlong_race_read_elements{{(_near)?}}(
// CHECK: ret
long constant(const int *a, long n)
{
	long sum = 0;
	for (long i = 0; i < n; i++)
		sum += value_of(a[i]);
	return sum;
}
