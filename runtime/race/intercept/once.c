/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * once.c: what is done once: pthread_once, call_once, libc++'s call_once, and C++'s static variables. Who did
 * it releases; whoever comes later acquires.
 *
 * The function that is called once gets no argument: what it needs waits in the thread. It may not return.
 */
#include "race/intercept.h"
#include "race/race.h"

struct once_call {
	void (*fn)(void);
	const volatile void *flag;
};
static __thread struct once_call once_next;

static void once_run(void)
{
	struct once_call call = once_next;

	call.fn();
	if (fl_race_concurrent)
		FL_RACE_INSIDE fl_sync_release(call.flag);
}

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
