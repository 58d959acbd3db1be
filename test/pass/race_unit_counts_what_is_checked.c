// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The unit's record: checked, local, constant, repeated, left out, and its registration.
// RUN: %clang %race -O0 -S -emit-llvm %s -o - | FileCheck %s
// CHECK-DAG: @__furlong_race_unit = private constant { i32, i32, i32, i32, i32, i32 } { i32 3, i32 4, i32 1, i32 1, i32 2, i32 0 }, section "furlong_race", align 4
// CHECK-DAG: @__start_furlong_race = extern_weak hidden global
// CHECK-DAG: @__stop_furlong_race = extern_weak hidden global
// CHECK-DAG: @llvm.used = {{.*}}__furlong_race_unit
// CHECK-DAG: @llvm.global_ctors = {{.*}}i32 0, {{.*}}@__furlong_race_register.2
// CHECK-DAG: call void @__furlong_race_module(i32 2,
int global;
const int fixed[2] = {4, 5};

// p: stored and loaded (2 local); *p: 1 checked
void local(int *p)
{
	*p = 1;
}
// 1 constant
int constant(void)
{
	return *(const int *)(fixed + 1);
}
// read, then written: the write's check is for both (1 checked, 1 repeated)
void repeated(void)
{
	global = global + 1;
}
// 1 checked; 2 local, where clang keeps the result
int atomic(void)
{
	return __atomic_load_n(&global, __ATOMIC_ACQUIRE);
}
__attribute__((disable_sanitizer_instrumentation)) void left_out(void)
{
	global++;
}
