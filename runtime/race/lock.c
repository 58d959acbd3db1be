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
#include "race/lock_list.h"

#include "core/arena.h"
#include "core/core.h"
#include "core/options.h"
#include "core/print.h"
#include "race/caller.h"
#include "race/held.h"
#include "race/intercept/openmp.h"
#include "race/misuse.h"

#define LOCK_BUCKETS (1u << 14)
#define LOCK_LIMIT   (1u << 18) /* of locks that were ever held, as their numbers last */

struct lock_record {
	struct fl_race_lock lock;
	uint32_t next;        /* in the bucket, or in the free list; 0: last */
	uint32_t was_held;    /* locksets may name it: its number is never given to another */
	uint32_t holder;      /* index + 1 of the last thread that had it for writing */
	uint64_t holder_born; /* fl_thread.born of that */
};

static struct fl_table lock_records = {.element_bytes = sizeof(struct lock_record)};
static struct fl_table lock_lists = {.element_bytes = sizeof(struct lock_list)};
static uint32_t lock_count, lock_free, lock_buckets[LOCK_BUCKETS];
__thread struct lock_list *fl_lock_mine;

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
	struct lock_record *record = uid < LOCK_LIMIT ? fl_table_make(&lock_records, uid) : NULL;

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

static uint32_t lock_find_or_make(uintptr_t address, uint32_t context)
{
	uint32_t uid = lock_find(address);
	uint64_t mask;

	if (uid)
		return uid;
	mask = fl_enter();
	uid = lock_find(address);
	if (!uid)
		uid = lock_make(address, context);
	fl_leave(mask);
	return uid;
}

/* The number, marked as one that reports may name from now on. */
static uint32_t lock_name(uintptr_t address, bool write, uint32_t context)
{
	uint32_t uid = lock_find_or_make(address, context);
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

struct lock_held *fl_lock_held_in(struct lock_list *list, uintptr_t address)
{
	for (uint32_t i = list ? list->count : 0; i-- > 0;)
		if (list->held[i].address == address)
			return &list->held[i];
	return NULL;
}

/* The place is taken first, so that a signal handler which locks and unlocks does so behind it. */
static struct lock_held *held_push(uintptr_t address, unsigned mode)
{
	struct lock_held *held;

	if (!fl_lock_mine)
		return NULL;
	if (fl_lock_mine->count == FL_LOCKSET_LIMIT) {
		fl_lock_mine->beyond++;
		return NULL;
	}
	held = &fl_lock_mine->held[fl_lock_mine->count++];
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	held->uid = held->context = 0;
	held->times = 1;
	held->write = (mode & FL_LOCK_KIND) != FL_LOCK_READ;
	held->mutex = (mode & FL_LOCK_KIND) == FL_LOCK_MUTEX;
	held->robust = held->mutex && fl_sys_mutex_is_robust((const void *)address);
	if (__builtin_expect(fl_options.lock_held_ms, 0))
		held->since_ms = (uint32_t)fl_sys_now_ms();
	held->address = address;
	return held;
}

static void held_remove(struct lock_held *held)
{
	struct lock_held *last = &fl_lock_mine->held[fl_lock_mine->count - 1];

	for (; held < last; held++)
		*held = held[1];
	last->address = 0;
	fl_lock_mine->count--;
}

static void held_name(struct lock_held *held, unsigned mode, uint32_t context)
{
	struct fl_race_thread *self = fl_race_self_thread;
	uint32_t before = self->lockset;

	held->context = context;
	held->uid = lock_name(held->address, held->write, context);
	if (!held->uid) {
		fl_race_count(FL_COUNT_ORDERS);
		return;
	}
	fl_held_set(self, fl_lockset_with(before, (struct fl_held_lock){held->uid, held->write}));
	if (before && self->lockset != before && !(mode & FL_LOCK_TRIED))
		fl_order_note(before, held->uid, held->write, context);
}

/* The epoch in which it was held is over (held.h). */
static void held_forget(uint32_t uid)
{
	struct fl_race_thread *self = fl_race_self_thread;

	fl_held_set(self, fl_lockset_without(self->lockset, uid));
}

/* ---- what interceptors say ---- */

void fl_lock_created(const volatile void *lock, const void *pc)
{
	FL_RACE_INSIDE
	{
		uint32_t context = fl_context_of_step(pc, NULL);
		uint64_t mask = fl_enter();

		lock_drop((uintptr_t)lock);
		lock_make((uintptr_t)lock, context);
		fl_leave(mask);
	}
}

void fl_lock_taken(const volatile void *lock, unsigned mode, const void *pc)
{
	struct lock_held *held;

	if (!fl_race_self_thread)
		return;
	held = fl_lock_held_in(fl_lock_mine, (uintptr_t)lock);
	if (held) {
		held->times++;
	} else {
		held = held_push((uintptr_t)lock, mode);
		if (held && fl_race_concurrent)
			FL_RACE_INSIDE held_name(held, mode, fl_context_of_step(pc, NULL));
	}
	/* Its own locks are no order of the program's: a thread that it puts to sleep has learnt nothing. */
	if (!fl_race_concurrent || (fl_omp_present && fl_caller_of(pc) == FL_CALLER_OPENMP))
		return;
	FL_RACE_INSIDE fl_sync_taken(lock, (mode & FL_LOCK_KIND) == FL_LOCK_WRITE  ? FL_SYNC_WRITE
					   : (mode & FL_LOCK_KIND) == FL_LOCK_READ ? FL_SYNC_READ
										   : FL_SYNC_ALONE);
}

bool fl_lock_giving(const volatile void *lock, const void *pc)
{
	struct lock_held *held;
	uint32_t named = 0;
	bool read, had;

	if (!fl_race_self_thread)
		return false;
	held = fl_lock_held_in(fl_lock_mine, (uintptr_t)lock);
	had = held;
	read = held && !held->write;
	if (!held && fl_lock_mine && fl_lock_mine->beyond)
		fl_lock_mine->beyond--;
	if (held && --held->times == 0) {
		if (__builtin_expect(fl_options.lock_held_ms, 0))
			fl_lock_check_time(lock, held->context, held->since_ms, pc);
		named = held->uid;
		held_remove(held);
	}
	if (fl_race_concurrent)
		FL_RACE_INSIDE fl_sync_giving(lock, read ? FL_SYNC_READ : FL_SYNC_ALONE, had);
	if (named)
		FL_RACE_INSIDE held_forget(named);
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

void fl_lock_memory_gone(const volatile void *memory, size_t size)
{
	uint64_t mask;

	for (uintptr_t at = (uintptr_t)memory; at - (uintptr_t)memory < size; at += sizeof(int)) {
		if (!lock_find(at))
			continue;
		mask = fl_enter();
		lock_drop(at);
		fl_leave(mask);
	}
}

/* ---- who holds it ---- */

struct lock_list *fl_lock_list_of(uint32_t index, uint32_t *uid)
{
	const struct fl_thread *thread = fl_threads_at(index);
	struct fl_race_thread *record = thread && thread->taken ? fl_race_thread_of(thread) : NULL;

	if (!record)
		return NULL;
	*uid = record->person->uid;
	return fl_table_at(&lock_lists, index);
}

static bool holder_in(
	struct lock_list *list, uint32_t thread, uintptr_t address, struct fl_lock_holder *holder)
{
	struct lock_held *held = fl_lock_held_in(list, address);

	if (held)
		*holder = (struct fl_lock_holder){thread, held->uid, held->context, held->write, false};
	return held;
}

bool fl_lock_is_mine(const volatile void *lock, struct fl_lock_holder *holder)
{
	return holder_in(fl_lock_mine, fl_race_self_thread->person->uid, (uintptr_t)lock, holder);
}

bool fl_lock_find_holder(const volatile void *lock, struct fl_lock_holder *holder)
{
	uint64_t mask = fl_enter();
	bool found = false;

	for (uint32_t i = 0; i < fl_threads_count() && !found; i++) {
		uint32_t uid;
		struct lock_list *list = fl_lock_list_of(i, &uid);

		found = list && list != fl_lock_mine && holder_in(list, uid, (uintptr_t)lock, holder);
		if (found)
			holder->ended = fl_sys_thread_is_dead(fl_threads_at(i)->tid);
	}
	fl_leave(mask);
	return found || fl_lock_is_mine(lock, holder);
}

bool fl_lock_holds_any(void)
{
	return fl_lock_mine && fl_lock_mine->count;
}

static const volatile void *held_within(const struct lock_list *list, uintptr_t begin, size_t size)
{
	for (uint32_t i = 0; list && i < list->count; i++)
		if (list->held[i].address - begin < size)
			return (const volatile void *)list->held[i].address;
	return NULL;
}

const volatile void *fl_lock_held_within(const volatile void *memory, size_t size)
{
	const volatile void *found = held_within(fl_lock_mine, (uintptr_t)memory, size);
	uint64_t mask;
	uint32_t uid;

	if (found || !fl_race_concurrent)
		return found;
	mask = fl_enter();
	for (uint32_t i = 0; i < fl_threads_count() && !found; i++)
		found = held_within(fl_lock_list_of(i, &uid), (uintptr_t)memory, size);
	fl_leave(mask);
	return found;
}

bool fl_lock_knows_all(void)
{
	return fl_lock_mine && !fl_lock_mine->beyond;
}

uint32_t fl_lock_uid(const volatile void *lock)
{
	return lock_find((uintptr_t)lock);
}

struct fl_lock_name fl_lock_name(const volatile void *lock)
{
	struct fl_lock_name name;
	uint32_t uid = fl_lock_uid(lock);

	if (uid)
		fl_print_to(name.text, sizeof(name.text), "mutex M%u (0x%lx)", uid, (uintptr_t)lock);
	else
		fl_print_to(name.text, sizeof(name.text), "the mutex at 0x%lx", (uintptr_t)lock);
	return name;
}

/* ---- hooks ---- */

bool fl_lock_prepare(const struct fl_thread *thread)
{
	struct lock_list *list = fl_table_make(&lock_lists, thread->index);

	if (list) {
		list->count = list->beyond = 0;
		list->turn &= ~1u;
	}
	return list;
}

void fl_lock_start(const struct fl_thread *thread)
{
	fl_lock_mine = fl_table_at(&lock_lists, thread->index);
}

/* Under the runtime's lock: a lock without a record gets one here. */
void fl_lock_first_birth(void)
{
	for (uint32_t i = 0; fl_lock_mine && i < fl_lock_mine->count; i++) {
		struct lock_held *held = &fl_lock_mine->held[i];

		if (held->address && !held->uid && !lock_find(held->address))
			lock_make(held->address, 0);
		if (held->address && !held->uid)
			held_name(held, FL_LOCK_TRIED, 0);
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
	fl_lock_mine = self ? fl_table_at(&lock_lists, self->index) : NULL;
}
