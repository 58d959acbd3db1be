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
};

static struct sought seek(pthread_t id)
{
	struct sought sought = {.pthread = (uintptr_t)id};
	struct fl_thread *thread;
	uint64_t mask;

	fl_init();
	mask = fl_enter();
	thread = fl_threads_by_pthread(sought.pthread);
	if (thread && thread->joinable) {
		sought.thread = thread;
		sought.born = thread->born;
	}
	fl_leave(mask);
	return sought;
}

/* Its place is free for others. */
static void let_go(struct fl_thread *thread)
{
	FL_EACH_INSTRUMENT(thread_joined, thread);
	FL_EACH_INSTRUMENT(thread_gone, thread);
	fl_threads_release(thread);
}

static void joined(const struct sought *sought)
{
	uint64_t mask = fl_enter();
	struct fl_thread *thread = sought->thread;

	if (!thread) {
		thread = fl_threads_by_pthread(sought->pthread);
		if (thread && thread->joinable)
			let_go(thread);
	} else if (thread->taken && thread->joinable && thread->born == sought->born) {
		let_go(thread);
	}
	fl_leave(mask);
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
	struct sought sought = seek(id);
	int rc = fl_sys_real_join(id, result);

	if (!rc)
		joined(&sought);
	return rc;
}

FL_PUBLIC int pthread_tryjoin_np(pthread_t id, void **result)
{
	struct sought sought = seek(id);
	int rc = fl_sys_real_tryjoin(id, result);

	if (!rc)
		joined(&sought);
	return rc;
}

FL_PUBLIC int pthread_timedjoin_np(pthread_t id, void **result, const struct timespec *until)
{
	struct sought sought = seek(id);
	int rc = fl_sys_real_timedjoin(id, result, until);

	if (!rc)
		joined(&sought);
	return rc;
}

FL_PUBLIC int pthread_clockjoin_np(pthread_t id, void **result, clockid_t clock, const struct timespec *until)
{
	struct sought sought = seek(id);
	int rc = fl_sys_real_clockjoin(id, result, clock, until);

	if (!rc)
		joined(&sought);
	return rc;
}

FL_PUBLIC int thrd_join(thrd_t id, int *result)
{
	struct sought sought = seek(id);
	int rc = fl_sys_real_thrd_join(id, result);

	if (rc == thrd_success)
		joined(&sought);
	return rc;
}

FL_PUBLIC int pthread_detach(pthread_t id)
{
	struct sought sought = seek(id);
	int rc = fl_sys_real_detach(id);

	if (!rc)
		detached(&sought);
	return rc;
}

FL_PUBLIC int thrd_detach(thrd_t id)
{
	struct sought sought = seek(id);
	int rc = fl_sys_real_thrd_detach(id);

	if (rc == thrd_success)
		detached(&sought);
	return rc;
}
