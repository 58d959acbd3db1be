// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What stands in the IR between the pipeline's start and its end.
// RUN: %clang %coverage -O1 -S -emit-llvm %s -o %t.ll
// RUN: %clang %coverage -O1 -c %s -o %t.o -mllvm -print-before=inline -mllvm -filter-print-funcs=clamp 2>%t.marks
// RUN: FileCheck %s < %t.marks
// RUN: FileCheck %s --check-prefix=LOWERED < %t.ll
// CHECK: define {{.*}}@clamp
// CHECK: call void @__furlong_count({{.*}}@__furlong_counters{{.*}}, i64 1) [[MARK:#[0-9]+]]
// CHECK: call void @__furlong_count({{.*}}@__furlong_counters{{.*}}, i64 1) [[MARK]]
// CHECK-NOT: llvm.instrprof
//
// LOWERED-DAG: @__furlong_counters = private global [2 x i64] zeroinitializer, section "furlong_cnt", align 8
// LOWERED-DAG: @__furlong_functions = private constant {{.*}}section "furlong_fn", align 8
// LOWERED-DAG: @__start_furlong_cnt = extern_weak hidden global i8
// LOWERED-DAG: @__furlong_coverage_register.2.module = linkonce_odr hidden constant {{.*}}section "furlong_module", comdat($__furlong_coverage_register.2)
// LOWERED-DAG: @llvm.global_ctors = appending global {{.*}}i32 0, {{.*}}@__furlong_coverage_register.2,
// LOWERED: define {{.*}}@clamp
// LOWERED: call void asm sideeffect "incq %gs:$0", "=*m,~{flags}"({{.*}}elementtype(i64) {{.*}}@__furlong_counters{{.*}}) {{.*}}!nosanitize
// LOWERED-NOT: __furlong_count(
int external(int);
int clamp(int x)
{
	if (x > 10)
		return external(x);
	return x;
}
