/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * signal.c: a handler of the program never runs on top of the runtime.
 *
 * It may access memory, which would have to be left out, and leave by siglongjmp, with the runtime's locks
 * held for ever. So ours runs first: where it interrupts the runtime (never for long) it keeps the signal,
 * with all others blocked, and sends it to its thread once more when the thread leaves the runtime
 * (fl_race_leave). Signals that an instruction caused do not wait.
 *
 * The handler's stack is on top of that of what it interrupts: the instruction there is a frame of its own,
 * as the function that it is in noted its caller at most. Where a thread sends itself the signal, the sender
 * is a frame too.
 *
 * The program reads back the handler that it set. SIG_DFL and SIG_IGN are the kernel's own.
 */
#include "core/fatal.h"
#include "core/sys.h"
#include "race/channel.h"
#include "race/handler.h"
#include "race/intercept.h"
#include "race/past.h"
#include "race/race.h"
#include "race/touch.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <ucontext.h>

#define SIGNALS 65

typedef void (*signal_function)(int, siginfo_t *, void *);

/* What the program set. A reader in a handler may find the one before or after. */
static signal_function signal_functions[SIGNALS];
static bool signal_plain[SIGNALS]; /* it was set without SA_SIGINFO */

__thread bool fl_signal_waiting;
static __thread struct {
	size_t count;
	uint64_t mask; /* of the code that was interrupted */
	bool again;    /* what comes now was kept, and says nothing of where it interrupted the program */
} signal_kept;         /* in fl_race_thread.signals_kept */

static bool caused_by_instruction(int signal, const siginfo_t *info)
{
	switch (signal) {
	case SIGSEGV:
	case SIGBUS:
	case SIGFPE:
	case SIGILL:
	case SIGTRAP:
	case SIGSYS:
		return info->si_code > 0;
	default:
		return false;
	}
}

static uint64_t block_all(ucontext_t *context)
{
	sigset_t all;
	uint64_t was;

	sigfillset(&all);
	sigdelset(&all, SIGSEGV);
	sigdelset(&all, SIGBUS);
	sigdelset(&all, SIGFPE);
	sigdelset(&all, SIGILL);
	sigdelset(&all, SIGTRAP);
	memcpy(&was, &context->uc_sigmask, sizeof(was));
	memcpy(&context->uc_sigmask, &all, sizeof(was)); /* the kernel's part */
	return was;
}

/* Of several that came together the outermost is the last to get here: the mask is its to say. */
static bool keep(siginfo_t *info, void *context)
{
	struct fl_race_thread *self = fl_race_self_thread;

	if (!self || signal_kept.count == FL_SIGNALS_KEPT)
		return false;
	signal_kept.mask = block_all(context);
	self->signals_kept[signal_kept.count++] = *info;
	fl_signal_waiting = true;
	return true;
}

void fl_signal_deliver(void)
{
	siginfo_t *kept = fl_race_self_thread->signals_kept;
	size_t count = signal_kept.count;

	fl_signal_waiting = false;
	signal_kept.count = 0;
	for (size_t i = 0; i < count; i++)
		fl_sys_signal_again(kept[i].si_signo, &kept[i]);
	signal_kept.again = true;
	fl_sys_signals_restore(signal_kept.mask);
	signal_kept.again = false;
}

/* A system call that was interrupted says so in errno, whatever the handler left there. */
static void run_handler(signal_function function, int signal, siginfo_t *info, void *context)
{
	bool at_any_time = fl_race_self_thread && !caused_by_instruction(signal, info) && !fl_handler_sending;
	uint32_t depth = fl_handler_depth, sending = fl_handler_sending;
	int before = errno, after;

	fl_handler_depth = depth + at_any_time;
	fl_handler_sending = 0;
	function(signal, info, context);
	fl_handler_depth = depth;
	fl_handler_sending = sending;
	after = errno;
	if (at_any_time && after != before && !fl_sys_interrupted_call(context)) {
		fl_handler_spoiled(signal, (const void *)function, before, after);
		errno = after;
	}
}

/* A function that was interrupted at its entry may be about to fill the frame that the handler will use. */
static void on_signal(int signal, siginfo_t *info, void *context)
{
	struct furlong_race_frame *top = __furlong_race_self.top, saved = {0};
	signal_function function = __atomic_load_n(&signal_functions[signal], __ATOMIC_ACQUIRE);
	bool again = signal_kept.again;

	if (fl_race_depth && !caused_by_instruction(signal, info) && keep(info, context))
		return;
	if (top)
		saved = *top;
	/* Reports take all but the innermost place for return addresses. */
	if (!again && fl_context_has_room())
		fl_touch_push((const void *)(fl_sys_interrupted_at(context) + 1));
	signal_kept.again = false;
	fl_channel_acquire(FL_CHANNEL_RECORD, (uintptr_t)&signal_functions[signal], 0);
	fl_channel_signal_taken(signal);
	run_handler(function, signal, info, context);
	signal_kept.again = again;
	if (top)
		*top = saved;
	__furlong_race_self.top = top;
}

static bool is_functions(const struct sigaction *action)
{
	return action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN;
}

static bool is_ours(const struct sigaction *action)
{
	return action->sa_sigaction == on_signal;
}

/* Tells the program of its own function. */
static void translate(struct sigaction *action, signal_function function, bool plain)
{
	if (!is_ours(action))
		return;
	action->sa_sigaction = function;
	if (plain)
		action->sa_flags &= ~SA_SIGINFO;
}

/* A handler comes after who set it (C++17, [support.signal]). */
static void remember(int signal, signal_function function, bool plain)
{
	signal_plain[signal] = plain;
	fl_past_may_handle();
	fl_channel_release(FL_CHANNEL_RECORD, (uintptr_t)&signal_functions[signal], 0);
	__atomic_store_n(&signal_functions[signal], function, __ATOMIC_RELEASE);
}

FL_INTERCEPT_ALWAYS(
	int, sigaction, __sigaction, (int signal, const struct sigaction *action, struct sigaction *old))
{
	struct sigaction ours;
	signal_function function;
	uint64_t mask;
	bool plain;
	int rc;

	if (signal <= 0 || signal >= SIGNALS)
		return fl_fatal_sigaction(FL_REAL(sigaction), signal, action, old);
	mask = fl_sys_signals_block();
	function = signal_functions[signal];
	plain = signal_plain[signal];
	if (action && is_functions(action)) {
		ours = *action;
		remember(signal, action->sa_sigaction, !(action->sa_flags & SA_SIGINFO));
		ours.sa_sigaction = on_signal;
		ours.sa_flags |= SA_SIGINFO;
		rc = fl_fatal_sigaction(FL_REAL(sigaction), signal, &ours, old);
		if (rc)
			remember(signal, function, plain);
	} else {
		rc = fl_fatal_sigaction(FL_REAL(sigaction), signal, action, old);
	}
	if (!rc && old)
		translate(old, function, plain);
	fl_sys_signals_restore(mask);
	return rc;
}

static __sighandler_t set_plainly(
	__sighandler_t (*real)(int, __sighandler_t), int signal, __sighandler_t handler)
{
	struct sigaction now;
	__sighandler_t was, was_ours;
	uint64_t mask;

	if (signal <= 0 || signal >= SIGNALS || handler == SIG_DFL || handler == SIG_IGN ||
		handler == SIG_ERR) {
		was = fl_fatal_signal(real, signal, handler);
		return was == (__sighandler_t)(void *)on_signal
			       ? (__sighandler_t)(void *)signal_functions[signal]
			       : was;
	}
	mask = fl_sys_signals_block();
	was_ours = (__sighandler_t)(void *)signal_functions[signal];
	remember(signal, (signal_function)(void *)handler, true);
	was = fl_fatal_signal(real, signal, (__sighandler_t)(void *)on_signal);
	if (was == SIG_ERR) {
		remember(signal, (signal_function)(void *)was_ours, signal_plain[signal]);
	} else if (!FL_REAL(sigaction)(signal, NULL, &now)) {
		now.sa_flags |= SA_SIGINFO;
		FL_REAL(sigaction)(signal, &now, NULL);
	}
	fl_sys_signals_restore(mask);
	return was == (__sighandler_t)(void *)on_signal ? was_ours : was;
}

/* These differ in flags, which the function behind knows: it sets our handler, and SA_SIGINFO is added. */
#define SIGNAL_FUNCTION(name, behind)                                                                        \
	FL_PUBLIC __sighandler_t name(int signal, __sighandler_t handler);                                   \
	FL_INTERCEPT_ALWAYS(__sighandler_t, name, behind, (int signal, __sighandler_t handler))              \
	{                                                                                                    \
		return set_plainly(FL_REAL(name), signal, handler);                                          \
	}

SIGNAL_FUNCTION(signal, __bsd_signal)
#ifndef FL_STATIC /* a static C library has no other names for these */
SIGNAL_FUNCTION(ssignal, ssignal)
SIGNAL_FUNCTION(sysv_signal, sysv_signal)
SIGNAL_FUNCTION(__sysv_signal, __sysv_signal)
#endif
