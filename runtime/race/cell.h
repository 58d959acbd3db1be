/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * cell.h: the words of a cell, and the records outside of it. Private to the files that judge accesses:
 * state.c, location.c, access.c, range.c, atomic.c, sync.c, block.c, shadow.c.
 *
 *   cell                   means
 *   0      0               nothing
 *   w      w               one write
 *   w      0, 0      w     one write, half overwritten by a reset (shadow.c)
 *   0      r               one read
 *   w      r               a write and a read
 *   w      v               two writes
 *   r      s               two reads, the present epoch's in word 1
 *   state  state           a shared record: slot FL_SLOT_STATE, generation as clock, number below
 *   loc.   loc.            a record of its own that also synchronises: slot FL_SLOT_LOCATION, likewise
 *   block  size, owner     a heap block begins behind: slot FL_SLOT_BLOCK
 *
 * Word 0 decides. A special word 1 beside an ordinary word 0 can only come from a reset or a free that
 * overtook an access, and is nothing.
 */
#ifndef FL_RACE_CELL_H
#define FL_RACE_CELL_H

#include "race/owner.h"
#include "race/race.h"

#define WORD_READ    ((uint64_t)1 << FURLONG_RACE_READ_SHIFT)
#define WORD_CONTEXT ((1u << FURLONG_RACE_CONTEXT_BITS) - 1)
#define WORD_SPECIAL ((uint64_t)FL_SLOT_BLOCK << (FURLONG_RACE_EPOCH_SHIFT + FURLONG_RACE_CLOCK_BITS))

static inline fl_epoch word_epoch(uint64_t word)
{
	return (fl_epoch)(word >> FURLONG_RACE_EPOCH_SHIFT);
}
static inline uint32_t word_slot(uint64_t word)
{
	return (uint32_t)(word >> (FURLONG_RACE_EPOCH_SHIFT + FURLONG_RACE_CLOCK_BITS));
}
static inline uint8_t word_bytes(uint64_t word)
{
	return (uint8_t) ~(word >> FURLONG_RACE_MISSING_SHIFT);
}
static inline bool word_is_read(uint64_t word)
{
	return word & WORD_READ;
}
static inline uint32_t word_context(uint64_t word)
{
	return (uint32_t)word & WORD_CONTEXT;
}
static inline uint64_t word_without(uint64_t word, uint8_t bytes)
{
	return word | (uint64_t)bytes << FURLONG_RACE_MISSING_SHIFT;
}
static inline uint64_t word_make(fl_epoch epoch, uint8_t bytes, bool read, uint32_t context)
{
	return (uint64_t)epoch << FURLONG_RACE_EPOCH_SHIFT |
	       (uint64_t)(uint8_t)~bytes << FURLONG_RACE_MISSING_SHIFT |
	       (uint64_t)read << FURLONG_RACE_READ_SHIFT | context;
}
static inline struct furlong_race_cell fl_cell_of(uint64_t word)
{
	return (struct furlong_race_cell){{word, word}};
}
static inline bool fl_cell_is(struct furlong_race_cell cell, uint32_t slot)
{
	return word_slot(cell.word[0]) == slot;
}
/* Same thread, same epoch, same kind: one member. */
static inline bool word_same_member(uint64_t a, uint64_t b)
{
	return !((a ^ b) & ~(((uint64_t)1 << FURLONG_RACE_EPOCH_SHIFT) - 1)) && !((a ^ b) & WORD_READ);
}

static inline bool fl_cell_same(struct furlong_race_cell a, struct furlong_race_cell b)
{
	return a.word[0] == b.word[0] && a.word[1] == b.word[1];
}

/* A word that one thread alone puts there: by what the chunk asks for. False: it is another now. */
static inline __attribute__((always_inline)) bool fl_word_renew(
	uint64_t *word, uint64_t old, uint64_t new, enum fl_owner_way whose)
{
	if (whose == FL_OWNER_ALL)
		return __atomic_compare_exchange_n(
			word, &old, new, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
	if (__atomic_load_n(word, __ATOMIC_RELAXED) != old)
		return false;
	__atomic_store_n(word, new, __ATOMIC_RELAXED);
	return true;
}

/* A cell that belongs to all; only one word of it where that is enough (fl_word_renewed). */
static inline bool fl_word_change(struct furlong_race_cell *cell, int which, struct furlong_race_cell seen,
	struct furlong_race_cell new)
{
	return which < 0 ? fl_sys_cell_change(cell, seen, new)
			 : fl_word_renew(&cell->word[which], seen.word[which], new.word[which], FL_OWNER_ALL);
}

bool fl_state_is_private(uint64_t word);

/* What others read stays where it is. */
static inline bool fl_keeps_reads(
	const struct fl_race_thread *self, struct furlong_race_cell seen, struct furlong_race_cell new)
{
	if (fl_cell_is(seen, FL_SLOT_STATE))
		return !fl_state_is_private(seen.word[0]);
	for (int i = 0; i < 2; i++)
		if (new.word[i] != seen.word[i] && word_is_read(seen.word[i]) &&
			seen.word[i] < WORD_SPECIAL && word_slot(seen.word[i]) != self->slot)
			return false;
	return true;
}

/* What a cell is changed by everywhere: `new` if it is `seen` still. */
static inline bool fl_cell_change(
	struct furlong_race_cell *cell, struct furlong_race_cell seen, struct furlong_race_cell new)
{
	struct fl_race_thread *self = fl_race_self_thread;
	enum fl_owner_way way;
	bool same;

	if (__builtin_expect(!self, 0)) {
		fl_owner_share(fl_owner_chunk(cell));
		return fl_sys_cell_change(cell, seen, new);
	}
	way = fl_owner_try(self, fl_owner_chunk(cell), false);
	if (!way)
		way = fl_owner_enter(self, cell, fl_keeps_reads(self, seen, new));
	if (way == FL_OWNER_MINE) {
		same = fl_cell_same(*cell, seen);
		if (same)
			fl_owner_set(cell, new);
	} else {
		same = fl_sys_cell_change(cell, seen, new);
	}
	fl_owner_leave(self);
	return same;
}

/* Who is just renewing a read there has done so. */
static inline void fl_cell_settle(const struct furlong_race_cell *cell)
{
	struct fl_race_thread *self = fl_race_self_thread;

	if (!self) {
		fl_owner_share(fl_owner_chunk(cell));
		return;
	}
	fl_owner_enter(self, cell, false);
	fl_owner_leave(self);
}

/* Before the thread's present moment, or done by itself. */
static inline bool fl_is_ordered(const struct fl_race_thread *self, uint64_t word)
{
	uint32_t slot = word_slot(word);

	return slot == self->slot || fl_clock_covers(&self->clock, word_epoch(word));
}

/* ---- sets of members ------------------------------------------------------------------------------- */

#define SET_AT_FIRST FL_TINY(24, 2)

/* Members are words; a set on the stack grows into the pool. */
struct fl_set {
	uint64_t *at;
	uint32_t count, capacity;
	uint64_t first[SET_AT_FIRST];
};

#define FOUND_LIMIT 8

/* An access on its way into cells. */
struct fl_access {
	struct fl_race_thread *self;
	uint64_t word;     /* epoch, bytes, kind, context: as it would stand in a cell */
	uintptr_t address; /* of the first byte in this cell */
	bool atomic;
	uintptr_t origin; /* where there is a stride: accesses begin at origin + n * stride */
	uint64_t stride;
	uint32_t found; /* races to be reported once no lock is held; more than fit are left to the next time
			 */
	struct fl_race_found races[FOUND_LIMIT];
};

enum fl_set_change {
	FL_SET_SAME, /* the access says nothing new */
	FL_SET_CHANGED,
};

void fl_set_init(struct fl_set *set);
void fl_set_free(struct fl_set *set);
bool fl_set_add(struct fl_set *set, uint64_t word);
void fl_set_load(struct fl_set *set, const uint64_t *words, uint32_t count);
/* Compares, notes races, and takes the access in. */
enum fl_set_change fl_set_apply(struct fl_set *set, struct fl_access *access);
/* Without the reads that a write of the thread has (cuts.h), but for the present epoch's, which code asks
 * for. */
void fl_set_leave_had(const struct fl_race_thread *self, struct fl_set *set, fl_epoch now);
void fl_set_forget(struct fl_set *set, uint8_t bytes);
bool fl_member_is_atomic(uint64_t word);
void fl_set_sort(struct fl_set *set); /* so that equal ones look alike */

/* ---- states that a thread knows ---------------------------------------------------------------------- */

/* The thread's reads of this epoch are in the state, or a write of its own. */
static inline struct fl_race_known *fl_known(const struct fl_race_thread *self, uint64_t state)
{
	return (struct fl_race_known *)self->known.at + ((state ^ state >> 32) & self->known.mask);
}
static inline bool fl_is_known(struct fl_race_thread *self, uint64_t state, uint64_t word)
{
	const struct fl_race_known *known = fl_known(self, state);

	return self->known.at && known->state == state && known->epoch == word_epoch(word) &&
	       word_is_read(word) && !(word_bytes(word) & ~known->bytes);
}

void fl_know_more(struct fl_race_thread *self, uint64_t state, fl_epoch epoch);

static inline void fl_know(struct fl_race_thread *self, uint64_t state, fl_epoch epoch, uint32_t bytes)
{
	if (!self->known.at || fl_known(self, state)->state != state)
		fl_know_more(self, state, epoch);
	if (self->known.at)
		*fl_known(self, state) = (struct fl_race_known){state, epoch, bytes};
	/* From now on inline code takes cells with this state for read. */
	if (bytes == 0xff)
		__furlong_race_self.shared = state;
}

/* What such a cell became by such an access lately, a state that may be no more; 0: not remembered. */
uint64_t fl_memo_look(struct fl_race_thread *self, struct furlong_race_cell old, uint64_t word);

/* ---- records: states and locations ------------------------------------------------------------------ */

struct fl_sync_object;

/* Type-stable: a number is a record for ever, its generation says which. `alive` is generation << 32 | cells
 * that refer to it. A state that several cells refer to never changes. One that a single cell refers to gets
 * a new name when it does, unless it is `private`: then it changes under its name, by whoever has its lock
 * and is in a chunk that lets him change everything, as long as no race is found and it stays a state. A
 * thread may renew its own member by a plain store, as with words of cells, in a chunk that is its own or the
 * readers'. Private is nothing that is offered, or that somebody replaces by name: he makes it public first
 * (fl_state_is_public), and another name comes before it is private again. The lock guards all but `alive`.
 */
#define FL_MEMBERS_WITHIN 4

struct fl_race_location {
	_Alignas(64) uint64_t alive;
	uint32_t lock; /* state.c: 0 free, 1 held */
	uint32_t number;
	uint64_t *words; /* `within`, or from the pool where there are more */
	uint16_t count, capacity;
	uint8_t changes; /* how often `quick` turned out to be wrong; a state: how often it was written to */
	bool private;    /* states only */
	uint64_t within[FL_MEMBERS_WITHIN];
	/* Here the second line of the cache begins, which states do without. */
	struct fl_sync_object *objects; /* locations only: location.c */
	uint64_t version;               /* quick.h: odd while the clocks change; never goes back */
	uint32_t next_free;
	uint16_t idle; /* quick.h: updates since that changed nothing */
	bool quick;    /* updates may be made without asking */
};

/* A state that one cell alone refers to, and that was written to more often than this, is a variable's:
 * tables are mostly read, and their cells come to look alike again. */
#define FL_WRITES_OF_A_TABLE FL_TINY(4, 1)

/* The thread comes back in a new epoch: a variable's state, which no other cell will come to share. */
static inline bool fl_comes_again(const uint64_t *words, uint32_t count, uint64_t word)
{
	for (uint32_t i = 0; i < count; i++)
		if (word_slot(words[i]) == word_slot(word) && word_epoch(words[i]) != word_epoch(word))
			return true;
	return false;
}

static inline uint64_t fl_record_word(uint32_t slot, uint32_t generation, uint32_t number)
{
	return (uint64_t)fl_epoch_make(slot, generation & (FL_CLOCK_LIMIT - 1)) << FURLONG_RACE_EPOCH_SHIFT |
	       number;
}

#define FL_RECORD_CHUNK_LOG2 FL_TINY(10, 4)
#define FL_RECORD_CHUNKS     (1u << 16)
extern struct fl_race_location *fl_record_chunks[FL_RECORD_CHUNKS];

/* That of a number, or of a word which names it. */
static inline struct fl_race_location *fl_record_at(uint64_t word)
{
	uint32_t number = (uint32_t)word;

	return &fl_record_chunks[number >> FL_RECORD_CHUNK_LOG2][number & ((1u << FL_RECORD_CHUNK_LOG2) - 1)];
}

/* A record with these members and one reference; NULL when there is no memory. */
struct fl_race_location *fl_record_make(const uint64_t *words, uint32_t count);
static inline uint64_t fl_record_name(const struct fl_race_location *record, uint32_t slot)
{
	return fl_record_word(
		slot, (uint32_t)(__atomic_load_n(&record->alive, __ATOMIC_ACQUIRE) >> 32), record->number);
}
bool fl_record_store(struct fl_race_location *record, const uint64_t *words, uint32_t count); /* locked */
/* Takes the lock if the record is still the one that the word names. */
bool fl_record_lock(struct fl_race_location *record, uint64_t word);
void fl_record_unlock(struct fl_race_location *record);
bool fl_record_refer(uint64_t word, uint32_t count); /* more references, if it lives */
void fl_record_drop(uint64_t word, uint32_t count);  /* fewer; frees */
void fl_record_fork_child(void);

/* The state with these members, made if there is none, with one more reference; 0: no memory. Both sort the
 * set. */
uint64_t fl_state_for(struct fl_set *set);
/* As above, but 0 when there is none. */
uint64_t fl_state_find(struct fl_set *set);
/* With its lock. False: it was not until now, the lock is given back, and whoever renewed a member without
 * the lock has done so: look again. */
bool fl_state_is_public(struct furlong_race_cell *cell, struct fl_race_location *state);
/* A state that this cell alone refers to is about to change where it is, and has another name from now on.
 * False: look again. */
bool fl_state_rename(struct furlong_race_cell *cell, struct furlong_race_cell seen,
	struct fl_race_location *state, uint64_t alive, struct furlong_race_cell *next);
/* It has these members now: others may refer to it. Nobody else changes it meanwhile. */
void fl_state_offer(const struct fl_set *set, uint64_t state);

/* Members of a cell that is no location; false: it changed meanwhile, look again. */
bool fl_cell_members(struct furlong_race_cell *cell, struct furlong_race_cell seen, struct fl_set *set);
bool fl_set_needs_state(const struct fl_set *set);
/* What a cell must hold for these members, which may be a new state; false: no memory. */
bool fl_cell_encode(struct fl_set *set, fl_epoch own, struct furlong_race_cell *cell);
/* Another content, and the reference that the old one held, if it was a state, is dropped. */
bool fl_cell_replace(
	struct furlong_race_cell *cell, struct furlong_race_cell seen, struct furlong_race_cell new);
/* The cell's location, made if need be, with its lock held; NULL: no memory. */
struct fl_race_location *fl_location_lock(struct furlong_race_cell *cell);
void fl_location_access(struct fl_race_location *location, struct fl_access *access);
/* The access in one cell; all of the rules. */
void fl_cell_access(struct furlong_race_cell *cell, struct fl_access *access);
void fl_access_report(struct fl_access *access);
/* Bytes of one cell are new. */
void fl_cell_forget(struct furlong_race_cell *cell, uint8_t bytes);
void fl_location_fork_child(void);
void fl_location_free_objects(struct fl_race_location *location);
/* Those that start in these bytes. */
void fl_location_forget(struct fl_race_location *location, uint8_t bytes);

/* The memory of cells that are about to be written to; `zeros`: they are, and nobody writes to them
 * meanwhile. */
void fl_shadow_bring_in(struct furlong_race_cell *cell, uint64_t cells, bool zeros);
/* Something other than plain members is there: fl_shadow_reset must look before it gives pages back. */
void fl_shadow_note(const struct furlong_race_cell *cell);
extern char *fl_shadow_notes;

/* ---- memory (pool.c) --------------------------------------------------------------------------------- */

/* Who does not get what it asks for may leave out what it was for: nothing is judged any more after that. */
void *fl_pool_take(size_t size); /* not zeroed; NULL: none */
void *fl_pool_map(size_t bytes); /* zeroed, of the kernel's; NULL: none */
void fl_pool_give(void *memory, size_t size);
void fl_pool_fork_child(void);
size_t fl_pool_room(size_t size); /* what was really given for that size */

/* No libc: its functions use vector registers, which compiled code does not save around slow paths. */
static inline void fl_words_copy(uint64_t *to, const uint64_t *from, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		to[i] = from[i];
		__asm__ volatile("");
	}
}

#endif
