/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * owner.c: owner.h. What is rare: a chunk changes hands.
 */
#include "race/owner.h"

#include "core/sys.h"

#define OWNER_LIMIT 0xfffeu  /* numbers are 1 .. this - 1 */
#define OWNER_NEVER 0x10000u /* of a thread that can own nothing: the owner of no chunk */
#define OWNER_TAKEN ((uint32_t)1 << 16)
#define OWNER_TAKEN_MAX                                                                                      \
	4 /* then the chunk is shared: a fence costs as much as a thousand locked instructions */

#define OWNER_OPEN       (FL_CHUNK_SHARED | OWNER_TAKEN_LAST) /* shared for good */
#define OWNER_TAKEN_LAST ((uint32_t)0x7fff << 16)

#define OWNER_AHEAD 16 /* chunks: a megabyte */

#define OWNER_READ_MAX 4 /* log2 of how much longer it takes at most */

uint32_t *fl_owner_chunks;
static const uint32_t *owner_end;                  /* of these */
static struct fl_race_thread *owners[OWNER_LIMIT]; /* by number; NULL: not alive */
static uint16_t owner_next[OWNER_LIMIT];           /* numbers that are free again, as a list */
static uint32_t owner_free, owner_count;
static bool owner_possible, owner_is_child, owner_unknown; /* unknown: threads without a number */
static struct fl_lock owner_lock;

int fl_owner_init(uint64_t bytes)
{
	void *at = NULL;
	int rc = fl_sys_map(&at, sizeof(uint32_t) * (bytes >> FL_CHUNK_SHIFT), FL_SYS_MAP_ANYWHERE, -1, 0);

	fl_owner_chunks = at;
	owner_end = fl_owner_chunks + (bytes >> FL_CHUNK_SHIFT);
	owner_possible = fl_race_savings.owners && fl_sys_fence_all_init();
	return rc;
}

void fl_owner_born(struct fl_race_thread *thread)
{
	uint32_t number = 0;

	fl_lock_take(&owner_lock);
	if (owner_free) {
		number = owner_free;
		owner_free = owner_next[number];
	} else if (owner_possible && owner_count + 1 < OWNER_LIMIT) {
		number = ++owner_count;
	}
	thread->owner = number ? number : OWNER_NEVER;
	if (number)
		__atomic_store_n(&owners[number], thread, __ATOMIC_RELEASE);
	else
		__atomic_store_n(&owner_unknown, true, __ATOMIC_SEQ_CST);
	fl_lock_drop(&owner_lock);
}

void fl_owner_gone(struct fl_race_thread *thread)
{
	uint32_t number = thread->owner;

	if (number == OWNER_NEVER)
		return;
	fl_lock_take(&owner_lock);
	__atomic_store_n(&owners[number], NULL, __ATOMIC_RELEASE);
	owner_next[number] = (uint16_t)owner_free;
	owner_free = number;
	fl_lock_drop(&owner_lock);
}

/* The others stayed behind, some of them in the middle of taking a chunk: their numbers are not used again,
 * so that they stay dead. */
void fl_owner_fork_child(struct fl_race_thread *self)
{
	owner_lock.word = 0;
	owner_free = 0;
	owner_is_child = true;
	for (uint32_t i = 1; i <= owner_count; i++)
		if (owners[i] && owners[i] != self) {
			owners[i]->owner = OWNER_NEVER; /* fl_owner_gone would give its number back */
			owners[i] = NULL;
		}
	owner_possible = owner_possible && fl_sys_fence_all_init();
}

/* The number may pass to a new thread meanwhile, which does not enter a chunk that is busy. */
static void wait_for(uint32_t number, const uint32_t *chunk)
{
	const struct fl_race_thread *owner;

	while ((owner = __atomic_load_n(&owners[number], __ATOMIC_ACQUIRE)) &&
		__atomic_load_n(&owner->in_chunk, __ATOMIC_ACQUIRE) == chunk)
		fl_sys_yield();
}

static void wait_for_all(const uint32_t *chunk)
{
	uint32_t count = __atomic_load_n(&owner_count, __ATOMIC_ACQUIRE);

	for (uint32_t i = 1; i <= count; i++)
		wait_for(i, chunk);
}

/* Somebody takes it: he is at it, or was when another thread forked. */
static void wait_for_taker(uint32_t seen, uint32_t *chunk)
{
	uint32_t number = seen & 0xffff;
	bool dead = number == FL_CHUNK_SHARED ? owner_is_child
					      : !__atomic_load_n(&owners[number], __ATOMIC_ACQUIRE);

	if (dead)
		__atomic_compare_exchange_n(
			chunk, &seen, FL_CHUNK_SHARED, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
	else
		fl_sys_yield();
}

/* The chunk is nobody's until the caller says whose it is. False: look again. */
static bool make_busy(uint32_t *chunk, uint32_t seen, uint32_t mine)
{
	return __atomic_compare_exchange_n(
		chunk, &seen, FL_CHUNK_BUSY | mine, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

/* How often it was taken away, as it stands in a chunk. */
static uint32_t taken_of(uint32_t seen)
{
	return seen & ~FL_CHUNK_OWNER;
}

/* Who comes to what another owns, one chunk after the other, comes to the next ones: a fence for each would
 * cost more than what he does there. How many are made busy, from this one on, all of the same owner. */
static uint32_t make_busy_ahead(uint32_t *chunk, uint32_t seen, uint32_t mine)
{
	uint32_t before = chunk > fl_owner_chunks ? __atomic_load_n(&chunk[-1], __ATOMIC_RELAXED) : 0;
	bool goes_on = (before & FL_CHUNK_OWNER) == FL_CHUNK_SHARED || taken_of(before) > taken_of(seen);
	uint32_t count = 0, most = goes_on ? OWNER_AHEAD : 1;

	while (count < most && &chunk[count] < owner_end && make_busy(&chunk[count], seen, mine))
		count++;
	return count;
}

static void take_from(uint32_t *chunk, uint32_t seen, uint32_t mine)
{
	uint32_t number = seen & 0xffff, taken = taken_of(seen) + OWNER_TAKEN;
	bool shares = mine == FL_CHUNK_SHARED || taken > OWNER_TAKEN_MAX * OWNER_TAKEN;
	uint32_t count = make_busy_ahead(chunk, seen, mine);

	if (!count)
		return;
	fl_sys_fence_all();
	for (uint32_t i = 0; i < count; i++) {
		wait_for(number, &chunk[i]);
		__atomic_store_n(&chunk[i], shares ? FL_CHUNK_SHARED : taken | mine, __ATOMIC_RELEASE);
	}
}

static void take_from_readers(uint32_t *chunk, uint32_t seen, uint32_t mine)
{
	uint32_t taken = taken_of(seen) + OWNER_TAKEN;

	if (!make_busy(chunk, seen, mine))
		return;
	fl_sys_fence_all();
	wait_for_all(chunk);
	__atomic_store_n(chunk, FL_CHUNK_SHARED | (taken < OWNER_TAKEN_LAST ? taken : taken_of(seen)),
		__ATOMIC_RELEASE);
}

static void take(uint32_t *chunk, uint32_t mine)
{
	uint32_t seen = __atomic_load_n(chunk, __ATOMIC_ACQUIRE), number = seen & 0xffff;

	if (seen & FL_CHUNK_BUSY)
		wait_for_taker(seen, chunk);
	else if (number == FL_CHUNK_READ)
		take_from_readers(chunk, seen, mine);
	else if (!number)
		__atomic_compare_exchange_n(chunk, &seen, mine, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
	else if (number != FL_CHUNK_SHARED)
		take_from(chunk, seen, mine);
}

void fl_owner_claim(struct fl_race_thread *self, uint32_t *chunk)
{
	take(chunk, self->owner == OWNER_NEVER ? FL_CHUNK_SHARED : self->owner);
}

void fl_owner_share(uint32_t *chunk)
{
	uint32_t seen;

	while ((seen = __atomic_load_n(chunk, __ATOMIC_ACQUIRE)) != OWNER_OPEN)
		if ((seen & FL_CHUNK_OWNER) == FL_CHUNK_SHARED)
			__atomic_compare_exchange_n(
				chunk, &seen, OWNER_OPEN, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
		else
			take(chunk, FL_CHUNK_SHARED);
}

/* Each time that it was a mistake, it takes twice as many renewed reads until the next. */
void fl_owner_let_read(struct fl_race_thread *self, uint32_t *chunk)
{
	uint32_t seen = __atomic_load_n(chunk, __ATOMIC_ACQUIRE),
		 taken = (seen & ~FL_CHUNK_OWNER) / OWNER_TAKEN,
		 log2 = taken < OWNER_READ_MAX ? taken : OWNER_READ_MAX;

	if ((seen & FL_CHUNK_OWNER) != FL_CHUNK_SHARED || seen == OWNER_OPEN || !owner_possible ||
		self->owner == OWNER_NEVER || self->renewed / FL_OWNER_PATIENCE % (1u << log2) ||
		!make_busy(chunk, seen, self->owner))
		return;
	fl_sys_fence_all();
	wait_for_all(chunk);
	__atomic_store_n(chunk,
		__atomic_load_n(&owner_unknown, __ATOMIC_SEQ_CST) ? OWNER_OPEN
								  : (seen & ~FL_CHUNK_OWNER) | FL_CHUNK_READ,
		__ATOMIC_RELEASE);
}
