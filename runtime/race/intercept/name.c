/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * name.c: what a thread is called, by itself or by another.
 */
#include "race/intercept.h"
#include "race/race.h"

FL_INTERCEPT(int, pthread_setname_np, __pthread_setname_np, (pthread_t id, const char *name))
{
	int rc = FL_REAL(pthread_setname_np)(id, name);
	const struct fl_thread *thread;
	struct fl_race_thread *known;
	uint64_t mask;

	if (rc || !fl_race_self_thread)
		return rc;
	mask = fl_enter();
	thread = fl_threads_by_pthread((uintptr_t)id);
	known = thread ? fl_race_thread_of(thread) : NULL;
	if (known)
		for (size_t i = 0; i < sizeof(known->person->name); i++) {
			known->person->name[i] = name[i];
			if (!name[i])
				break;
		}
	fl_leave(mask);
	return rc;
}
