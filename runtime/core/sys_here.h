/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys_here.h: the registers of the function in which this stands, as far as its callers may need them back.
 * It must not return before they have been used.
 */
#ifndef FL_CORE_SYS_HERE_H
#define FL_CORE_SYS_HERE_H

#include "core/sys.h"

#if defined(__x86_64__)
static inline __attribute__((always_inline)) void fl_sys_registers_here(struct fl_sys_registers *registers)
{
	uintptr_t *of = registers->of;

	__asm__ volatile("mov %%rbx, 24(%1)\n"
			 "mov %%rbp, 48(%1)\n"
			 "mov %%rsp, 56(%1)\n"
			 "mov %%r12, 96(%1)\n"
			 "mov %%r13, 104(%1)\n"
			 "mov %%r14, 112(%1)\n"
			 "mov %%r15, 120(%1)\n"
			 "lea 0(%%rip), %0\n"
			 : "=&r"(registers->pc)
			 : "r"(of)
			 : "memory");
}
#elif defined(__aarch64__)
static inline __attribute__((always_inline)) void fl_sys_registers_here(struct fl_sys_registers *registers)
{
	uintptr_t *of = registers->of;

	__asm__ volatile("stp x19, x20, [%1, #152]\n"
			 "stp x21, x22, [%1, #168]\n"
			 "stp x23, x24, [%1, #184]\n"
			 "stp x25, x26, [%1, #200]\n"
			 "stp x27, x28, [%1, #216]\n"
			 "stp x29, x30, [%1, #232]\n"
			 "mov %0, sp\n"
			 "str %0, [%1, #248]\n"
			 "adr %0, .\n"
			 : "=&r"(registers->pc)
			 : "r"(of)
			 : "memory");
}
#endif

#endif
