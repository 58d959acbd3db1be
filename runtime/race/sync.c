/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sync.c: what the interceptors say about mutexes and their like. The object is an address; its clock lives
 * in the location of its cell.
 *
 * While no second thread was ever there nothing is done: all of that is ordered before whatever comes.
 */
#include "race/location.h"
#include "race/page.h"

enum sync_verb {
	SYNC_ACQUIRE = 1,
	SYNC_RELEASE = 2,
	SYNC_STORE = 4, /* with SYNC_RELEASE: replace */
	SYNC_SHARED = 8,
};

/* Release last: what an acquire-release publishes includes what it acquired. */
static void sync_on(
	struct fl_race_thread *self, struct fl_race_location *location, uint8_t bytes, unsigned verb)
{
	struct fl_sync_object *object = fl_location_object(location, bytes, false);
	struct fl_clock *clock;

	if (!object)
		return;
	fl_location_settle(object);
	clock = verb & SYNC_SHARED ? &object->shared : &object->release;
	if (verb & SYNC_ACQUIRE) {
		object->looked = true; /* the releases of whoever takes it as a lock, too */
		object->shared_looks++;
		fl_race_learn(self, clock);
	}
	if (!(verb & SYNC_RELEASE))
		return;
	fl_race_advance(self);
	object->version[clock == &object->shared]++;
	if (verb & SYNC_STORE) {
		fl_clock_copy(clock, &self->clock);
		fl_location_is_new(location);
	} else {
		fl_clock_join(clock, &self->clock);
	}
}

static void sync_do(const volatile void *address, unsigned verb)
{
	struct fl_race_thread *self = fl_race_self_thread;
	struct fl_race_location *location;

	if (!self || !fl_race_concurrent)
		return;
	location = fl_location_lock(fl_cell_open(address));
	if (!location)
		return;
	sync_on(self, location, (uint8_t)(1u << ((uintptr_t)address & 7)), verb);
	fl_record_unlock(location);
}

void fl_sync_acquire(const volatile void *object)
{
	sync_do(object, SYNC_ACQUIRE);
}

void fl_sync_release(const volatile void *object)
{
	sync_do(object, SYNC_RELEASE);
}

void fl_sync_release_store(const volatile void *object)
{
	sync_do(object, SYNC_RELEASE | SYNC_STORE);
}

void fl_sync_acquire_release(const volatile void *object)
{
	sync_do(object, SYNC_ACQUIRE | SYNC_RELEASE);
}

void fl_sync_release_shared(const volatile void *object)
{
	sync_do(object, SYNC_RELEASE | SYNC_SHARED);
}

void fl_sync_acquire_shared(const volatile void *object)
{
	sync_do(object, SYNC_ACQUIRE | SYNC_SHARED);
}

/* The accesses stay: they are of memory, not of the object. */
void fl_sync_forget(const volatile void *object, size_t size)
{
	uintptr_t begin = (uintptr_t)object & ~(uintptr_t)7, end = (uintptr_t)object + size;

	if (!fl_race_self_thread || !fl_race_concurrent)
		return;
	for (uintptr_t at = begin; at < end; at += 8) {
		struct furlong_race_cell *cell = fl_shadow_cell((const volatile void *)at);
		unsigned from = at < (uintptr_t)object ? (unsigned)((uintptr_t)object - at) : 0;
		unsigned until = end - at < 8 ? (unsigned)(end - at) : 8;
		struct fl_race_location *location;

		if (!fl_cell_is(fl_sys_cell_load(cell), FL_SLOT_LOCATION))
			continue;
		location = fl_location_lock(cell);
		if (!location)
			continue;
		fl_location_drop_objects(location, (uint8_t)(((1u << until) - 1) & ~((1u << from) - 1)));
		fl_record_unlock(location);
	}
}
