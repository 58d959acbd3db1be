// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %clang %race -O1 -S -emit-llvm %s -o - | FileCheck %s
struct big { char bytes[200]; };
// CHECK-LABEL: @volatiles(
// CHECK: call {{.*}}@__furlong_race_read_volatile{{(_near)?}}({{.*}}, i64 4,
// CHECK: load volatile
// CHECK: call {{.*}}@__furlong_race_write_volatile{{(_near)?}}({{.*}}, i64 4,
// CHECK: store volatile
void volatiles(volatile int *p)
{
	*p = *p + 1;
}
// CHECK-LABEL: @copies(
// CHECK-DAG: call {{.*}}@__furlong_race_read_range{{(_near)?}}({{.*}}, i64 200,
// CHECK-DAG: call {{.*}}@__furlong_race_write_range{{(_near)?}}({{.*}}, i64 200,
// CHECK: call void @llvm.mem{{cpy|move}}
void copies(struct big *a, const struct big *b)
{
	*a = *b;
}
// CHECK-LABEL: @sets(
// CHECK: call {{.*}}@__furlong_race_write_range{{(_near)?}}({{.*}}, i64 %{{.*}},
// CHECK: call void @llvm.memset
void sets(char *p, unsigned long n)
{
	__builtin_memset(p, 0, n);
}
