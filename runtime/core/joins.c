/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * joins.c: threads that somebody waits for, or says that nobody will.
 *
 * A pthread_t is used again as soon as its thread was joined, so the entry is found before the wait. Only a
 * thread that has not begun to run by then is looked for afterwards. Nothing is held during the wait, which
 * may be cancelled.
 */
#include "core/core.h"

#include "core/instrument.h"

#include <errno.h>

struct sought {
	struct fl_thread *thread; /* NULL: not known yet */
	uint64_t born;
	uintptr_t pthread;
	struct fl_join join;
};

enum how { JOINS, JOINS_UNTIL, DETACHES };

static void join_look_up(struct sought *sought)
{
	uint64_t mask = fl_enter();
	struct fl_thread *thread = fl_threads_by_pthread(sought->pthread);

	sought->join.thread = thread;
	sought->join.joinable = thread && thread->joinable;
	sought->thread = sought->join.joinable ? thread : NULL;
	sought->born = thread ? thread->born : 0;
	fl_leave(mask);
}

static struct sought seek(pthread_t id, enum how how, const void *caller)
{
	struct sought sought = {.pthread = (uintptr_t)id};

	fl_init();
	join_look_up(&sought);
	if (!sought.join.joinable) { /* maybe it is only just born */
		fl_sys_nap();
		join_look_up(&sought);
	}
	sought.join.pthread = sought.pthread;
	sought.join.waits = how != DETACHES;
	sought.join.for_ever = how == JOINS;
	sought.join.caller = caller;
	FL_EACH_INSTRUMENT(join_begin, &sought.join);
	return sought;
}

/* Its place is free for others. */
static void let_go(struct fl_thread *thread)
{
	FL_EACH_INSTRUMENT(thread_joined, thread);
	FL_EACH_INSTRUMENT(thread_gone, thread);
	fl_threads_release(thread);
}

static void joined(const struct sought *sought, int rc)
{
	uint64_t mask;
	struct fl_thread *thread = sought->thread;

	if (rc) {
		FL_EACH_INSTRUMENT(join_end, &sought->join);
		return;
	}
	mask = fl_enter();
	if (!thread) {
		thread = fl_threads_by_pthread(sought->pthread);
		if (thread && thread->joinable)
			let_go(thread);
	} else if (thread->taken && thread->joinable && thread->born == sought->born) {
		let_go(thread);
	}
	fl_leave(mask);
	FL_EACH_INSTRUMENT(join_end, &sought->join);
}

static void detached(const struct sought *sought)
{
	uint64_t mask = fl_enter();

	if (sought->thread && sought->thread->born == sought->born)
		sought->thread->joinable = false;
	fl_leave(mask);
}

FL_PUBLIC int pthread_join(pthread_t id, void **result)
{
	struct sought sought = seek(id, JOINS, __builtin_return_address(0));
	int rc = fl_sys_real_join(id, result);

	joined(&sought, rc);
	return rc;
}

FL_PUBLIC int pthread_tryjoin_np(pthread_t id, void **result)
{
	struct sought sought = seek(id, JOINS_UNTIL, __builtin_return_address(0));
	int rc = fl_sys_real_tryjoin(id, result);

	joined(&sought, rc);
	return rc;
}

FL_PUBLIC int pthread_timedjoin_np(pthread_t id, void **result, const struct timespec *until)
{
	struct sought sought = seek(id, JOINS_UNTIL, __builtin_return_address(0));
	int rc = fl_sys_real_timedjoin(id, result, until);

	joined(&sought, rc);
	return rc;
}

FL_PUBLIC int pthread_clockjoin_np(pthread_t id, void **result, clockid_t clock, const struct timespec *until)
{
	struct sought sought = seek(id, JOINS_UNTIL, __builtin_return_address(0));
	int rc = fl_sys_real_clockjoin(id, result, clock, until);

	joined(&sought, rc);
	return rc;
}

FL_PUBLIC int thrd_join(thrd_t id, int *result)
{
	struct sought sought = seek(id, JOINS, __builtin_return_address(0));
	int rc = fl_sys_real_thrd_join(id, result);

	joined(&sought, rc);
	return rc;
}

FL_PUBLIC int pthread_detach(pthread_t id)
{
	struct sought sought = seek(id, DETACHES, __builtin_return_address(0));
	int rc = fl_sys_real_detach(id);

	if (!rc)
		detached(&sought);
	return rc;
}

FL_PUBLIC int thrd_detach(thrd_t id)
{
	struct sought sought = seek(id, DETACHES, __builtin_return_address(0));
	int rc = fl_sys_real_thrd_detach(id);

	if (rc == thrd_success)
		detached(&sought);
	return rc;
}
