/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * lock.c: locks as reports speak of them, and which of them a thread holds.
 *
 * A lock is a record in a table that only grows, found by its address through hash chains. Chains are read
 * without a lock: a record's memory stays, its `next` is always some record's number, and who misses one
 * because it was moved meanwhile looks again under the runtime's lock, which guards every change.
 *
 * Before there is a second thread nothing is looked up: the locks held are known by their address alone.
 */
#include "race/lock.h"

#include "core/arena.h"
#include "core/core.h"
#include "race/caller.h"
#include "race/intercept/openmp.h"

#define LOCK_BUCKETS (1u << 14)

struct lock_record {
	struct fl_race_lock lock;
	uint32_t next;        /* in the bucket, or in the free list; 0: last */
	uint32_t was_held;    /* locksets may name it: its number is never given to another */
	uint32_t holder;      /* index + 1 of the last thread that had it for writing */
	uint64_t holder_born; /* fl_thread.born of that */
};

/* What a thread holds, oldest first. A lock beyond the limit is in force, and in no report. */
struct lock_held {
	uintptr_t address; /* 0: being written, or gone */
	uint32_t uid;      /* 0: not in the lockset */
	uint16_t times;
	bool write;
};
struct lock_list {
	uint32_t count;
	struct lock_held held[FL_LOCKSET_LIMIT];
};

static struct fl_table lock_records = {.element_bytes = sizeof(struct lock_record)};
static struct fl_table lock_lists = {.element_bytes = sizeof(struct lock_list)};
static uint32_t lock_count, lock_free, lock_buckets[LOCK_BUCKETS];
static __thread struct lock_list *lock_mine;

static struct lock_record *lock_at(uint32_t uid)
{
	return fl_table_at(&lock_records, uid);
}

const struct fl_race_lock *fl_race_lock(uint32_t uid)
{
	struct lock_record *record = uid ? lock_at(uid) : NULL;

	return record ? &record->lock : NULL;
}

static uint32_t *lock_bucket(uintptr_t address)
{
	return &lock_buckets[((uint64_t)address >> 3) * 0x9e3779b97f4a7c15u >> 50];
}

static uint32_t lock_find(uintptr_t address)
{
	uint32_t uid = __atomic_load_n(lock_bucket(address), __ATOMIC_ACQUIRE);

	while (uid) {
		const struct lock_record *record = lock_at(uid);

		if (__atomic_load_n(&record->lock.address, __ATOMIC_RELAXED) == address &&
			!__atomic_load_n(&record->lock.destroyed, __ATOMIC_RELAXED))
			return uid;
		uid = __atomic_load_n(&record->next, __ATOMIC_ACQUIRE);
	}
	return 0;
}

/* With the runtime's lock held, as the rest of this part. */
static uint32_t lock_make(uintptr_t address, uint32_t context)
{
	uint32_t *bucket = lock_bucket(address), uid = lock_free ? lock_free : lock_count + 1;
	struct lock_record *record = fl_table_make(&lock_records, uid);

	if (!record)
		return 0;
	if (lock_free)
		lock_free = record->next;
	else
		lock_count++;
	record->lock.uid = uid;
	__atomic_store_n(&record->lock.address, address, __ATOMIC_RELAXED);
	record->lock.created = context;
	__atomic_store_n(&record->lock.destroyed, false, __ATOMIC_RELAXED);
	__atomic_store_n(&record->next, *bucket, __ATOMIC_RELEASE);
	__atomic_store_n(bucket, uid, __ATOMIC_RELEASE);
	return uid;
}

static void lock_drop(uintptr_t address)
{
	uint32_t *link = lock_bucket(address), uid = lock_find(address);
	struct lock_record *record;

	if (!uid)
		return;
	while (*link != uid)
		link = &lock_at(*link)->next;
	record = lock_at(uid);
	__atomic_store_n(link, record->next, __ATOMIC_RELEASE);
	__atomic_store_n(&record->lock.destroyed, true, __ATOMIC_RELAXED);
	if (record->was_held)
		return;
	record->next = lock_free;
	lock_free = uid;
}

static uint32_t lock_find_or_make(uintptr_t address, const void *pc)
{
	uint32_t uid = lock_find(address), context;
	uint64_t mask;

	if (uid)
		return uid;
	context = fl_context_here(pc, NULL, 0, 0);
	mask = fl_enter();
	uid = lock_find(address);
	if (!uid)
		uid = lock_make(address, context);
	fl_leave(mask);
	return uid;
}

/* The number, marked as one that reports may name from now on. */
static uint32_t lock_name(uintptr_t address, bool write, const void *pc)
{
	uint32_t uid = lock_find_or_make(address, pc);
	struct lock_record *record = uid ? lock_at(uid) : NULL;

	if (!record)
		return 0;
	if (!record->was_held)
		__atomic_store_n(&record->was_held, 1, __ATOMIC_RELAXED);
	if (write) {
		record->holder = fl_race_self_thread->core->index + 1;
		record->holder_born = fl_race_self_thread->core->born;
	}
	return uid;
}

/* ---- what a thread holds ---- */

static struct lock_held *held_find(uintptr_t address)
{
	for (uint32_t i = lock_mine ? lock_mine->count : 0; i-- > 0;)
		if (lock_mine->held[i].address == address)
			return &lock_mine->held[i];
	return NULL;
}

/* The place is taken first, so that a signal handler which locks and unlocks does so behind it. */
static struct lock_held *held_push(uintptr_t address, bool write)
{
	struct lock_held *held;

	if (!lock_mine || lock_mine->count == FL_LOCKSET_LIMIT)
		return NULL;
	held = &lock_mine->held[lock_mine->count++];
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	held->uid = 0;
	held->times = 1;
	held->write = write;
	held->address = address;
	return held;
}

static void held_remove(struct lock_held *held)
{
	struct lock_held *last = &lock_mine->held[lock_mine->count - 1];

	for (; held < last; held++)
		*held = held[1];
	last->address = 0;
	lock_mine->count--;
}

static void held_name(struct lock_held *held, const void *pc)
{
	held->uid = lock_name(held->address, held->write, pc);
	if (held->uid)
		fl_race_self_thread->lockset = fl_lockset_with(
			fl_race_self_thread->lockset, (struct fl_held_lock){held->uid, held->write});
}

/* ---- what interceptors say ---- */

void fl_lock_created(const volatile void *lock, const void *pc)
{
	FL_RACE_INSIDE
	{
		uint32_t context = fl_context_here(pc, NULL, 0, 0);
		uint64_t mask = fl_enter();

		lock_drop((uintptr_t)lock);
		lock_make((uintptr_t)lock, context);
		fl_leave(mask);
	}
}

void fl_lock_taken(const volatile void *lock, enum fl_lock_mode mode, const void *pc)
{
	bool write = mode != FL_LOCK_READ;
	struct lock_held *held;

	if (!fl_race_self_thread)
		return;
	held = held_find((uintptr_t)lock);
	if (held) {
		held->times++;
	} else {
		held = held_push((uintptr_t)lock, write);
		if (held && fl_race_concurrent)
			FL_RACE_INSIDE held_name(held, pc);
	}
	/* Its own locks are no order of the program's: a thread that it puts to sleep has learnt nothing. */
	if (!fl_race_concurrent || (fl_omp_present && fl_caller_of(pc) == FL_CALLER_OPENMP))
		return;
	FL_RACE_INSIDE fl_sync_taken(lock, mode == FL_LOCK_MUTEX   ? FL_SYNC_ALONE
					   : mode == FL_LOCK_WRITE ? FL_SYNC_WRITE
								   : FL_SYNC_READ);
}

bool fl_lock_giving(const volatile void *lock)
{
	struct lock_held *held;
	bool read, had;

	if (!fl_race_self_thread)
		return false;
	held = held_find((uintptr_t)lock);
	had = held;
	read = held && !held->write;
	if (held && --held->times == 0) {
		if (held->uid)
			FL_RACE_INSIDE fl_race_self_thread->lockset =
				fl_lockset_without(fl_race_self_thread->lockset, held->uid);
		held_remove(held);
	}
	if (fl_race_concurrent)
		FL_RACE_INSIDE fl_sync_giving(lock, read ? FL_SYNC_READ : FL_SYNC_ALONE, had);
	return had;
}

void fl_lock_inherited(const volatile void *lock)
{
	if (fl_race_concurrent)
		FL_RACE_INSIDE
		{
			uint32_t uid = lock_find((uintptr_t)lock);
			const struct lock_record *record = uid ? lock_at(uid) : NULL;
			const struct fl_thread *holder =
				record && record->holder ? fl_threads_at(record->holder - 1) : NULL;
			struct fl_race_thread *dead = holder && holder->born == record->holder_born
							      ? fl_race_thread_of(holder)
							      : NULL;

			if (dead)
				fl_race_thread_joined(dead);
		}
}

void fl_lock_destroyed(const volatile void *lock, size_t size)
{
	FL_RACE_INSIDE
	{
		uint64_t mask;

		if (lock_find((uintptr_t)lock)) {
			mask = fl_enter();
			lock_drop((uintptr_t)lock);
			fl_leave(mask);
		}
		fl_sync_forget(lock, size);
	}
}

/* ---- hooks ---- */

bool fl_lock_prepare(const struct fl_thread *thread)
{
	struct lock_list *list = fl_table_make(&lock_lists, thread->index);

	if (list)
		list->count = 0;
	return list;
}

void fl_lock_start(const struct fl_thread *thread)
{
	lock_mine = fl_table_at(&lock_lists, thread->index);
}

/* Under the runtime's lock: a lock without a record gets one here. */
void fl_lock_first_birth(void)
{
	for (uint32_t i = 0; lock_mine && i < lock_mine->count; i++) {
		struct lock_held *held = &lock_mine->held[i];

		if (held->address && !held->uid && !lock_find(held->address))
			lock_make(held->address, 0);
		if (held->address && !held->uid)
			held_name(held, NULL);
	}
}

void fl_lock_joined(const struct fl_thread *thread)
{
	struct lock_list *list = fl_table_at(&lock_lists, thread->index);

	for (uint32_t i = 0; list && i < list->count; i++)
		if (list->held[i].address)
			fl_sync_release((const void *)list->held[i].address);
	if (list)
		list->count = 0;
}

/* The locks that other threads held stay locked for ever, as in the C library. */
void fl_lock_fork_child(const struct fl_thread *self)
{
	lock_mine = self ? fl_table_at(&lock_lists, self->index) : NULL;
}
