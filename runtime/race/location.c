/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * location.c: cells that synchronise. A location is a record that one cell refers to, with objects that hold
 * clocks.
 */
#include "race/location.h"
#include "race/short.h"

/* A cell becomes a location once and stays one until its memory begins anew. */
static bool location_make(struct furlong_race_cell *cell, struct furlong_race_cell seen, struct fl_set *set)
{
	struct fl_race_location *location;
	uint64_t word;

	if (!fl_cell_members(cell, seen, set))
		return true;
	location = fl_record_make(set->at, set->count);
	if (!location)
		return false;
	word = fl_record_name(location, FL_SLOT_LOCATION);
	fl_shadow_note(cell);
	if (!fl_cell_change(cell, seen, fl_cell_of(word)))
		fl_record_drop(word, 1);
	else if (fl_cell_is(seen, FL_SLOT_STATE))
		fl_record_drop(seen.word[0], 1);
	return true;
}

struct fl_race_location *fl_location_lock(struct furlong_race_cell *cell)
{
	struct fl_race_location *location = NULL;
	struct furlong_race_cell seen;
	struct fl_set set;
	bool go_on = true;

	fl_set_init(&set);
	while (go_on) {
		seen = fl_sys_cell_load(cell);
		if (fl_cell_is(seen, FL_SLOT_LOCATION)) {
			location = fl_record_at(seen.word[0]);
			if (fl_record_lock(location, seen.word[0]))
				break;
			location = NULL;
		} else {
			go_on = !fl_cell_is(seen, FL_SLOT_BLOCK) && location_make(cell, seen, &set);
		}
	}
	fl_set_free(&set);
	return location;
}

/* An atomic access that one of its epoch covers: fl_set_apply would find nothing new. */
bool fl_location_knows(const struct fl_race_location *location, uint64_t word)
{
	for (uint32_t i = 0; i < location->count; i++) {
		if (fl_says_it(word, location->words[i]))
			return true;
	}
	return false;
}

/* What was known of it is no longer so. */
void fl_location_is_new(struct fl_race_location *location)
{
	__atomic_store_n(&location->version, location->version + 2, __ATOMIC_RELEASE);
}

/* Whether an atomic access does nothing but take the place of members that it makes redundant, the thread's
 * own among them: no race, nothing to put together. */
static bool location_renews(const struct fl_race_location *location, const struct fl_access *access)
{
	bool read = word_is_read(access->word), own = false;

	for (uint32_t i = 0; i < location->count; i++) {
		uint64_t member = location->words[i];

		if (word_bytes(member) != word_bytes(access->word) || !fl_member_is_atomic(member) ||
			(read && !word_is_read(member)))
			return false;
		own |= word_slot(member) == access->self->slot;
	}
	return own;
}

static void location_renew(struct fl_race_location *location, const struct fl_access *access)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < location->count; i++)
		if (!fl_is_ordered(access->self, location->words[i]))
			location->words[kept++] = location->words[i];
	location->words[kept++] = access->word;
	location->count = (uint16_t)kept;
}

void fl_location_access(struct fl_race_location *location, struct fl_access *access)
{
	struct fl_set set;

	access->self->met_objects |= location->objects != NULL;
	if (access->atomic && fl_location_knows(location, access->word))
		return;
	if (access->atomic && location_renews(location, access)) {
		location_renew(location, access);
		access->self->dirty = true;
		return;
	}
	fl_set_init(&set);
	fl_set_load(&set, location->words, location->count);
	if (fl_set_apply(&set, access) == FL_SET_CHANGED) {
		fl_record_store(location, set.at, set.count);
		access->self->dirty = true;
		/* An atomic one takes nothing away of what another thread did in its present epoch. */
		if (!access->atomic)
			fl_location_is_new(location);
	}
	fl_set_free(&set);
}

/* Objects stay objects, so that who comes too late to one that is no more finds another, and no other memory.
 */
static struct fl_sync_object *objects_free;
static struct fl_lock objects_lock;

static struct fl_sync_object *object_take(void)
{
	struct fl_sync_object *object;

	fl_lock_take(&objects_lock);
	object = objects_free;
	if (object)
		objects_free = object->next;
	fl_lock_drop(&objects_lock);
	return object ? object : fl_pool_take(sizeof(*object));
}

static void object_free(struct fl_sync_object *object)
{
	fl_clock_release(&object->release);
	fl_clock_release(&object->shared);
	fl_lock_take(&objects_lock);
	object->next = objects_free;
	objects_free = object;
	fl_lock_drop(&objects_lock);
}

void fl_location_fork_child(void)
{
	objects_lock.word = 0;
}

struct fl_sync_object *fl_location_object(struct fl_race_location *location, uint8_t bytes, bool atomic)
{
	struct fl_sync_object *object = location->objects;

	while (object && (object->bytes != bytes || object->atomic != atomic))
		object = object->next;
	if (object)
		return object;
	object = object_take();
	if (!object)
		return NULL;
	*object = (struct fl_sync_object){.next = location->objects, .bytes = bytes, .atomic = atomic};
	location->objects = object;
	return object;
}

void fl_location_settle(struct fl_sync_object *object)
{
	fl_epoch late = object->late;

	object->late = 0;
	if (!fl_clock_covers(&object->release, late))
		fl_clock_set(&object->release, fl_epoch_slot(late), fl_epoch_clock(late));
}

bool fl_location_has_clocks(const struct fl_race_location *location)
{
	const struct fl_sync_object *object = location->objects;

	while (object && (!object->atomic || !object->release.count))
		object = object->next;
	return object;
}

void fl_location_free_objects(struct fl_race_location *location)
{
	struct fl_sync_object *next;

	for (struct fl_sync_object *object = location->objects; object; object = next) {
		next = object->next;
		object_free(object);
	}
	location->objects = NULL;
	location->idle = location->changes = 0;
	location->quick = false;
	fl_location_is_new(location);
}

void fl_location_drop_objects(struct fl_race_location *location, uint8_t bytes)
{
	struct fl_sync_object **link = &location->objects;

	while (*link) {
		struct fl_sync_object *object = *link;
		object->bytes &= (uint8_t)~bytes;
		if (!object->bytes) {
			*link = object->next;
			object_free(object);
		} else {
			link = &object->next;
		}
	}
	fl_location_is_new(location);
}

void fl_location_forget(struct fl_race_location *location, uint8_t bytes)
{
	struct fl_set set;

	fl_location_drop_objects(location, bytes);
	fl_set_init(&set);
	fl_set_load(&set, location->words, location->count);
	fl_set_forget(&set, bytes);
	fl_record_store(location, set.at, set.count);
	fl_set_free(&set);
}
