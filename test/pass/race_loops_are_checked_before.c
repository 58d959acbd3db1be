// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One check before a loop stands for those of its iterations: where each makes the access, and nothing in the
// loop may synchronise.
// RUN: %clang %race -O1 -S -emit-llvm %s -o - | FileCheck %s
#include <stddef.h>
void unknown(void);

// 4 bytes every 4, 8 bytes every 24: size | stride << 8
// CHECK-LABEL: @total(
// CHECK: call {{.*}}@__furlong_race_read_elements{{(_near)?}}({{.*}}, i64 {{.*}}, i64 1028,
// CHECK-NOT: @__furlong_race_read4
// CHECK: ret
int total(const int *a, size_t n)
{
	int sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += a[i];
	return sum;
}

struct item {
	long key, value, other;
};
// CHECK-LABEL: @values(
// CHECK: call {{.*}}@__furlong_race_write_elements{{(_near)?}}({{.*}}, i64 {{.*}}, i64 6152,
// CHECK-NOT: @__furlong_race_write8
// CHECK: ret
void values(struct item *a, size_t n)
{
	for (size_t i = 0; i < n; i++)
		a[i].value = (long)i;
}

// The same place each time: a check of its own, before the loop. Downwards: as well.
// CHECK-LABEL: @sum_into(
// CHECK: call {{.*}}@__furlong_race_read_elements{{(_near)?}}(
// CHECK: call {{.*}}@__furlong_race_write8{{(_near)?}}(
// CHECK-NOT: @__furlong_race_{{read4|write}}
// CHECK: ret
void sum_into(long *sum, const int *a, long n)
{
	for (long i = n; i-- > 0;)
		*sum += a[i];
}

// A call may synchronise.
// CHECK-LABEL: @calls(
// CHECK-NOT: _elements
// CHECK: ret
int calls(const int *a, size_t n)
{
	int sum = 0;
	for (size_t i = 0; i < n; i++) {
		unknown();
		sum += a[i];
	}
	return sum;
}

// Not every iteration comes to b.
// CHECK-LABEL: @some(
// CHECK: call {{.*}}@__furlong_race_read_elements{{(_near)?}}(
// CHECK-NOT: _elements
// CHECK: call {{.*}}@__furlong_race_write4{{(_near)?}}(
// CHECK-NOT: _elements
// CHECK: define
void some(const int *a, int *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (a[i])
			b[i] = 1;
}

// An atomic operation ends what is known.
// CHECK-LABEL: @atomic(
// CHECK-NOT: _elements
// CHECK: ret
int atomic(const int *a, size_t n, _Atomic int *flag)
{
	int sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += a[i] + *flag;
	return sum;
}

// Rows that follow each other are one strip.
// CHECK-LABEL: @table(
// CHECK: call {{.*}}@__furlong_race_write_elements{{(_near)?}}(
// CHECK-NOT: call {{.*}}@__furlong_race_
// CHECK: ret
void table(int (*a)[64], size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < 64; j++)
			a[i][j] = (int)(i * j);
}
