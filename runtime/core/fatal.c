/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * fatal.c: see fatal.h. Where the program leaves a signal to the kernel, which ends it, a handler of ours
 * notes where its threads are (last.c), gives the signal back to the kernel and sends it once more, to be
 * delivered when the handler returns: to the same thread at the same instruction, with all that it says.
 *
 * The handler has a stack of its own, as a stack that has overflown has no room for it. It is no other
 * thread's business, takes no lock and calls nothing but the kernel.
 */
#include "core/fatal.h"

#include "core/arena.h"
#include "core/core.h"
#include "core/last.h"
#include "core/sys.h"
#include "core/threads.h"

#include <errno.h>
#include <string.h>

#define FATAL_SIGNALS     65
#define FATAL_STACK_BYTES ((size_t)128 << 10)
#define FATAL_STACKS_AT   ((uintptr_t)88 << 40) /* between programs, and windows of their libraries */

static const int fatal_signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE,
	SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM, SIGSTKFLT, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF,
	SIGIO, SIGPWR, SIGSYS};
#define FATAL_COUNT (sizeof(fatal_signals) / sizeof(*fatal_signals))

static bool fatal_on, fatal_known[FATAL_SIGNALS];
static struct sigaction fatal_as_set[FATAL_SIGNALS];                     /* by the program, with SIG_DFL */
static struct fl_table fatal_stacks = {.element_bytes = sizeof(void *)}; /* by thread index */

/* A fault in here, which should not be: the program still dies by what it died of. */
static struct {
	int32_t thread;
	int signal;
	siginfo_t info;
} fatal_dying;

static void on_fatal(int signal, siginfo_t *info, void *context)
{
	int32_t self = fl_sys_thread(), nobody = 0;

	if (!fl_last_is_mine()) {
		nobody = -1;
	} else if (__atomic_compare_exchange_n(
			   &fatal_dying.thread, &nobody, self, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		fatal_dying.signal = signal;
		fatal_dying.info = *info;
		fl_last_by_signal(signal, context);
	} else if (nobody != self) {
		fl_sys_sleep_for_ever(); /* another thread is at it */
	}
	fl_sys_signal_default(signal);
	if (nobody == self && fatal_dying.signal != signal) {
		fl_sys_signal_default(fatal_dying.signal);
		fl_sys_signal_again(fatal_dying.signal, &fatal_dying.info);
		fl_sys_signals_restore(0);
	}
	fl_sys_signal_again(signal, info);
}

static bool is_fatal_handler(const struct sigaction *action)
{
	return action->sa_sigaction == on_fatal;
}

static struct sigaction fatal_action(void)
{
	struct sigaction action = {.sa_sigaction = on_fatal, .sa_flags = SA_SIGINFO | SA_ONSTACK};

	sigfillset(&action.sa_mask);
	sigdelset(&action.sa_mask, SIGSEGV);
	sigdelset(&action.sa_mask, SIGBUS);
	return action;
}

static bool is_fatal_signal(int signal)
{
	return fatal_on && signal > 0 && signal < FATAL_SIGNALS && fatal_known[signal];
}

int fl_fatal_sigaction(int (*real)(int, const struct sigaction *, struct sigaction *), int signal,
	const struct sigaction *action, struct sigaction *old)
{
	bool ends = action && action->sa_handler == SIG_DFL;
	struct sigaction ours, was;
	uint64_t mask;
	int rc;

	if (!is_fatal_signal(signal))
		return real(signal, action, old);
	mask = fl_sys_signals_block();
	ours = ends ? fatal_action() : (struct sigaction){0};
	was = fatal_as_set[signal];
	if (ends)
		fatal_as_set[signal] = *action;
	rc = real(signal, ends ? &ours : action, old);
	if (!rc && old && is_fatal_handler(old))
		*old = was;
	fl_sys_signals_restore(mask);
	return rc;
}

__sighandler_t fl_fatal_signal(
	__sighandler_t (*real)(int, __sighandler_t), int signal, __sighandler_t handler)
{
	struct sigaction ours = fatal_action();
	__sighandler_t was;

	was = real(signal, handler);
	if (was == SIG_ERR || !is_fatal_signal(signal))
		return was;
	if (handler == SIG_DFL) {
		memset(&fatal_as_set[signal], 0, sizeof(fatal_as_set[signal]));
		fl_sys_real_sigaction(signal, &ours, NULL);
	}
	return was == (__sighandler_t)(void *)on_fatal ? SIG_DFL : was;
}

/* Far from where the kernel puts what comes next, or later objects would come to stand elsewhere than without
 * us (coverage/delta.c lives on that). */
static void *map_stack(uint32_t index)
{
	void *memory = (void *)(FATAL_STACKS_AT + index * 2 * FATAL_STACK_BYTES);

	if (!fl_sys_map(&memory, FATAL_STACK_BYTES, FL_SYS_MAP_FREE, -1, 0))
		return memory;
	memory = NULL;
	return fl_sys_map(&memory, FATAL_STACK_BYTES, FL_SYS_MAP_ANYWHERE, -1, 0) ? NULL : memory;
}

/* Reused with the entry, when its thread is gone. */
static void give_stack(struct fl_thread *thread)
{
	void **stack = fl_table_make(&fatal_stacks, thread->index);
	stack_t now;

	if (!stack || fl_sys_alternate_stack(NULL, &now) || !(now.ss_flags & SS_DISABLE))
		return;
	if (!*stack)
		*stack = map_stack(thread->index);
	if (*stack)
		fl_sys_alternate_stack(&(stack_t){.ss_sp = *stack, .ss_size = FATAL_STACK_BYTES}, NULL);
}

void fl_fatal_hide_stack(stack_t *told)
{
	for (uint32_t i = 0; fatal_on && told && i < fl_threads_count(); i++) {
		void *const *stack = fl_table_at(&fatal_stacks, i);

		if (stack && *stack && told->ss_sp == *stack)
			*told = (stack_t){.ss_flags = SS_DISABLE};
	}
}

int fl_fatal_sigaltstack(const stack_t *to, stack_t *was)
{
	int rc = fl_sys_alternate_stack(to, was);

	if (rc) {
		errno = -rc;
		return -1;
	}
	fl_fatal_hide_stack(was);
	return 0;
}

#ifdef FL_STATIC /* else it is race/intercept/libc_varied.c's, or fatal_alone.c's */
FL_PUBLIC int sigaltstack(const stack_t *to, stack_t *was)
{
	return fl_fatal_sigaltstack(to, was);
}
#endif

void fl_fatal_thread_start(void)
{
	struct fl_thread *self;
	uint64_t mask;

	if (!fatal_on)
		return;
	mask = fl_enter();
	self = fl_threads_self();
	if (self)
		give_stack(self);
	fl_leave(mask);
}

/* The kernel keeps the first process of a container from all signals that have no handler. */
void fl_fatal_init(void)
{
	struct sigaction ours = fatal_action();

	if (fatal_on || fl_sys_process() == 1)
		return;
	fatal_on = true;
	for (size_t i = 0; i < FATAL_COUNT; i++) {
		struct sigaction now;

		fatal_known[fatal_signals[i]] = true;
		if (fl_sys_real_sigaction(fatal_signals[i], NULL, &now) || now.sa_handler != SIG_DFL)
			continue;
		fatal_as_set[fatal_signals[i]] = now;
		fl_sys_real_sigaction(fatal_signals[i], &ours, NULL);
	}
}

void fl_fatal_fork_child(void)
{
	fatal_dying.thread = 0;
}
