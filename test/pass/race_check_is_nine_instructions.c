// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The way of an access that is recorded already, in a position-independent program: no call, no frame, one jump that
// is not taken. A change of these numbers is a change of what everybody pays.
// Older versions push and pop a word in leaf functions too, and move more.
// UNSUPPORTED: llvm-14, llvm-16
// RUN: %clang %race -O2 -fPIE -c %s -o %t.o
// RUN: llvm-objdump -d --no-show-raw-insn %t.o | FileCheck %s
long get(long *p)
{
	return *p;
}
void set(long *p, long v)
{
	*p = v;
}
// CHECK-LABEL: <get>:
// CHECK-COUNT-8: {{mov|and|xor|shr}}q
// CHECK-NEXT: jne
// CHECK-NEXT: movq {{.*}}(%rdi), %rax
// CHECK-NEXT: ret
// CHECK-LABEL: <set>:
// CHECK-COUNT-7: {{mov|and|xor|shr}}q
// CHECK-NEXT: jne
// CHECK-NEXT: movq %rsi, (%rdi)
// CHECK-NEXT: ret
