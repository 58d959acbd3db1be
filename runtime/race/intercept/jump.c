/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * jump.c: contexts by swapcontext and setcontext say where their stacks are; whose frames are which is found
 * out when something is called there (follow.c). getcontext and setjmp return twice, where compiled code sets
 * `top` again: they need nothing, nor does longjmp, as no handler ever runs on top of the runtime (signal.c).
 */
#include "core/sys.h"
#include "race/annotate.h"
#include "race/follow.h"
#include "race/handler.h"
#include "race/intercept.h"

#include <ucontext.h>

/* What was not made by makecontext may have anything in the stack's place. */
static void enter_context(const ucontext_t *to)
{
	uintptr_t begin = (uintptr_t)to->uc_stack.ss_sp;
	struct fl_sys_registers registers;

	fl_handler_depth = 0; /* maybe out of a handler; what it must not do is not asked after that */
	if (!fl_race_self_thread || fl_fiber_is_used())
		return;
	fl_sys_registers_of(to, &registers);
	if (registers.of[FL_SYS_STACK_POINTER] - begin < to->uc_stack.ss_size)
		fl_stack_told(begin, to->uc_stack.ss_size);
}

FL_INTERCEPT(int, swapcontext, __swapcontext, (ucontext_t *restrict from, const ucontext_t *restrict to))
{
	enter_context(to);
	return FL_REAL(swapcontext)(from, to);
}

FL_INTERCEPT(int, setcontext, __setcontext, (const ucontext_t *to))
{
	enter_context(to);
	return FL_REAL(setcontext)(to);
}
