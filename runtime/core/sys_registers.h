/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys_registers.h: a thread's registers, numbered as DWARF does.
 */
#ifndef FL_CORE_SYS_REGISTERS_H
#define FL_CORE_SYS_REGISTERS_H

#include <stdint.h>

#if defined(__x86_64__)
#define FL_SYS_REGISTERS       17
#define FL_SYS_STACK_POINTER   7
#define FL_SYS_RETURN_REGISTER 16 /* none of the processor's: where the caller goes on */
#define FL_SYS_RETURN_IS_PC    1
#else
#define FL_SYS_REGISTERS       32
#define FL_SYS_STACK_POINTER   31
#define FL_SYS_RETURN_REGISTER 30
#define FL_SYS_RETURN_IS_PC    0
#endif
struct fl_sys_registers {
	uintptr_t of[FL_SYS_REGISTERS];
	uintptr_t pc;
};

/* Where a function's return address lies, by its registers and its caller's. */
static inline uintptr_t fl_sys_return_place(
	const struct fl_sys_registers *callee, const struct fl_sys_registers *caller)
{
#if defined(__x86_64__)
	(void)callee;
	return caller->of[FL_SYS_STACK_POINTER] - sizeof(uintptr_t);
#else
	(void)caller;
	return callee->of[29] + sizeof(uintptr_t); /* above the frame pointer's */
#endif
}

#endif
