/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * thread_neither_joined_nor_detached.c: a thread ended that nobody will ever ask for.
 *
 * finds: thread-leak main@born
 * options: -D_GNU_SOURCE
 */
#include "case.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int tid;

static void *nothing(void *argument)
{
	tid = (int)syscall(SYS_gettid);
	return argument;
}

int main(void)
{
	pthread_t other;
	if (pthread_create(&other, NULL, nothing, NULL)) /* @born */
		return 1;
	if (RIGHT)
		pthread_detach(other);
	while (!tid || !syscall(SYS_tgkill, getpid(), tid, 0))
		usleep(1000);
}
