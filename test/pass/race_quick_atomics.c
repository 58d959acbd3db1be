// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An atomic operation that has nothing new to say calls nothing. A load looks at the version after it loaded; an
// update says where it is, and looks before. What releases always has news; volatile loads are made once.
// RUN: %clang %race -O1 -S -emit-llvm %s -o - | FileCheck %s
// RUN: %clang %race -O0 -S -emit-llvm %s -o - | FileCheck --check-prefix=CALLS %s
// CALLS-NOT: __furlong_race_atomics
// CHECK-LABEL: @load(
// CHECK: __furlong_race_atomics
// CHECK: [[QUICK:%.*]] = load atomic i32, {{.*}} acquire, align 4
// CHECK-NEXT: fence acquire
// CHECK: load atomic i64, {{.*}} acquire, align 8
// CHECK: phi i32 [ [[QUICK]], {{.*}} ], [ [[SLOW:%.*]], {{.*}} ]
// CHECK: call {{.*}}@__furlong_race_atomic_begin
// CHECK-NEXT: [[SLOW]] = load atomic i32, {{.*}} acquire, align 4
// CHECK-NEXT: call {{.*}}@__furlong_race_atomic_end
int load(int *p)
{
	return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}
// CHECK-LABEL: @add(
// CHECK: store atomic {{.*}} monotonic, align 8
// CHECK-NEXT: fence syncscope("singlethread") seq_cst
// CHECK: load atomic i64, {{.*}} acquire, align 8
// CHECK: atomicrmw add {{.*}} monotonic
// CHECK-NOT: call
// CHECK: store atomic {{.*}} null, {{.*}} release, align 8
// CHECK: call {{.*}}@__furlong_race_atomic_begin
// CHECK-NEXT: atomicrmw add {{.*}} monotonic
long add(long *p)
{
	return __atomic_fetch_add(p, 1, __ATOMIC_RELAXED);
}
// CHECK-LABEL: @add_and_release(
// CHECK-NOT: atomicrmw
// CHECK: call {{.*}}@__furlong_race_atomic_begin
long add_and_release(long *p)
{
	return __atomic_fetch_add(p, 1, __ATOMIC_RELEASE);
}
// CHECK-LABEL: @load_volatile(
// CHECK: load atomic volatile
// CHECK-NOT: load atomic volatile
// CHECK-LABEL: @load_wide(
// CHECK-NOT: __furlong_race_atomics
// CHECK: {{^[}]}}
int load_volatile(volatile int *p)
{
	return __atomic_load_n(p, __ATOMIC_RELAXED);
}
__int128 load_wide(__int128 *p)
{
	return __atomic_load_n(p, __ATOMIC_RELAXED);
}
