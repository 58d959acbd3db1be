/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * lockset.c: the locks that a thread holds, as a list interned from its oldest end: (list without the last,
 * last).
 */
#include "race/intern.h"

#include "race/race.h"

#define LOCKSET_MAX     (1u << 20)
#define LOCKSET_BUCKETS FL_TINY(1u << 18, 64)
#define LOCKSET_MADE    4

static struct fl_intern_entry *lockset_chunks[LOCKSET_MAX >> INTERN_CHUNK_LOG2];
static struct fl_intern locksets = {1, LOCKSET_MAX, LOCKSET_BUCKETS - 1, NULL, lockset_chunks, 0};

static struct fl_held_lock lockset_last(uint32_t lockset)
{
	uint64_t last = fl_intern_at(&locksets, lockset)->rest[0];

	return (struct fl_held_lock){(uint32_t)(last >> 1), last & 1};
}

uint32_t fl_lockset_length(uint32_t lockset)
{
	uint32_t length = 0;

	for (; lockset; lockset = fl_intern_at(&locksets, lockset)->head)
		length++;
	return length;
}

/* Lists that the thread made lately by adding a lock. */
static __thread struct lockset_made {
	uint64_t last;
	uint32_t from, made; /* made 0: none */
} lockset_made[LOCKSET_MADE];

uint32_t fl_lockset_with(uint32_t lockset, struct fl_held_lock lock)
{
	uint64_t last = (uint64_t)lock.lock << 1 | lock.write;
	struct lockset_made *known = &lockset_made[(last ^ lockset * 5) % LOCKSET_MADE];
	uint32_t made = 0;

	if (known->made && known->last == last && known->from == lockset)
		return known->made;
	if (fl_lockset_length(lockset) < FL_LOCKSET_LIMIT)
		made = fl_intern(&locksets, lockset, &last);
	if (made)
		*known = (struct lockset_made){last, lockset, made};
	return made ? made : lockset;
}

uint32_t fl_lockset_without(uint32_t lockset, uint32_t lock)
{
	struct fl_held_lock above[FL_LOCKSET_LIMIT];
	uint32_t count = 0, below = lockset, made;

	if (lockset && lockset_last(lockset).lock == lock)
		return fl_intern_at(&locksets, lockset)->head;
	while (below && lockset_last(below).lock != lock && count < FL_LOCKSET_LIMIT) {
		above[count++] = lockset_last(below);
		below = fl_intern_at(&locksets, below)->head;
	}
	if (!below || lockset_last(below).lock != lock)
		return lockset;
	for (made = fl_intern_at(&locksets, below)->head; count; count--)
		made = fl_lockset_with(made, above[count - 1]);
	return made;
}

uint32_t fl_lockset_first(uint32_t lockset, uint32_t count)
{
	for (uint32_t length = fl_lockset_length(lockset); length > count; length--)
		lockset = fl_intern_at(&locksets, lockset)->head;
	return lockset;
}

size_t fl_lockset_get(uint32_t lockset, struct fl_held_lock *locks, size_t limit)
{
	size_t length = fl_lockset_length(lockset);

	for (size_t i = length; i-- > 0; lockset = fl_intern_at(&locksets, lockset)->head)
		if (i < limit)
			locks[i] = lockset_last(lockset);
	return length < limit ? length : limit;
}
