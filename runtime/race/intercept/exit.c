/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * exit.c: what a thread leaves to be done at the exit of the process, or when a library goes, is done after
 * all that it did before, by whatever thread. (atexit is a part of each object, which calls __cxa_atexit.)
 */
#include "race/channel.h"
#include "race/intercept/libc.h"

struct at_exit {
	void (*run)(void *);
	void *argument;
};

static void run_at_exit(void *data)
{
	struct at_exit *left = data;

	fl_channel_acquire(FL_CHANNEL_RECORD, (uintptr_t)left, 0);
	left->run(left->argument);
}

/* Kept for good: the C library may run it at any time from now on. */
static struct at_exit *at_exit_make(void (*run)(void *), void *argument)
{
	struct at_exit *made = NULL;

	if (!fl_race_concurrent)
		return NULL;
	FL_RACE_INSIDE made = fl_pool_take(sizeof(*made));
	if (made)
		*made = (struct at_exit){run, argument};
	return made;
}

FL_LIBC(int, __cxa_atexit, (void (*run)(void *), void *argument, void *object))
{
	struct at_exit *made = at_exit_make(run, argument);

	if (!made)
		return FL_REAL(__cxa_atexit)(run, argument, object);
	fl_channel_release(FL_CHANNEL_RECORD, (uintptr_t)made, 0);
	return FL_REAL(__cxa_atexit)(run_at_exit, made, object);
}
