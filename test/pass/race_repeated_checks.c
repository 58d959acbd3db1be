// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Between two calls an access is checked once; a write's check is for reads of its bytes too.
// RUN: %clang %race -O0 -S -emit-llvm %s -o - | FileCheck %s
struct { int a, b; long whole; } s;
void other(void);

// CHECK-LABEL: @read_after_write(
// CHECK: call {{.*}}@__furlong_race_write4
// CHECK-NOT: call {{.*}}@__furlong_race_read4
// CHECK: {{^[}]}}
int read_after_write(void)
{
	s.a = 1;
	return s.a;
}
// CHECK-LABEL: @write_after_read(
// CHECK-NOT: call {{.*}}@__furlong_race_read4
// CHECK: call {{.*}}@__furlong_race_write4
// CHECK: {{^[}]}}
void write_after_read(void)
{
	s.a += 2;
}
// Not when somebody may have come in between.
// CHECK-LABEL: @call_between(
// CHECK-DAG: call {{.*}}@__furlong_race_read4
// CHECK-DAG: call {{.*}}@__furlong_race_write4
// CHECK: {{^[}]}}
void call_between(void)
{
	int was = s.a;
	other();
	s.a = was;
}
// Nor for other bytes, or more of them.
// CHECK-LABEL: @neighbours(
// CHECK-DAG: call {{.*}}@__furlong_race_read4
// CHECK-DAG: call {{.*}}@__furlong_race_write4
// CHECK: {{^[}]}}
void neighbours(void)
{
	s.b = s.a;
}
// CHECK-LABEL: @atomic_between(
// CHECK-DAG: call {{.*}}@__furlong_race_read8
// CHECK-DAG: call {{.*}}@__furlong_race_write8
// CHECK: {{^[}]}}
void atomic_between(int *flag)
{
	long was = s.whole;
	__atomic_store_n(flag, 1, __ATOMIC_RELEASE);
	s.whole = was;
}
