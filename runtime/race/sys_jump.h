/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys_jump.h: a function of the given name that jumps to what a variable holds, with all registers as they
 * came: for functions of any arguments.
 */
#ifndef FL_RACE_SYS_JUMP_H
#define FL_RACE_SYS_JUMP_H

#if defined(__x86_64__)
#define FL_SYS_JUMP_CODE(way) "jmp *" way "(%rip)\n"
#elif defined(__aarch64__)
#define FL_SYS_JUMP_CODE(way) "adrp x16, " way "\nldr x16, [x16, :lo12:" way "]\nbr x16\n"
#endif

#define FL_SYS_JUMP(name, way)                                                                               \
	__asm__(".pushsection .text\n"                                                                       \
		".balign 8 \n"                                                                               \
		".globl " name "\n"                                                                          \
		".type " name ", %function\n" name ":\n"                                                     \
		".cfi_startproc\n" FL_SYS_JUMP_CODE(way) ".cfi_endproc\n"                                    \
							 ".size " name ", . - " name "\n"                    \
							 ".popsection");

#endif
