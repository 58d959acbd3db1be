// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The fast path is one instruction: no address, no load, no register, no call.
// RUN: %clang %coverage -O2 -c %s -o %t.o
// RUN: llvm-objdump -d --no-show-raw-insn %t.o | FileCheck %s
// RUN: %clang %coverage -O2 -fPIC -c %s -o %t.pic.o
// RUN: llvm-objdump -d --no-show-raw-insn %t.pic.o | FileCheck %s
int twice(int x)
{
	return 2 * x;
}
// CHECK-LABEL: <twice>:
// CHECK-NEXT: {{incq[[:space:]]+%gs:(0x)?0?\(%rip\)}}
// CHECK-NEXT: lea
// CHECK-NEXT: ret
