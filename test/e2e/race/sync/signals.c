/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * signals.c: who takes a signal comes after who sent it, and a handler after who set it. In the racy twin the
 * second takes a signal that it sent itself, or more is written after the handler was set.
 */
#include "pairs.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

static void must(int is_so)
{
	if (!is_so)
		abort();
}

#define TAKES(name, ...)                                                                                     \
	static void name(int o)                                                                              \
	{                                                                                                    \
		__VA_ARGS__;                                                                                 \
		shared++;                                                                                    \
	}

static _Atomic pthread_t receiver; /* with relaxed order: no order */
static volatile sig_atomic_t handled;

static void block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	must(!pthread_sigmask(SIG_BLOCK, &set, NULL));
}

static void signal_set(sigset_t *set, int o)
{
	sigemptyset(set);
	sigaddset(set, o ? SIGUSR2 : SIGUSR1);
}

static void announce(int o)
{
	atomic_store_explicit(&receiver, pthread_self(), memory_order_relaxed);
	hidden_give(2);
	if (o)
		must(!pthread_kill(pthread_self(), SIGUSR2));
	hidden_wait(1);
}

static pthread_t the_receiver(void)
{
	return atomic_load_explicit(&receiver, memory_order_relaxed);
}

static void give_kill(int o)
{
	(void)o;
	hidden_wait(2);
	shared++;
	must(!pthread_kill(the_receiver(), SIGUSR1));
}

static void give_queue(int o)
{
	(void)o;
	hidden_wait(2);
	shared++;
	must(!pthread_sigqueue(the_receiver(), SIGUSR1, (union sigval){0}));
}

static void give_process_signal(int o)
{
	(void)o;
	hidden_wait(2);
	shared++;
	must(!kill(getpid(), SIGUSR1));
}

static void give_by_pidfd(int o)
{
	int self = pidfd_open(getpid(), 0);

	(void)o;
	hidden_wait(2);
	shared++;
	must(self >= 0 && !pidfd_send_signal(self, SIGUSR1, NULL, 0));
}

TAKES(take_sigwait, announce(o); sigset_t set; int signal; signal_set(&set, o); must(!sigwait(&set, &signal)))
TAKES(take_sigwaitinfo, announce(o); sigset_t set; siginfo_t info; signal_set(&set, o);
	must(sigwaitinfo(&set, &info) > 0))
TAKES(take_sigtimedwait, announce(o); sigset_t set; signal_set(&set, o); struct timespec within = {3600, 0};
	must(sigtimedwait(&set, NULL, &within) > 0))
TAKES(take_signalfd, announce(o); sigset_t set; signal_set(&set, o); int fd = signalfd(-1, &set, 0);
	char got[128]; must(read(fd, got, 128) == 128))

static void handler(int signal)
{
	handled = signal;
}

TAKES(take_handler, sigset_t set; signal_set(&set, o); sigaddset(&set, o ? SIGUSR2 : SIGUSR1);
	must(!pthread_sigmask(SIG_UNBLOCK, &set, NULL)); signal(SIGUSR1, handler); signal(SIGUSR2, handler);
	announce(o); while (handled != (o ? SIGUSR2 : SIGUSR1)))

/* Who set the handler is before it. In the racy twin more is written after that. */
static void handler_reads(int signal)
{
	(void)signal;
	shared++;
}

static void set_handler(int o)
{
	(void)o;
	shared++;
	signal(SIGUSR1, handler_reads);
	if (pair_racy)
		shared++;
}

static void set_handler_with_flags(int o)
{
	struct sigaction action = {.sa_handler = handler_reads, .sa_flags = SA_RESTART};

	(void)o;
	shared++;
	must(!sigaction(SIGUSR1, &action, NULL));
	if (pair_racy)
		shared++;
}

static void raises(int o)
{
	sigset_t set;

	(void)o;
	signal_set(&set, 0);
	must(!pthread_sigmask(SIG_UNBLOCK, &set, NULL));
	must(!raise(SIGUSR1));
}

static const struct pair pairs[] = {
	{"pthread_kill_sigwait", give_kill, take_sigwait, 1},
	{"sigqueue_sigwaitinfo", give_queue, take_sigwaitinfo, 1},
	{"kill_sigtimedwait", give_process_signal, take_sigtimedwait, 1},
	{"pidfd_sigtimedwait", give_by_pidfd, take_sigtimedwait, 1},
	{"pthread_kill_signalfd", give_kill, take_signalfd, 1},
	{"signal_handler", set_handler, raises, 0},
	{"sigaction_handler", set_handler_with_flags, raises, 0},
	{"pthread_kill_handler", give_kill, take_handler, 1},
	{0},
};

int main(int argc, char **argv)
{
	block_signals();
	return pair_run(pairs, argc, argv);
}
