/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sync_lock.c: what locks do to clocks, where most of the time there is nothing to do.
 *
 * A thread has an entry for each lock that it used lately: which version of the lock's clock it has acquired,
 * and what it has released there. The lock itself guards what is asked here of its object: nobody else has
 * it, or only readers have. A thread that gives back what it does not have is told apart by the caller.
 *
 * **Going back.** A release begins a new epoch, so that what comes after it is told apart from what it
 * released. When the thread takes the same lock again before it did anything, and nobody has acquired the
 * release, and it was the only one, there is nothing to tell apart: the thread goes on in its old epoch.
 * While it has the lock nobody can come to acquire that release; what is recorded until then is in the next
 * one, which has the same number. Thus code that locks and unlocks by itself, or reads among readers, stays
 * in one epoch, and its accesses are recorded once.
 *
 *   had alone    nobody took it meanwhile: `releaser` is this thread, not `looked`
 *   had to read  nobody took it to write, who alone acquires what readers release: `shared_looks`
 */
#include "race/cuts.h"
#include "race/held.h"
#include "race/location.h"
#include "race/page.h"
#include "race/thread.h"

#define LOCKS_KNOWN 16

enum { ALONE = 0, SHARED = 1 }; /* the two clocks */

struct fl_race_lock_known {
	uintptr_t address; /* 0: none */
	const struct furlong_race_cell *cell;
	uint64_t word; /* of the cell: names the location */
	struct fl_race_location *location;
	uint64_t version; /* of that: the object is still there */
	struct fl_sync_object *object;
	uint64_t acquired[2];  /* object->version of clocks that the thread's covers; 0: none */
	uint64_t published[2]; /* the thread's content that is in them; 0: none */
	uint64_t learned[2];   /* how much it had learned then */
	uint32_t shared_looks; /* when the thread gave it back last, after reading */
	bool read;             /* it gave it back last after reading */
};

void fl_locks_known_free(struct fl_race_thread *thread)
{
	fl_pool_give(thread->locks_known, LOCKS_KNOWN * sizeof(*thread->locks_known));
	thread->locks_known = NULL;
}

static uint8_t lock_byte(uintptr_t address)
{
	return (uint8_t)(1u << (address & 7));
}

static struct fl_race_lock_known *known_entry(struct fl_race_thread *self, uintptr_t address)
{
	struct fl_race_lock_known *all = self->locks_known;

	if (!all) {
		all = self->locks_known = fl_pool_take(LOCKS_KNOWN * sizeof(*all));
		for (int i = 0; all && i < LOCKS_KNOWN; i++)
			all[i].address = 0;
	}
	return all ? &all[(address >> 3 ^ address >> 7) % LOCKS_KNOWN] : NULL;
}

static bool known_is_valid(const struct fl_race_lock_known *known, uintptr_t address)
{
	return known->address == address &&
	       __atomic_load_n(&known->cell->word[0], __ATOMIC_RELAXED) == known->word &&
	       __atomic_load_n(&known->location->version, __ATOMIC_RELAXED) == known->version;
}

/* The thread's entry, made if need be; NULL: no memory. */
static struct fl_race_lock_known *lock_known(struct fl_race_thread *self, const volatile void *lock)
{
	uintptr_t address = (uintptr_t)lock;
	struct fl_race_lock_known *known = known_entry(self, address);
	struct fl_race_location *location;

	if (!known || known_is_valid(known, address))
		return known;
	if (self->undo == known)
		self->undo = NULL;
	fl_cuts_taken(self, known, false);
	known->address = 0;
	location = fl_location_lock(fl_cell_open(lock));
	if (!location)
		return NULL;
	*known = (struct fl_race_lock_known){.cell = fl_shadow_cell(lock),
		.word = fl_record_name(location, FL_SLOT_LOCATION),
		.location = location,
		.version = location->version,
		.object = fl_location_object(location, lock_byte(address), false)};
	if (known->object)
		known->address = address;
	fl_record_unlock(location);
	return known->address ? known : NULL;
}

/* The object, with its location's lock; NULL: it is gone. */
static struct fl_sync_object *known_lock(const struct fl_race_lock_known *known)
{
	if (!fl_record_lock(known->location, known->word))
		return NULL;
	if (known->location->version == known->version)
		return known->object;
	fl_record_unlock(known->location);
	return NULL;
}

static struct fl_clock *clock_of(struct fl_sync_object *object, int which)
{
	return which == SHARED ? &object->shared : &object->release;
}

static void lock_acquire(struct fl_race_thread *self, struct fl_race_lock_known *known, int which)
{
	struct fl_sync_object *object;

	if (known->acquired[which] == known->object->version[which])
		return;
	object = known_lock(known);
	if (!object)
		return;
	fl_location_settle(object);
	fl_race_learn(self, clock_of(object, which));
	known->acquired[which] = object->version[which];
	fl_record_unlock(known->location);
}

/* By who has the lock alone and was the last to release it: only his own clock went on. */
static void lock_release_late(struct fl_race_thread *self, struct fl_race_lock_known *known)
{
	struct fl_sync_object *object = known->object;

	object->late = fl_epoch_make(self->slot, fl_clock_get(&self->clock, self->slot));
	known->acquired[ALONE] = ++object->version[ALONE];
	known->published[ALONE] = self->content;
}

static void lock_release(struct fl_race_thread *self, struct fl_race_lock_known *known, int which)
{
	struct fl_sync_object *object;
	bool all;

	if (known->published[which] == self->content)
		return;
	object = known_lock(known);
	if (!object)
		return;
	fl_location_settle(object);
	all = known->acquired[which] == object->version[which];
	if (known->published[which] && known->learned[which] == self->learned)
		fl_clock_set(clock_of(object, which), self->slot, fl_clock_get(&self->clock, self->slot));
	else
		fl_clock_join(clock_of(object, which), &self->clock);
	object->version[which]++;
	if (all)
		known->acquired[which] = object->version[which];
	known->published[which] = self->content;
	known->learned[which] = self->learned;
	fl_record_unlock(known->location);
}

/* Of what the thread released there last, by who has the lock now. */
static bool is_unseen(
	const struct fl_race_thread *self, const struct fl_race_lock_known *known, enum fl_sync_lock how)
{
	const struct fl_sync_object *object = known->object;

	if (known->read != (how == FL_SYNC_READ) || object->handed)
		return false;
	if (known->read)
		return object->shared_looks == known->shared_looks;
	return fl_is_releaser(self, object) && !object->looked;
}

void fl_sync_taken(const volatile void *lock, enum fl_sync_lock how)
{
	struct fl_race_thread *self = fl_race_self_thread;
	struct fl_race_lock_known *known;
	struct fl_sync_object *object;
	bool unseen, back;

	if (!self || !fl_race_concurrent)
		return;
	known = lock_known(self, lock);
	if (!known)
		return;
	object = known->object;
	unseen = is_unseen(self, known, how);
	back = unseen && fl_race_savings.back && self->undo == known && !self->dirty && fl_held_goes_on(self);
	fl_cuts_taken(self, known, unseen);
	if (!fl_is_releaser(self, object) && !object->looked)
		object->looked = true;
	if (how == FL_SYNC_WRITE) {
		object->shared_looks++;
		lock_acquire(self, known, SHARED);
	}
	lock_acquire(self, known, ALONE);
	if (back)
		fl_race_go_back(self);
}

void fl_sync_giving(const volatile void *lock, enum fl_sync_lock how, bool had)
{
	struct fl_race_thread *self = fl_race_self_thread;
	struct fl_race_lock_known *known;
	fl_epoch before;

	if (!self || !fl_race_concurrent)
		return;
	known = lock_known(self, lock);
	if (!known)
		return;
	before = fl_epoch_make(self->slot, self->now);
	fl_race_advance_at(self, had ? known : NULL);
	if (had && how != FL_SYNC_READ && known->learned[ALONE] == self->learned && known->published[ALONE] &&
		fl_is_releaser(self, known->object))
		lock_release_late(self, known);
	else
		lock_release(self, known, how == FL_SYNC_READ ? SHARED : ALONE);
	known->read = how == FL_SYNC_READ;
	if (known->read) {
		known->shared_looks = known->object->shared_looks;
	} else {
		known->object->releaser = had ? self->person->uid + 1 : 0;
		known->object->looked = false;
	}
	if (!had)
		known->object->handed = true;
	else if (fl_epoch_make(self->slot, self->now) == before + 1)
		self->undo = known;
}
