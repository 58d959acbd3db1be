/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * location.h: what synchronises in a cell. Private to location.c, atomic.c and sync.c.
 */
#ifndef FL_RACE_LOCATION_H
#define FL_RACE_LOCATION_H

#include "race/cell.h"

/* A cell may hold several objects: two flags of one byte each are two. An atomic object is the bytes of an
 * atomic operation; any other (mutex and the like) is known by its address alone. */
struct fl_sync_object {
	struct fl_sync_object *next;
	uint8_t bytes; /* of the cell */
	bool atomic;
	struct fl_clock release; /* what an acquire gets */
	struct fl_clock shared;  /* of a read-write lock: what its readers released */
	uint64_t version[2];     /* of the two: goes on with each change */
	/* Of an atomic object: what its last releaser did. */
	uint64_t published, learned; /* his content, and how much he had learned */
	bool exact;                  /* `release` is that, and no more */
	/* Of a lock, whoever has it owns these (sync_lock.c). */
	fl_epoch late;     /* what `release` has besides: the last epoch of the releaser */
	uint32_t releaser; /* uid + 1 of who gave it back last and had it alone; 0: none, or not only he */
	bool looked;       /* another one has acquired that since */
	bool handed;       /* somebody else than who had it gave it back once */
	uint32_t shared_looks; /* how often somebody acquired what readers released */
};

static inline bool fl_is_releaser(const struct fl_race_thread *self, const struct fl_sync_object *object)
{
	return object->releaser == self->person->uid + 1;
}

/* With the location's lock held. The object, made if need be; NULL: no memory. */
struct fl_sync_object *fl_location_object(struct fl_race_location *location, uint8_t bytes, bool atomic);
/* `late` goes into the clock, with the location's lock. */
void fl_location_settle(struct fl_sync_object *object);
/* What was known of it is no longer so. */
void fl_location_is_new(struct fl_race_location *location);
/* Whether an atomic access is covered by one of its epoch; its context does not matter. */
bool fl_location_knows(const struct fl_race_location *location, uint64_t word);
/* Whether an atomic object has anything that an acquire would get. */
bool fl_location_has_clocks(const struct fl_race_location *location);
/* These bytes are no object's any more. */
void fl_location_drop_objects(struct fl_race_location *location, uint8_t bytes);

#endif
