// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The operation stays where it was, with nothing but itself between begin and end.
// RUN: %clang %race -O1 -S -emit-llvm %s -o - | FileCheck %s
// CHECK-LABEL: @load(
// CHECK: call {{.*}}@__furlong_race_atomic_begin{{(_near)?}}({{.*}}, i32 4, i32 32,
// CHECK-NEXT: load atomic i32, {{.*}} acquire
// CHECK-NEXT: call {{.*}}@__furlong_race_atomic_end{{(_near)?}}({{.*}}, i32 4, i32 32, i32 0)
int load(int *p)
{
	return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}
// CHECK-LABEL: @store(
// CHECK: call {{.*}}@__furlong_race_atomic_begin{{(_near)?}}({{.*}}, i32 2, i32 49,
// CHECK-NEXT: store atomic i16 {{.*}} release
// CHECK-NEXT: call {{.*}}@__furlong_race_atomic_end{{(_near)?}}({{.*}}, i32 2, i32 49, i32 1)
void store(short *p)
{
	__atomic_store_n(p, 1, __ATOMIC_RELEASE);
}
// CHECK-LABEL: @add(
// CHECK: call {{.*}}@__furlong_race_atomic_begin{{(_near)?}}({{.*}}, i32 8, i32 2,
// CHECK-NEXT: atomicrmw add {{.*}} monotonic
// CHECK-NEXT: call {{.*}}@__furlong_race_atomic_end{{(_near)?}}({{.*}}, i32 8, i32 2, i32 1)
long add(long *p)
{
	return __atomic_fetch_add(p, 1, __ATOMIC_RELAXED);
}
// A failed exchange stored nothing: 3 | seq_cst << 4 | acquire << 8.
// CHECK-LABEL: @exchange(
// CHECK: call {{.*}}@__furlong_race_atomic_begin{{(_near)?}}({{.*}}, i32 1, i32 595,
// CHECK-NEXT: [[R:%.*]] = cmpxchg {{.*}} seq_cst acquire
// CHECK-NEXT: [[DONE:%.*]] = extractvalue { i8, i1 } [[R]], 1
// CHECK-NEXT: [[STORED:%.*]] = zext i1 [[DONE]] to i32
// CHECK-NEXT: call {{.*}}@__furlong_race_atomic_end{{(_near)?}}({{.*}}, i32 1, i32 595, i32 [[STORED]])
int exchange(char *p, char from)
{
	return __atomic_compare_exchange_n(p, &from, 2, 0, __ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE);
}
// CHECK-LABEL: @releases(
// CHECK: call {{.*}}@__furlong_race_fence{{(_near)?}}(i32 3)
// CHECK-NEXT: fence release
// CHECK-LABEL: @acquires(
// CHECK: call {{.*}}@__furlong_race_fence{{(_near)?}}(i32 2)
// CHECK-NEXT: fence acquire
// CHECK-LABEL: @all(
// CHECK: call {{.*}}@__furlong_race_fence{{(_near)?}}(i32 5)
// CHECK-NEXT: fence seq_cst
// CHECK-NOT: __furlong_race_fence
// CHECK: {{^[}]}}
void releases(void)
{
	__atomic_thread_fence(__ATOMIC_RELEASE);
}
void acquires(void)
{
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
}
void all(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}
