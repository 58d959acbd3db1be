/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * barrier.c: barriers. All that arrive in a round release, all that leave it acquire.
 *
 * Two rounds in turn use two places of the barrier, so that a thread which is slow to leave does not get what
 * a fast one released for the next round. The round is told by counting arrivals, which is right as long as
 * no more threads take part than a round has: once another one comes ("loose"), everybody acquires from both
 * places.
 *
 * pthread_barrier_destroy may follow at once when the last one has left the C library's function, and that is
 * before it has left ours: it waits for those who are inside.
 */
#include "race/cell.h"
#include "race/intercept.h"
#include "race/misuse.h"

#include "core/arena.h"

#include <sched.h>

#define BARRIER_BUCKETS 64
#define BARRIER_CROWD   (1u << 17) /* more take part in no round that is told */

struct barrier {
	uintptr_t address; /* 0: not in use */
	struct barrier *next;
	uint32_t count; /* of a round */
	uint64_t arrivals;
	uint32_t inside;
	bool loose;
	/* A hash set of uid + 1, at least twice as large as a round. */
	uint32_t *participants, capacity, known;
};

/* Records are never freed, only used again: chains are read without a lock, and changed under the runtime's.
 */
static struct barrier *barrier_buckets[BARRIER_BUCKETS];

static struct barrier **barrier_bucket(uintptr_t address)
{
	return &barrier_buckets[((uint64_t)address >> 3) * 0x9e3779b97f4a7c15u >> 58];
}

static struct barrier *barrier_find(uintptr_t address)
{
	struct barrier *each = __atomic_load_n(barrier_bucket(address), __ATOMIC_ACQUIRE);

	while (each && __atomic_load_n(&each->address, __ATOMIC_ACQUIRE) != address)
		each = each->next;
	return each;
}

static struct barrier *barrier_take(uintptr_t address)
{
	struct barrier **bucket = barrier_bucket(address), *barrier = barrier_find(address);

	for (struct barrier *each = *bucket; each && !barrier; each = each->next)
		if (!each->address)
			barrier = each;
	if (barrier)
		return barrier;
	barrier = fl_arena_take(sizeof(*barrier));
	if (!barrier)
		return NULL;
	barrier->next = *bucket;
	__atomic_store_n(bucket, barrier, __ATOMIC_RELEASE);
	return barrier;
}

static void barrier_make_participants(struct barrier *barrier, unsigned count)
{
	fl_pool_give(barrier->participants, barrier->capacity * sizeof(uint32_t));
	for (barrier->capacity = 8;
		barrier->capacity < (uint64_t)count * 2 && barrier->capacity < BARRIER_CROWD;)
		barrier->capacity *= 2;
	barrier->participants = fl_pool_take(barrier->capacity * sizeof(uint32_t));
	if (!barrier->participants)
		barrier->capacity = 0;
	for (uint32_t i = 0; i < barrier->capacity; i++)
		barrier->participants[i] = 0;
	barrier->known = 0;
	barrier->loose = barrier->capacity < (uint64_t)count * 2;
}

static void barrier_begin(pthread_barrier_t *address, unsigned count)
{
	uint64_t mask = fl_enter();
	struct barrier *barrier = barrier_take((uintptr_t)address);

	if (barrier) {
		barrier->count = count;
		barrier->arrivals = 0;
		barrier_make_participants(barrier, count);
		__atomic_store_n(&barrier->address, (uintptr_t)address, __ATOMIC_RELEASE);
	}
	fl_leave(mask);
}

/* Whether the thread is one of as many as a round has. */
static bool barrier_knows(struct barrier *barrier, uint32_t uid)
{
	uint32_t at = uid * 2654435761u;

	for (uint32_t i = 0; i < barrier->capacity; i++) {
		uint32_t *member = &barrier->participants[(at + i) & (barrier->capacity - 1)], seen = 0;

		if (__atomic_compare_exchange_n(
			    member, &seen, uid + 1, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
			return __atomic_add_fetch(&barrier->known, 1, __ATOMIC_ACQ_REL) <= barrier->count;
		if (seen == uid + 1)
			return true;
	}
	return false;
}

static const volatile char *barrier_place(const pthread_barrier_t *address, uint64_t round)
{
	return (const volatile char *)address + 8 * (round & 1);
}

static uint64_t barrier_arrive(struct barrier *barrier, pthread_barrier_t *address)
{
	uint64_t round;

	__atomic_fetch_add(&barrier->inside, 1, __ATOMIC_ACQ_REL);
	if (!__atomic_load_n(&barrier->loose, __ATOMIC_ACQUIRE) &&
		!barrier_knows(barrier, fl_race_self_thread->person->uid))
		__atomic_store_n(&barrier->loose, true, __ATOMIC_RELEASE);
	round = __atomic_fetch_add(&barrier->arrivals, 1, __ATOMIC_ACQ_REL) / barrier->count;
	FL_RACE_INSIDE fl_sync_release(barrier_place(address, round));
	return round;
}

static void barrier_leave(struct barrier *barrier, pthread_barrier_t *address, uint64_t round)
{
	FL_RACE_INSIDE
	{
		fl_sync_acquire(barrier_place(address, round));
		if (__atomic_load_n(&barrier->loose, __ATOMIC_ACQUIRE))
			fl_sync_acquire(barrier_place(address, round + 1));
	}
	__atomic_fetch_sub(&barrier->inside, 1, __ATOMIC_ACQ_REL);
}

/* Whether threads are in a round that is not full: those that only leave one are no harm. */
static bool barrier_check_waiters(pthread_barrier_t *address, const char *verb, const void *pc)
{
	struct barrier *known = fl_race_self_thread ? barrier_find((uintptr_t)address) : NULL;

	if (!known || !__atomic_load_n(&known->inside, __ATOMIC_ACQUIRE) ||
		__atomic_load_n(&known->arrivals, __ATOMIC_ACQUIRE) % known->count == 0)
		return false;
	fl_misuse_in_use(FL_WAIT_BARRIER, address, verb, pc);
	return true;
}

FL_INTERCEPT(int, pthread_barrier_init, ___pthread_barrier_init,
	(pthread_barrier_t * barrier, const pthread_barrierattr_t *attr, unsigned count))
{
	int rc;

	barrier_check_waiters(barrier, "Initialized", FL_HERE);
	fl_sys_set_mark(FL_SYS_BARRIER, barrier, false);
	rc = FL_REAL(pthread_barrier_init)(barrier, attr, count);
	if (!rc)
		FL_RACE_INSIDE barrier_begin(barrier, count);
	return rc;
}

FL_INTERCEPT(int, pthread_barrier_wait, ___pthread_barrier_wait, (pthread_barrier_t * barrier))
{
	struct barrier *known =
		fl_race_self_thread && fl_race_concurrent ? barrier_find((uintptr_t)barrier) : NULL;
	struct fl_wait wait = {.what = FL_WAIT_BARRIER, .object = barrier}, before;
	uint64_t round;
	int rc;

	fl_misuse_mark_check(FL_SYS_BARRIER, barrier, FL_HERE);
	if (!known)
		return FL_REAL(pthread_barrier_wait)(barrier);
	FL_RACE_INSIDE wait.context = fl_context_of_step(FL_HERE, NULL);
	fl_wait_begin(&wait, &before);
	round = barrier_arrive(known, barrier);
	rc = FL_REAL(pthread_barrier_wait)(barrier);
	fl_wait_end(&before);
	barrier_leave(known, barrier, round);
	return rc;
}

FL_INTERCEPT(int, pthread_barrier_destroy, __pthread_barrier_destroy, (pthread_barrier_t * barrier))
{
	struct barrier *known;
	bool waited;
	int rc;

	fl_misuse_mark_check(FL_SYS_BARRIER, barrier, FL_HERE);
	waited = barrier_check_waiters(barrier, "Destroyed", FL_HERE);
	rc = FL_REAL(pthread_barrier_destroy)(barrier);
	known = fl_race_self_thread && !rc ? barrier_find((uintptr_t)barrier) : NULL;
	if (!rc && fl_race_self_thread && !waited)
		fl_sys_set_mark(FL_SYS_BARRIER, barrier, true);
	if (!known || waited)
		return rc;
	while (__atomic_load_n(&known->inside, __ATOMIC_ACQUIRE))
		sched_yield();
	FL_RACE_INSIDE fl_sync_forget(barrier, sizeof(*barrier));
	__atomic_store_n(&known->address, 0, __ATOMIC_RELEASE);
	return rc;
}
