/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * once.c: what is done once: pthread_once, call_once, libc++'s call_once, and C++'s static variables. Who did
 * it releases; whoever comes later acquires.
 *
 * The function that is called once gets no argument: what it needs waits in the thread. It may throw: then
 * another call takes its turn, after it.
 */
#include "race/intercept.h"
#include "race/race.h"

struct once_call {
	void (*fn)(void);
	const volatile void *flag;
};
static __thread struct once_call once_next;

/* Of the functions that run now, outer ones first. One that was left by a throw stays until its stack is used
 * again: its frame lies below whoever looks. */
#define ONCE_LIMIT 8
static __thread struct {
	const volatile void *flag;
	const char *frame;
} once_running[ONCE_LIMIT];
static __thread unsigned once_depth;

static void once_drop_left(const char *frame)
{
	while (once_depth && once_running[once_depth - 1].frame <= frame)
		once_depth--;
}

static void once_run(void)
{
	struct once_call call = once_next;
	const char *frame = __builtin_frame_address(0);

	once_drop_left(frame);
	if (fl_race_concurrent)
		FL_RACE_INSIDE fl_sync_acquire(call.flag);
	if (once_depth < ONCE_LIMIT) {
		once_running[once_depth].flag = call.flag;
		once_running[once_depth++].frame = frame;
	}
	call.fn();
	once_drop_left(frame);
	if (fl_race_concurrent)
		FL_RACE_INSIDE fl_sync_release(call.flag);
}

#ifndef FL_STATIC /* where nobody stands before a throw (cxx.c) */
/* A throw may leave them all. */
static void once_thrown(void)
{
	once_drop_left(__builtin_frame_address(0));
	if (!fl_race_concurrent)
		return;
	for (unsigned i = 0; i < once_depth; i++)
		FL_RACE_INSIDE fl_sync_release(once_running[i].flag);
}
#endif

static void once_after(const volatile void *flag)
{
	if (fl_race_concurrent)
		FL_RACE_INSIDE fl_sync_acquire(flag);
}

FL_INTERCEPT(int, pthread_once, ___pthread_once, (pthread_once_t * flag, void (*fn)(void)))
{
	struct once_call outer = once_next;
	int rc;

	once_next = (struct once_call){fn, flag};
	rc = FL_REAL(pthread_once)(flag, once_run);
	once_next = outer;
	once_after(flag);
	return rc;
}

FL_INTERCEPT(void, call_once, __call_once, (once_flag * flag, void (*fn)(void)))
{
	struct once_call outer = once_next;

	once_next = (struct once_call){fn, flag};
	FL_REAL(call_once)(flag, once_run);
	once_next = outer;
	once_after(flag);
}
