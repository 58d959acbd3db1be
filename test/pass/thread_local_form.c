// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where GS is not ours: the delta is read from a thread-local variable of the runtime, still one
// read-modify-write instruction on x86-64, and plain code elsewhere.
// RUN: %clang %coverage-tls -O2 -S -emit-llvm %s -o - | FileCheck %s
// RUN: %clang %coverage-tls -O2 -fPIC -c %s -o %t.o
// RUN: llvm-objdump -d --no-show-raw-insn -r %t.o | FileCheck %s --check-prefix=CODE
// RUN: %clang %coverage --target=aarch64-linux-gnu -O2 -S -emit-llvm %s -o - | FileCheck %s --check-prefix=ARM
// CHECK: @__furlong_coverage_delta = external thread_local(initialexec) global i64
// CHECK: load i64, {{.*}}@__furlong_coverage_delta{{.*}} !nosanitize
// CHECK: call void asm sideeffect "incq $0", "=*m,~{flags}"({{.*}}elementtype(i64) %{{.*}})
// CODE-LABEL: <twice>:
// CODE: R_X86_64_GOTTPOFF __furlong_coverage_delta
// CODE-NOT: %gs
// CODE: incq
// ARM: load i64, {{.*}}@__furlong_coverage_delta
// ARM: load volatile i64
// ARM: store volatile i64
int twice(int x)
{
	return 2 * x;
}
