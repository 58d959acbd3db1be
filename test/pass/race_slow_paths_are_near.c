// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Slow paths are called directly: their addresses take no register of a loop. What is called jumps to the runtime.
// RUN: %clang %race -O2 -fPIE -c %s -o %t.o
// RUN: llvm-objdump -dr --no-show-raw-insn %t.o | FileCheck %s
// RUN: %clang %race -O0 -fPIC -S -emit-llvm %s -o - | FileCheck --check-prefix=IR %s
// CHECK-LABEL: <sum>:
// CHECK-NOT: GOTPCREL
// CHECK: call
// CHECK-NEXT: R_X86_64_{{PLT32|PC32}}{{.*}}__furlong_race_read8_near
// CHECK: <__furlong_race_read8_near>:
// CHECK-NEXT: jmpq *
// CHECK-NEXT: R_X86_64_GOTPCREL{{.*}}__furlong_race_read8-
// IR: define linkonce_odr hidden preserve_allcc void @__furlong_race_read8_near(
// IR: musttail call preserve_allcc void @__furlong_race_read8(
struct item {
	struct item *next;
	long value;
};
long sum(const struct item *p)
{
	long s = 0;
	for (; p; p = p->next)
		s = s * 31 + p->value;
	return s;
}
