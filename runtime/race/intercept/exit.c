/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * exit.c: what a thread leaves to be done at the exit of the process, when a library goes or at a
 * fork, is done after all that it did before, by whatever thread. In a shared program atexit, at_quick_exit
 * and pthread_atfork are a part of each object.
 */
#include "race/channel.h"
#include "race/intercept/libc.h"

struct at_exit {
	union {
		void (*run)(void *);
		void (*run_with_status)(int, void *);
	};
	void *argument;
};

static void run_at_exit(void *data)
{
	struct at_exit *left = data;

	fl_channel_acquire(FL_CHANNEL_RECORD, (uintptr_t)left, 0);
	left->run(left->argument);
}

static void run_on_exit(int status, void *data)
{
	struct at_exit *left = data;

	fl_channel_acquire(FL_CHANNEL_RECORD, (uintptr_t)left, 0);
	left->run_with_status(status, left->argument);
}

/* Kept for good: the C library may run it at any time from now on. */
static struct at_exit *at_exit_make(void (*run)(void *), void *argument)
{
	struct at_exit *made = NULL;

	if (!fl_race_concurrent)
		return NULL;
	FL_RACE_INSIDE made = fl_pool_take(sizeof(*made));
	if (made)
		*made = (struct at_exit){.run = run, .argument = argument};
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

FL_LIBC(int, on_exit, (void (*run)(int, void *), void *argument))
{
	struct at_exit *made = at_exit_make(NULL, argument);

	if (!made)
		return FL_REAL(on_exit)(run, argument);
	made->run_with_status = run;
	fl_channel_release(FL_CHANNEL_RECORD, (uintptr_t)made, 0);
	return FL_REAL(on_exit)(run_on_exit, made);
}

/* Those at quick_exit and at a fork get no argument: before each runs one that comes after all that was left
 * so far, as the last that was left runs first. */
static char quick_exits, forks;

static void run_before_quick_exit(void *unused)
{
	(void)unused;
	fl_channel_acquire(FL_CHANNEL_RECORD, (uintptr_t)&quick_exits, 0);
}

static void run_before_fork(void)
{
	fl_channel_acquire(FL_CHANNEL_RECORD, (uintptr_t)&forks, 0);
}

#ifdef FL_STATIC
FL_LIBC(int, atexit, (void (*run)(void)))
{
	struct at_exit *made = real___cxa_atexit ? at_exit_make((void (*)(void *))run, NULL) : NULL;

	if (!made)
		return FL_REAL(atexit)(run);
	fl_channel_release(FL_CHANNEL_RECORD, (uintptr_t)made, 0);
	return FL_REAL(__cxa_atexit)(run_at_exit, made, NULL);
}

FL_LIBC(int, at_quick_exit, (void (*run)(void)))
{
	int rc;

	fl_channel_release(FL_CHANNEL_RECORD, (uintptr_t)&quick_exits, 0);
	rc = FL_REAL(at_quick_exit)(run);
	return rc ? rc : FL_REAL(at_quick_exit)((void (*)(void))run_before_quick_exit);
}

FL_LIBC(int, pthread_atfork, (void (*prepare)(void), void (*parent)(void), void (*child)(void)))
{
	int rc;

	fl_channel_release(FL_CHANNEL_RECORD, (uintptr_t)&forks, 0);
	rc = FL_REAL(pthread_atfork)(prepare, parent, child);
	return rc ? rc : FL_REAL(pthread_atfork)(run_before_fork, NULL, NULL);
}
#else
FL_LIBC(int, __cxa_at_quick_exit, (void (*run)(void *), void *object))
{
	int rc;

	fl_channel_release(FL_CHANNEL_RECORD, (uintptr_t)&quick_exits, 0);
	rc = FL_REAL(__cxa_at_quick_exit)(run, object);
	return rc ? rc : FL_REAL(__cxa_at_quick_exit)(run_before_quick_exit, object);
}

FL_LIBC(int, __register_atfork,
	(void (*prepare)(void), void (*parent)(void), void (*child)(void), void *object))
{
	int rc;

	fl_channel_release(FL_CHANNEL_RECORD, (uintptr_t)&forks, 0);
	rc = FL_REAL(__register_atfork)(prepare, parent, child, object);
	return rc ? rc : FL_REAL(__register_atfork)(run_before_fork, NULL, NULL, object);
}
#endif
