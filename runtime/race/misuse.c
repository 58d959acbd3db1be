/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * misuse.c: misuse.h. Interceptors come here only where something is odd already, so nothing here needs to be
 * quick. What is said rests on the C library's own state or on what a thread is known to hold; where neither
 * is sure nothing is said.
 */
#include "race/misuse.h"

#include "core/options.h"
#include "core/print.h"
#include "race/finding.h"

#include <string.h>

static uint32_t misuse_self(void)
{
	return fl_race_self_thread->person->uid;
}

/* "Unlocked here by thread T2". */
static void misuse_first(
	struct fl_finding *finding, const volatile void *object, uint32_t context, const char *did)
{
	finding->address = (uintptr_t)object;
	fl_finding_step(finding, context, misuse_self(), "%s here by %s", did, fl_who(misuse_self()).text);
	if (fl_lock_uid(object))
		fl_finding_lock(finding, fl_lock_uid(object));
}

static void misuse_holder(struct fl_finding *finding, const struct fl_lock_holder *holder)
{
	if (holder->context)
		fl_finding_step(finding, holder->context, holder->thread, "Locked here%s by %s",
			holder->write ? "" : " for reading", fl_who(holder->thread).text);
	else
		fl_finding_thread(finding, holder->thread);
}

/* A report of one thing that a lock's user did, and of who holds the lock, if anybody. */
static void misuse_report_at(const char *kind, const volatile void *lock, const char *did,
	const struct fl_lock_holder *holder, const char *says, uint32_t context)
{
	struct fl_finding finding;

	if (!fl_finding_begin(&finding, kind, context))
		return;
	fl_finding_say(&finding, "%s %s", did, fl_lock_name(lock).text);
	fl_finding_say(&finding, says, holder ? fl_who(holder->thread).text : "");
	misuse_first(&finding, lock, context, did);
	if (holder)
		misuse_holder(&finding, holder);
	fl_finding_report(&finding);
}

static void misuse_report(const char *kind, const volatile void *lock, const char *did,
	const struct fl_lock_holder *holder, const char *says, const void *pc)
{
	misuse_report_at(kind, lock, did, holder, says, fl_context_of_step(pc, NULL));
}

/* ---- mutexes, read-write locks, spin locks ----------------------------------------------------------------
 */

/* Whether it is locked at all is known by who holds it. */
static void misuse_unlock_other(const volatile void *lock, const void *pc)
{
	struct fl_lock_holder holder;

	if (fl_lock_find_holder(lock, &holder))
		misuse_report("mutex-bad-unlock", lock, "Unlocked", &holder, ", which %s holds", pc);
	else
		misuse_report("mutex-bad-unlock", lock, "Unlocked", NULL, ", which it does not hold", pc);
}

static void misuse_unlock_mutex(const volatile void *mutex, const void *pc)
{
	int32_t owner = fl_sys_mutex_owner(mutex);

	if (!fl_sys_mutex_is_valid(mutex))
		misuse_report(
			"mutex-invalid-access", mutex, "Unlocked", NULL, ", which is none, or no more", pc);
	else if (!fl_sys_mutex_is_locked(mutex))
		misuse_report("mutex-bad-unlock", mutex, "Unlocked", NULL, ", which is not locked", pc);
	else if (owner && owner != fl_race_self_thread->person->tid)
		misuse_unlock_other(mutex, pc);
}

/* Readers are counted, and only their own threads know more. */
static void misuse_unlock_rwlock(const volatile void *lock, const void *pc)
{
	struct fl_lock_holder holder;
	int32_t writer = fl_sys_rwlock_writer(lock);

	if (!writer && !fl_sys_rwlock_readers(lock))
		misuse_report("mutex-bad-unlock", lock, "Unlocked", NULL, ", which is not locked", pc);
	else if (writer != fl_race_self_thread->person->tid && fl_lock_find_holder(lock, &holder))
		misuse_report("mutex-bad-unlock", lock, "Unlocked", &holder, ", which %s holds", pc);
}

void fl_misuse_unlock(const volatile void *lock, enum fl_lock_mode mode, const void *pc)
{
	if (!fl_race_self_thread || !fl_lock_knows_all())
		return;
	FL_RACE_INSIDE
	switch (mode) {
	case FL_LOCK_MUTEX:
		misuse_unlock_mutex(lock, pc);
		break;
	case FL_LOCK_READ:
	case FL_LOCK_WRITE:
		if (!fl_sys_is_marked(FL_SYS_RWLOCK, (volatile void *)(uintptr_t)lock))
			misuse_unlock_rwlock(lock, pc);
		break;
	case FL_LOCK_SPIN:
	case FL_LOCK_OTHER:
		misuse_unlock_other(lock, pc);
		break;
	case FL_LOCK_KIND:
	case FL_LOCK_TRIED:
		break;
	}
}

void fl_misuse_bad_mode(const volatile void *lock, bool held_for_write, const void *pc)
{
	struct fl_lock_holder holder;

	if (!fl_race_self_thread)
		return;
	FL_RACE_INSIDE
	if (fl_lock_is_mine(lock, &holder))
		misuse_report(held_for_write ? "mutex-bad-read-unlock" : "mutex-bad-unlock", lock,
			held_for_write ? "Given back by a reader" : "Given back by a writer", &holder,
			", held in the other way by %s", pc);
}

void fl_misuse_no_lock_here(const void *pc)
{
	struct fl_lock_holder holder;
	const volatile void *lock = fl_race_self_thread ? fl_lock_held_within(NULL, SIZE_MAX) : NULL;

	if (!lock)
		return;
	FL_RACE_INSIDE
	if (fl_lock_is_mine(lock, &holder))
		misuse_report("mutex-held-in-wrong-context", lock, "Held", &holder,
			", by %s, where none may be", pc);
}

void fl_misuse_double_lock(const volatile void *lock, unsigned mode, const void *pc)
{
	struct fl_lock_holder holder;
	bool read = (mode & FL_LOCK_KIND) == FL_LOCK_READ;

	if (!fl_race_self_thread)
		return;
	/* Who has it told counts on that. */
	if ((mode & FL_LOCK_KIND) == FL_LOCK_MUTEX && fl_sys_mutex_checks(lock) &&
		!fl_options.report_failed_calls)
		return;
	FL_RACE_INSIDE
	if (fl_lock_is_mine(lock, &holder))
		misuse_report(read && holder.write ? "mutex-bad-read-lock" : "mutex-double-lock", lock,
			read ? "Locked for reading" : "Locked", &holder,
			", which the same thread holds already", pc);
}

void fl_lock_refused(int rc, const volatile void *lock, unsigned mode, const void *pc)
{
	if (rc == EBUSY || rc == ETIMEDOUT || rc == EAGAIN || !fl_race_self_thread)
		return;
	if ((mode & FL_LOCK_KIND) == FL_LOCK_MUTEX && !fl_sys_mutex_is_valid(lock))
		FL_RACE_INSIDE misuse_report(
			"mutex-invalid-access", lock, "Locked", NULL, ", which is none, or no more", pc);
	else if (rc == EDEADLK)
		fl_misuse_double_lock(lock, mode, pc);
	else
		fl_misuse_failed(rc, lock, pc);
}

static void misuse_gone(const volatile void *lock, const char *did, uint32_t context)
{
	struct fl_lock_holder holder;

	if (!fl_lock_find_holder(lock, &holder))
		return;
	misuse_report_at("locked-mutex-destroy", lock, did, &holder,
		holder.ended ? ", which %s held at its end" : ", which %s holds", context);
}

void fl_misuse_destroy(const volatile void *lock, const void *pc)
{
	if (fl_race_self_thread)
		FL_RACE_INSIDE misuse_gone(lock, "Destroyed", fl_context_of_step(pc, NULL));
}

void fl_misuse_destroy_invalid(const volatile void *mutex, const void *pc)
{
	if (fl_race_self_thread)
		FL_RACE_INSIDE
	misuse_report("mutex-invalid-access", mutex, "Destroyed", NULL, ", which is none, or no more", pc);
}

/* Its last moment: nobody else can give the lock back any more. */
void fl_misuse_freed(const volatile void *block, size_t size, const void *pc, const void *caller)
{
	const volatile void *lock = fl_race_self_thread ? fl_lock_held_within(block, size) : NULL;

	if (lock)
		FL_RACE_INSIDE misuse_gone(lock, "Freed the memory of", fl_context_of_step(pc, caller));
}

void fl_misuse_init(const volatile void *lock, const void *pc)
{
	struct fl_lock_holder holder;

	if (!fl_race_self_thread)
		return;
	FL_RACE_INSIDE
	if (fl_lock_uid(lock) && fl_lock_find_holder(lock, &holder) && !holder.ended)
		misuse_report("mutex-reinit", lock, "Initialized", &holder, ", which %s holds", pc);
}

void fl_lock_check_time(const volatile void *lock, uint32_t context, uint32_t since_ms, const void *pc)
{
	uint32_t held_ms = (uint32_t)fl_sys_now_ms() - since_ms;
	struct fl_finding finding;

	if (held_ms <= (uint32_t)fl_options.lock_held_ms)
		return;
	FL_RACE_INSIDE
	{
		uint32_t here = fl_context_of_step(pc, NULL);

		if (fl_finding_begin(&finding, "mutex-held-too-long", context ? context : here)) {
			fl_finding_say(&finding, "%s held %s for %u ms, more than lock_held_ms=%d",
				fl_who(misuse_self()).text, fl_lock_name(lock).text, held_ms,
				fl_options.lock_held_ms);
			misuse_first(&finding, lock, here, "Given back");
			misuse_holder(
				&finding, &(struct fl_lock_holder){misuse_self(), 0, context, true, false});
			fl_finding_report(&finding);
		}
	}
}

/* ---- conditions
 * -------------------------------------------------------------------------------------------- */

void fl_misuse_cond(const volatile void *cond, const void *pc)
{
	struct fl_finding finding;

	if (!fl_race_self_thread)
		return;
	FL_RACE_INSIDE
	{
		uint32_t context = fl_context_of_step(pc, NULL);

		if (fl_finding_begin(&finding, "cond-invalid-access", context)) {
			fl_finding_say(&finding, "The condition variable at 0x%lx was destroyed before",
				(uintptr_t)cond);
			misuse_first(&finding, cond, context, "Used");
			fl_finding_report(&finding);
		}
	}
}

/* The mutex that each condition was last waited on with: a different one now is worth a look at who waits. */
#define COND_LAST_LOG2 FL_TINY(10, 1)
static struct {
	const volatile void *cond, *mutex;
} cond_last[1 << COND_LAST_LOG2];

static bool cond_changes_mutex(const volatile void *cond, const volatile void *mutex)
{
	uint64_t at = (uint64_t)(uintptr_t)cond * 0x9e3779b97f4a7c15u >> (64 - COND_LAST_LOG2);
	bool changes = cond_last[at].cond == cond && cond_last[at].mutex != mutex;

	if (cond_last[at].mutex != mutex)
		cond_last[at].mutex = mutex;
	if (cond_last[at].cond != cond)
		cond_last[at].cond = cond;
	return changes;
}

static void cond_two_mutexes(const volatile void *cond, const volatile void *mutex, const void *pc)
{
	struct fl_finding finding;
	uint32_t thread, other, context = fl_context_of_step(pc, NULL);

	if (!fl_wait_find(FL_WAIT_CONDITION, cond, mutex, &thread, &other) ||
		!fl_finding_begin(&finding, "cond-wrong-mutex", context))
		return;
	fl_finding_say(&finding,
		"The condition variable at 0x%lx is waited on with %s, and by %s with another mutex",
		(uintptr_t)cond, fl_lock_name(mutex).text, fl_who(thread).text);
	misuse_first(&finding, cond, context, "Waited on");
	fl_finding_step(
		&finding, other, thread, "Waited on here with another mutex by %s", fl_who(thread).text);
	fl_finding_report(&finding);
}

void fl_misuse_wait(const volatile void *cond, const volatile void *mutex, bool is_mine, const void *pc)
{
	struct fl_lock_holder holder;
	int32_t owner;

	if (fl_sys_cond_is_destroyed(cond))
		fl_misuse_cond(cond, pc);
	if (cond_changes_mutex(cond, mutex))
		FL_RACE_INSIDE cond_two_mutexes(cond, mutex, pc);
	if (is_mine || !fl_lock_knows_all())
		return;
	owner = fl_sys_mutex_owner(mutex);
	if (fl_sys_mutex_is_locked(mutex) && (!owner || owner == fl_race_self_thread->person->tid))
		return;
	FL_RACE_INSIDE
	misuse_report("cond-wrong-mutex", mutex, "Waited on a condition variable with",
		fl_sys_mutex_is_locked(mutex) && fl_lock_find_holder(mutex, &holder) ? &holder : NULL,
		fl_sys_mutex_is_locked(mutex) ? ", which another thread holds" : ", which is not locked", pc);
}

/* ---- what threads wait at
 * ------------------------------------------------------------------------------------
 */

void fl_misuse_in_use(enum fl_wait_what what, const volatile void *object, const char *verb, const void *pc)
{
	static const char *const kinds[][2] = {
		[FL_WAIT_CONDITION] = {"cond-in-use", "condition variable"},
		[FL_WAIT_BARRIER] = {"barrier-in-use", "barrier"},
		[FL_WAIT_SEMAPHORE] = {"semaphore-in-use", "semaphore"},
	};
	struct fl_finding finding;
	uint32_t thread, other, context;

	if (!fl_race_self_thread || !fl_race_concurrent)
		return;
	FL_RACE_INSIDE
	{
		context = fl_context_of_step(pc, NULL);
		if (fl_wait_find(what, object, NULL, &thread, &other) &&
			fl_finding_begin(&finding, kinds[what][0], context)) {
			fl_finding_say(&finding, "%s waits at the %s at 0x%lx", fl_who(thread).text,
				kinds[what][1], (uintptr_t)object);
			misuse_first(&finding, object, context, verb);
			fl_finding_step(&finding, other, thread, "Waited at here by %s", fl_who(thread).text);
			fl_finding_report(&finding);
		}
	}
}

void fl_misuse_destroyed(enum fl_sys_markable kind, volatile void *object, const void *pc)
{
	static const char *const kinds[][2] = {
		[FL_SYS_RWLOCK] = {"mutex-invalid-access", "read-write lock"},
		[FL_SYS_SEMAPHORE] = {"semaphore-invalid-access", "semaphore"},
		[FL_SYS_BARRIER] = {"barrier-invalid-access", "barrier"},
	};
	struct fl_finding finding;
	uint32_t context;

	if (!fl_race_self_thread)
		return;
	FL_RACE_INSIDE
	{
		context = fl_context_of_step(pc, NULL);
		if (fl_finding_begin(&finding, kinds[kind][0], context)) {
			fl_finding_say(&finding, "The %s at 0x%lx was destroyed before", kinds[kind][1],
				(uintptr_t)object);
			misuse_first(&finding, object, context, "Used");
			fl_finding_report(&finding);
		}
	}
}

void fl_misuse_failed(int rc, const volatile void *object, const void *pc)
{
	struct fl_finding finding;
	uint32_t context;

	if (!fl_options.report_failed_calls || !rc || !fl_race_self_thread)
		return;
	FL_RACE_INSIDE
	{
		context = fl_context_of_step(pc, NULL);
		if (fl_finding_begin(&finding, "pthread-call-failed", context)) {
			fl_finding_say(&finding, "It returned %d: %s", rc, fl_print_error(rc));
			misuse_first(&finding, object, context, "Called");
			fl_finding_report(&finding);
		}
	}
}
