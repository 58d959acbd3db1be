/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * atomic.c: atomic operations and fences, by C++20's rules, on the values really read.
 *
 * begin takes the lock of the location, end gives it back; the program's instruction is between. An operation
 * on 16 bytes has two locations, locked in order of address. What end learns it leaves in the thread's entry
 * for the variable (quick.h), so that the next operation of the kind need not come here.
 */
#include "race/held.h"
#include "race/page.h"
#include "race/quick.h"
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

/* Whether the operation may change what others acquire there. A fence before it is as good as an order. */
static bool atomic_changes(
	const struct fl_race_thread *self, const struct fl_race_location *location, uint32_t what)
{
	uint32_t operation = what & 15;

	if (operation == FURLONG_RACE_ATOMIC_LOAD)
		return false;
	if (ORDER_RELEASES(what >> 4 & 15) || self->has_release_fence)
		return true;
	return operation == FURLONG_RACE_ATOMIC_STORE && fl_location_has_clocks(location);
}

void fl_race_slow_begin(
	const volatile void *address, uint32_t size, uint32_t what, const void *caller, const void *pc)
{
	struct fl_race_thread *self = fl_operation_enter(~FL_RESTS);
	struct fl_race_location *second = NULL;

	if (!self)
		return;
	atomic_touch(address);
	self->counts[FL_COUNT_SLOW]++;
	self->operation_pc = pc;
	self->operation_caller = caller;
	self->in_operation = fl_location_lock(fl_cell_open(address));
	if (self->in_operation && size > 8) {
		second = fl_location_lock(fl_cell_open((const volatile char *)address + 8));
		if (!second) {
			fl_record_unlock(self->in_operation);
			self->in_operation = NULL;
		}
	}
	if (!self->in_operation) {
		fl_access_leave();
		return;
	}
	if (atomic_changes(self, self->in_operation, what))
		fl_quick_change(self->in_operation);
	if (second && atomic_changes(self, second, what))
		fl_quick_change(second);
}

static void atomic_acquire(
	struct fl_race_thread *self, const struct fl_race_location *location, uint8_t bytes, bool at_once)
{
	for (struct fl_sync_object *object = location->objects; object; object = object->next) {
		if (!object->atomic || !(object->bytes & bytes) || !object->release.count)
			continue;
		if (!fl_is_releaser(self, object))
			object->looked = true;
		if (at_once) {
			fl_race_learn(self, &object->release);
			continue;
		}
		fl_clock_join(&self->acquire_pending, &object->release);
		self->has_acquire_pending = true;
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
		object->releaser = 0;
	}
}

/* The only object there, and the thread released last: what it says now is what it said and its own clock. */
static bool atomic_publish_again(const struct fl_race_thread *self, const struct fl_race_location *location,
	uint8_t bytes, uint32_t operation)
{
	struct fl_sync_object *object = location->objects;

	if (!object || object->next || !object->atomic || object->bytes != bytes ||
		!fl_is_releaser(self, object) || object->learned != self->learned ||
		(operation == FURLONG_RACE_ATOMIC_STORE && !object->exact))
		return false;
	if (object->published != self->content)
		fl_clock_set(&object->release, self->slot, fl_clock_get(&self->clock, self->slot));
	return true;
}

/* Since the thread's last release, which was here, nothing happened, and nobody has heard of it: this one may
 * as well be that one (sync_lock.c, "Going back"). */
static void atomic_go_back(
	struct fl_race_thread *self, const struct fl_race_location *location, uint8_t bytes)
{
	const struct fl_sync_object *object = location->objects;

	if (fl_race_savings.back && object && self->undo == object && !self->dirty && object->atomic &&
		object->bytes == bytes && fl_is_releaser(self, object) && !object->looked &&
		fl_held_goes_on(self))
		fl_race_go_back(self);
}

/* Returns the object that has the thread's release; NULL: none, or not only that. */
static const struct fl_sync_object *atomic_publish(struct fl_race_thread *self,
	struct fl_race_location *location, uint8_t bytes, uint32_t operation, uint32_t order)
{
	const struct fl_clock *clock = atomic_published(self, order);
	bool all = clock == &self->clock, store = operation == FURLONG_RACE_ATOMIC_STORE;
	bool again = all && atomic_publish_again(self, location, bytes, operation);
	struct fl_sync_object *object = location->objects;

	if (!again && operation == FURLONG_RACE_ATOMIC_STORE)
		atomic_overwrite(location, bytes);
	if (!clock)
		return NULL;
	if (!again) {
		object = fl_location_object(location, bytes, true);
		if (!object)
			return NULL;
		fl_clock_join(&object->release, clock);
		object->exact = store || (object->exact && fl_is_releaser(self, object));
	}
	object->releaser = all ? self->person->uid + 1 : 0;
	object->looked = false;
	object->published = self->content;
	object->learned = self->learned;
	return all ? object : NULL;
}

/* An operation, as end sees it. */
struct atomic_operation {
	struct fl_race_thread *self;
	const volatile void *address;
	uint32_t size, operation, order;
	bool stored;
	struct furlong_race_atomic *entry; /* NULL: such ones have none */
	uint64_t before;                   /* the version that the entry may be of */
	bool was_known;
	struct fl_access access;
};

static void atomic_read(struct atomic_operation *it, const struct fl_race_location *location, uint8_t bytes)
{
	bool acquires = ORDER_ACQUIRES(it->order);

	if (it->operation == FURLONG_RACE_ATOMIC_STORE ||
		(it->entry && (acquires ? it->entry->acquire : it->entry->load) == it->before))
		return;
	atomic_acquire(it->self, location, bytes, acquires);
}

static void atomic_record(struct atomic_operation *it, struct fl_race_location *location, uint8_t bytes)
{
	struct fl_race_thread *self = it->self;
	struct fl_access *access = &it->access;

	access->word = word_make(fl_epoch_make(self->slot, self->now), bytes, !it->stored, 0);
	it->was_known = self->ignore_reads_and_writes || fl_location_knows(location, access->word);
	if (it->was_known)
		return;
	access->word |= fl_context_here(self->operation_pc, self->operation_caller, it->size, FL_WHAT_ATOMIC);
	fl_location_access(location, access);
}

/* What the thread knows now. `epoch` is that in which the access was recorded. */
static void atomic_note(const struct atomic_operation *it, struct fl_race_location *location, uint64_t epoch)
{
	struct furlong_race_atomic *entry = it->entry;
	bool has_clocks = fl_location_has_clocks(location);
	bool acquired = it->operation == FURLONG_RACE_ATOMIC_STORE || ORDER_ACQUIRES(it->order) ||
			!has_clocks || entry->acquire == it->before;
	uint64_t now = location->version;

	if (entry->epoch != epoch)
		entry->store = entry->update = QUICK_NONE;
	entry->epoch = epoch;
	entry->acquire = acquired ? now : QUICK_NONE;
	entry->load = now;
	if (!it->stored || !it->was_known || now != it->before || it->self->has_release_fence ||
		!fl_quick_was_idle(location))
		return;
	entry->update = acquired ? now : QUICK_NONE;
	entry->store = has_clocks ? QUICK_NONE : now;
}

static void atomic_end(
	struct atomic_operation *it, struct fl_race_location *first, struct fl_race_location *second)
{
	uint8_t bytes = atomic_bytes((uintptr_t)it->address, it->size);
	bool releases = it->stored && ORDER_RELEASES(it->order);
	struct fl_race_thread *self = it->self;
	const struct fl_sync_object *released = NULL;
	uint64_t epoch;
	fl_epoch last;

	if (releases && !second)
		atomic_go_back(self, first, bytes);
	epoch = __furlong_race_self.epoch;
	last = fl_epoch_make(self->slot, self->now);
	it->before = first->version & ~(uint64_t)1;
	atomic_read(it, first, bytes);
	if (second)
		atomic_read(it, second, bytes);
	atomic_record(it, first, bytes);
	if (second) {
		it->access.address += 8;
		atomic_record(it, second, bytes);
	}
	if (releases)
		fl_race_advance(self);
	if (it->stored)
		released = atomic_publish(self, first, bytes, it->operation, it->order);
	if (it->stored && second)
		atomic_publish(self, second, bytes, it->operation, it->order);
	if (releases && !second && fl_epoch_make(self->slot, self->now) == last + 1)
		self->undo = released;
	fl_quick_changed(first);
	if (second)
		fl_quick_changed(second);
	if (it->entry)
		atomic_note(it, first, epoch);
}

void fl_race_slow_end(const volatile void *address, uint32_t size, uint32_t what, uint32_t stored)
{
	struct fl_race_thread *self = fl_race_self_thread;
	struct fl_race_location *first, *second;
	struct atomic_operation it;

	if (!self || !self->in_operation)
		return;
	first = self->in_operation;
	second = atomic_second(address, size);
	it.self = it.access.self = self;
	it.address = address;
	it.access.address = (uintptr_t)address;
	it.access.atomic = true;
	it.access.found = 0;
	it.access.stride = 0;
	it.size = size;
	it.operation = what & 15;
	it.order = it.operation == FURLONG_RACE_ATOMIC_COMPARE_EXCHANGE && !stored ? what >> 8 & 15
										   : what >> 4 & 15;
	it.stored = stored;
	it.entry = size <= 8 && !((uintptr_t)address & (size - 1))
			   ? fl_quick_entry(address, size, self, first)
			   : NULL;
	atomic_end(&it, first, second);
	if (second)
		fl_record_unlock(second);
	self->in_operation = NULL;
	fl_record_unlock(first);
	fl_access_report(&it.access);
	fl_access_leave();
}

void fl_race_slow_fence(uint32_t order)
{
	struct fl_race_thread *self = fl_operation_enter(~FL_RESTS);

	if (!self)
		return;
	if (ORDER_ACQUIRES(order) && self->has_acquire_pending) {
		fl_race_learn(self, &self->acquire_pending);
		fl_clock_clear(&self->acquire_pending);
		self->has_acquire_pending = false;
	}
	if (ORDER_RELEASES(order)) {
		fl_race_advance(self);
		fl_clock_copy(&self->release_fence, &self->clock);
		self->has_release_fence = true;
		fl_quick_ask_again();
	}
	fl_access_leave();
}
