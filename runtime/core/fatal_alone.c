/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * fatal_alone.c: before sigaction and its kin, in a runtime without an instrument that stands there anyway
 * (race/intercept/signal.c).
 */
#include "core/fatal.h"

#include "core/core.h"
#include "core/sys.h"

FL_PUBLIC int sigaction(int signal, const struct sigaction *action, struct sigaction *old)
{
	fl_init();
	return fl_fatal_sigaction(fl_sys_real_sigaction, signal, action, old);
}

static __sighandler_t set_with_flags(int signal, __sighandler_t handler, int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags}, old;

	return sigaction(signal, &action, &old) ? SIG_ERR : old.sa_handler;
}

FL_PUBLIC __sighandler_t signal(int signal, __sighandler_t handler)
{
	return set_with_flags(signal, handler, SA_RESTART);
}

#ifndef FL_STATIC /* a static C library has no other names for these */
FL_PUBLIC __sighandler_t ssignal(int signal, __sighandler_t handler);
FL_PUBLIC __sighandler_t ssignal(int signal, __sighandler_t handler)
{
	return set_with_flags(signal, handler, SA_RESTART);
}

FL_PUBLIC __sighandler_t sysv_signal(int signal, __sighandler_t handler)
{
	return set_with_flags(signal, handler, (int)SA_RESETHAND | SA_NODEFER);
}

FL_PUBLIC __sighandler_t __sysv_signal(int signal, __sighandler_t handler)
{
	return set_with_flags(signal, handler, (int)SA_RESETHAND | SA_NODEFER);
}

FL_PUBLIC int sigaltstack(const stack_t *to, stack_t *was)
{
	return fl_fatal_sigaltstack(to, was);
}
#endif
