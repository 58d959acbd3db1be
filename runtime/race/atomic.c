/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * atomic.c: atomic operations and fences, by C++20's rules, on the values really read.
 *
 * begin takes the lock of the location, end gives it back; the program's instruction is between. An operation
 * on 16 bytes has two locations, locked in order of address.
 */
#include "race/location.h"
#include "race/slow.h"

#define ORDER_ACQUIRES(order) ((order) == 1 || (order) == 2 || (order) >= 4)
#define ORDER_RELEASES(order) ((order) >= 3)

static uint8_t atomic_bytes(uintptr_t address, uint32_t size)
{
	return size >= 8 ? 0xff : (uint8_t)(((1u << size) - 1) << (address & 7));
}

/* A fault of the program's must not find us with a lock. */
static void atomic_touch(const volatile void *address)
{
	(void)*(const volatile char *)address;
}

static struct fl_race_location *atomic_second(const volatile void *address, uint32_t size)
{
	struct furlong_race_cell *cell = fl_shadow_cell((const volatile char *)address + 8);

	return size > 8 ? fl_record_at(fl_sys_cell_load(cell).word[0]) : NULL;
}

void fl_race_slow_begin(
	const volatile void *address, uint32_t size, uint32_t what, const void *caller, const void *pc)
{
	struct fl_race_thread *self = fl_access_enter();

	(void)what;
	if (!self)
		return;
	atomic_touch(address);
	self->counts[FL_COUNT_SLOW]++;
	self->operation_context = fl_context_here(pc, caller, size, FL_WHAT_ATOMIC);
	self->in_operation = fl_location_lock(fl_shadow_cell(address));
	if (self->in_operation && size > 8 &&
		!fl_location_lock(fl_shadow_cell((const volatile char *)address + 8))) {
		fl_record_unlock(self->in_operation);
		self->in_operation = NULL;
	}
	if (!self->in_operation)
		fl_access_leave();
}

static void atomic_acquire(
	struct fl_race_thread *self, const struct fl_race_location *location, uint8_t bytes, bool at_once)
{
	/* What was acquired last, unchanged since: spinning costs no join. */
	if (at_once && self->acquired == location && self->acquired_version == location->version &&
		self->acquired_bytes == bytes)
		return;
	for (const struct fl_sync_object *object = location->objects; object; object = object->next) {
		if (!object->atomic || !(object->bytes & bytes) || !object->release.count)
			continue;
		fl_clock_join(at_once ? &self->clock : &self->acquire_pending, &object->release);
		if (!at_once)
			self->has_acquire_pending = true;
	}
	if (at_once) {
		self->acquired = location;
		self->acquired_version = location->version;
		self->acquired_bytes = bytes;
	}
}

/* The clock that a store publishes; NULL: nothing. */
static const struct fl_clock *atomic_published(struct fl_race_thread *self, uint32_t order)
{
	if (ORDER_RELEASES(order))
		return &self->clock;
	return self->has_release_fence ? &self->release_fence : NULL;
}

/* A store ends the release sequences of the bytes that it overwrites. */
static void atomic_overwrite(struct fl_race_location *location, uint8_t bytes)
{
	struct fl_sync_object *object = location->objects;

	for (; object; object = object->next) {
		if (!object->atomic)
			continue;
		if (object->bytes & ~bytes)
			object->bytes &= (uint8_t)~bytes;
		else
			fl_clock_clear(&object->release);
	}
}

static void atomic_publish(struct fl_race_thread *self, struct fl_race_location *location, uint8_t bytes,
	uint32_t operation, uint32_t order)
{
	const struct fl_clock *clock = atomic_published(self, order);
	struct fl_sync_object *object;

	if (operation == FURLONG_RACE_ATOMIC_STORE) {
		atomic_overwrite(location, bytes);
		location->version++;
	}
	if (!clock)
		return;
	object = fl_location_object(location, bytes, true);
	if (!object)
		return;
	fl_clock_join(&object->release, clock);
	/* Its own news it need not acquire. */
	if (clock == &self->clock && self->acquired == location &&
		self->acquired_version == location->version)
		self->acquired_version++;
	location->version++;
}

static void atomic_record(struct fl_race_thread *self, struct fl_race_location *location, uintptr_t address,
	uint8_t bytes, bool write, struct fl_access *access)
{
	access->self = self;
	access->address = address;
	access->atomic = true;
	access->word =
		word_make(fl_epoch_make(self->slot, self->now), bytes, !write, self->operation_context);
	fl_location_access(location, access);
}

void fl_race_slow_end(const volatile void *address, uint32_t size, uint32_t what, uint32_t stored)
{
	struct fl_race_thread *self = fl_race_self_thread;
	uint32_t operation = what & 15, order = what >> 4 & 15;
	struct fl_race_location *locations[2];
	struct fl_access access;
	uint8_t bytes = atomic_bytes((uintptr_t)address, size);

	if (!self || !self->in_operation)
		return;
	if (operation == FURLONG_RACE_ATOMIC_COMPARE_EXCHANGE && !stored)
		order = what >> 8 & 15;
	locations[0] = self->in_operation;
	locations[1] = atomic_second(address, size);
	access.found = 0;
	access.stride = 0;
	for (int i = 0; i < 2 && locations[i] && operation != FURLONG_RACE_ATOMIC_STORE; i++)
		atomic_acquire(self, locations[i], bytes, ORDER_ACQUIRES(order));
	for (int i = 0; i < 2 && locations[i]; i++)
		atomic_record(
			self, locations[i], (uintptr_t)address + 8u * (unsigned)i, bytes, stored, &access);
	if (stored && ORDER_RELEASES(order))
		fl_race_advance(self);
	for (int i = 0; i < 2 && locations[i]; i++) {
		if (stored)
			atomic_publish(self, locations[i], bytes, operation, order);
	}
	if (locations[1])
		fl_record_unlock(locations[1]);
	self->in_operation = NULL;
	fl_record_unlock(locations[0]);
	fl_access_report(&access);
	fl_access_leave();
}

void fl_race_slow_fence(uint32_t order)
{
	struct fl_race_thread *self = fl_access_enter();

	if (!self)
		return;
	if (ORDER_ACQUIRES(order) && self->has_acquire_pending) {
		fl_clock_join(&self->clock, &self->acquire_pending);
		fl_clock_clear(&self->acquire_pending);
		self->has_acquire_pending = false;
	}
	if (ORDER_RELEASES(order)) {
		fl_race_advance(self);
		fl_clock_copy(&self->release_fence, &self->clock);
		self->has_release_fence = true;
	}
	fl_access_leave();
}
