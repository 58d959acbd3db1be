/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * longjmp.c: a jump may leave a signal handler. Whether it does is not known: what a handler must not do is
 * not asked after it.
 */
#include "race/handler.h"
#include "race/intercept.h"

#include <setjmp.h>

#define LONGJMP(name, behind, buffer)                                                                        \
	FL_PUBLIC void name(struct __jmp_buf_tag buffer[1], int value) __attribute__((noreturn));            \
	FL_INTERCEPT(void, name, behind, (struct __jmp_buf_tag buffer[1], int value))                        \
	{                                                                                                    \
		fl_handler_depth = 0;                                                                        \
		FL_REAL(name)(buffer, value);                                                                \
		__builtin_unreachable();                                                                     \
	}

LONGJMP(longjmp, __libc_siglongjmp, to)
LONGJMP(_longjmp, __libc_siglongjmp, to)
LONGJMP(siglongjmp, __libc_siglongjmp, to)
#ifndef FL_STATIC /* a static C library has no other name for it */
LONGJMP(__longjmp_chk, __longjmp_chk, to)
#endif
