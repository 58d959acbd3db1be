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

#endif
