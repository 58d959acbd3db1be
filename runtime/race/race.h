/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race.h: what the files of the race instrument share: cells, clocks, threads, contexts, synchronisation,
 * reports. docs/design/race.md is the story; this is the list of words.
 *
 * Who may call what: everything here runs in the thread it speaks of, inside the runtime (fl_race_in) unless
 * said otherwise. Nothing here allocates by malloc or takes the runtime's big lock, but for births and
 * endings.
 */
#ifndef FL_RACE_RACE_H
#define FL_RACE_RACE_H

#include "core/check.h"
#include "core/instrument.h"
#include "core/lock.h"
#include "core/threads.h"
#include "furlong/abi.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- epochs and clocks (clock.c, slot.c) ---------------------------------------------------------- */

#define FL_SLOT_LIMIT  (1u << FURLONG_RACE_SLOT_BITS)
#define FL_CLOCK_LIMIT (1u << FURLONG_RACE_CLOCK_BITS)
/* The last clock that a thread has on a slot. */
#define FL_CLOCK_LAST    FL_TINY(FL_CLOCK_LIMIT - 1, 63)
#define FL_SLOT_STATE    (FL_SLOT_LIMIT - 1)
#define FL_SLOT_LOCATION (FL_SLOT_LIMIT - 2)
#define FL_SLOT_BLOCK    (FL_SLOT_LIMIT - 3)
#define FL_SLOT_USABLE   (FL_SLOT_LIMIT - 3) /* slots 0 .. this - 1 are threads' */

/* Slot and clock as one number: word >> FURLONG_RACE_EPOCH_SHIFT. 0: before everything. */
typedef uint32_t fl_epoch;
static inline uint32_t fl_epoch_slot(fl_epoch e)
{
	return e >> FURLONG_RACE_CLOCK_BITS;
}
static inline uint32_t fl_epoch_clock(fl_epoch e)
{
	return e & (FL_CLOCK_LIMIT - 1);
}
static inline fl_epoch fl_epoch_make(uint32_t slot, uint32_t clock)
{
	return slot << FURLONG_RACE_CLOCK_BITS | clock;
}

/* A vector clock: at[slot] for slot < count, 0 beyond. Grows; its memory goes back to a pool. */
struct fl_clock {
	uint32_t *at;
	uint32_t count, capacity;
};
static inline uint32_t fl_clock_get(const struct fl_clock *clock, uint32_t slot)
{
	return slot < clock->count ? clock->at[slot] : 0;
}
static inline bool fl_clock_covers(const struct fl_clock *clock, fl_epoch e)
{
	return fl_clock_get(clock, fl_epoch_slot(e)) >= fl_epoch_clock(e);
}
void fl_clock_set(struct fl_clock *clock, uint32_t slot, uint32_t value);
bool fl_clock_join(struct fl_clock *into, const struct fl_clock *from); /* whether that said anything new */
void fl_clock_copy(struct fl_clock *to, const struct fl_clock *from);
void fl_clock_clear(struct fl_clock *clock);   /* all 0, memory kept */
void fl_clock_release(struct fl_clock *clock); /* memory given back */

/* ---- threads (thread.c) ---------------------------------------------------------------------------- */

/* A thread as reports speak of it, kept after its end: slots come and go. uid 0 is the main thread ("T0" is
 * printed "main thread"), then in order of birth. */
struct fl_race_person {
	uint32_t uid;
	int32_t tid;            /* kernel's */
	uint32_t parent;        /* uid */
	uint32_t birth_context; /* of the pthread_create or the like; 0: none */
	bool running;
	/* Times of births and joins (fl_race_time). */
	uint32_t born_at, joined_at; /* 0: not joined */
	uint32_t joiner;             /* uid */
	char name[16];               /* as pthread_setname_np said last; "" when it never did */
};

#define FL_LOCKSET_LIMIT 64
#define FL_SIGNALS_KEPT  8  /* they arrive together or not at all */
#define FL_COUNT_ROOM    13 /* at least as many as enum fl_race_count */

/* A state that holds what the thread read in this epoch (access.c). */
struct fl_race_known {
	uint64_t state;
	fl_epoch epoch;
	uint32_t bytes;
};

/* What a thread remembers, at places that a hash says: a table that grows while entries that still say
 * something make room for others (recent.c). */
struct fl_lately {
	void *at;            /* NULL: nothing yet, or no memory */
	uint32_t mask, lost; /* entries - 1; how many made room */
};

/* Bytes that it went through without gaps, in loops; all zeros: nothing. */
#define FL_STRETCHES 4
struct fl_race_stretch {
	uintptr_t begin, end;
	uint64_t when; /* as in elements.h */
};

/* Techniques that the option race_without has left (saving.c). */
extern struct fl_race_savings {
#define SAVING(name) bool name;
#include "race/savings.def"
#undef SAVING
} fl_race_savings;
void fl_race_savings_init(void);

/* A release that others may have acquired, or may come to (cuts.h). */
#define FL_CUTS FL_TINY(4, 2)
struct fl_race_cut {
	uint32_t clock;    /* the last one before it */
	const void *where; /* the thread's entry for a lock; NULL: anywhere */
};

/* In `ignore_reads_and_writes`: it does not record just now (budget.h). */
#define FL_RESTS (1u << 31)

struct fl_race_thread {
	struct fl_thread *core;
	struct fl_race_person *person;
	struct fl_clock clock; /* of everyone; own slot: the last *completed* clock */
	uint32_t slot, now;    /* now: the clock of the present epoch */
	bool dirty;            /* an access was recorded in the present epoch */
	struct fl_clock release_fence, acquire_pending;
	bool has_release_fence, has_acquire_pending;
	uint32_t lockset;                 /* interned (lockset.c); 0: empty */
	uint32_t held, lockset_before;    /* held.h: its length; that of the epoch before */
	uint32_t ignore_reads_and_writes; /* depth, and FL_RESTS */
	bool met_objects;                 /* an access was to a cell that something synchronises by */
	struct furlong_race_frame *frames, *frames_end; /* of its own stack (follow.h) */
	uintptr_t stack_begin, stack_end;               /* of the program's stack; 0 when unknown */
	uintptr_t tls_begin, tls_end;                   /* of its thread-local storage (stack.c) */
	uint32_t owner;                                 /* its number as an owner of cells (owner.h) */
	const uint32_t *in_chunk;                       /* whose cells it changes just now */
	uint64_t renewed;               /* reads in chunks that are everybody's, counted on (owner.h) */
	struct fl_race_memo *memo;      /* access.c: old state -> new state, in this epoch */
	struct fl_lately known;         /* struct fl_race_known */
	uint64_t counts[FL_COUNT_ROOM]; /* enum fl_race_count */
	/* Of the atomic operation between begin and end. */
	struct fl_race_location *in_operation;
	const void *operation_pc, *operation_caller;
	struct fl_race_lock_known *locks_known; /* sync_lock.c */
	/* A number for what the clock says: never used twice by this thread for different things. After
	 * `undo` comes `again`, when the same release is made again. */
	uint64_t content, contents, again;
	uint64_t learned; /* goes on when anything but the present slot's clock changes */
	const void *undo; /* where the release was that began the epoch; nothing happened since */
	struct fl_race_cut cuts[FL_CUTS];
	uint32_t cut_count, cuts_known_from;
	const uint64_t
		*inside; /* quick.h: version of the variable that it updates without asking; else NULL */
	struct fl_race_called *called; /* context.c: contexts used lately */
	struct fl_foreign_ways *ways;  /* foreign.c: walks done lately */
	const struct fl_race_thread
		*joins;          /* whose end it waits for, and will have acquired when it goes on */
	uint32_t past_met;       /* past.h */
	struct fl_lately walked; /* elements.h: ways through loops in the present epoch */
	struct fl_race_stretch stretches[FL_STRETCHES];
	uint32_t next_stretch;                   /* the next to make room */
	struct fl_lately recent;                 /* recent.h: what it recorded in the present epoch */
	uint64_t stamp;                          /* what recent ones must have been recorded at */
	siginfo_t signals_kept[FL_SIGNALS_KEPT]; /* signal.c: not thread-local, of which a loaded library has
						    little */
	struct fl_race_thread *next, *previous;
};

/* There was no memory once, or code that does not tell all: an order may be missing, so nothing is recorded
 * or reported from then on. */
extern enum fl_race_blind { FL_BLIND_NOT, FL_BLIND_OF_MEMORY, FL_BLIND_OF_FOREIGN } fl_race_blind;

/* The calling thread, NULL when the runtime does not know it (then nothing is checked). A thread-local read.
 */
extern __thread struct fl_race_thread *fl_race_self_thread;
/* Nesting in the runtime; a signal handler that finds it set leaves its access out. */
extern __thread uint32_t fl_race_depth;

/* Whether there was ever a second thread: until then nothing needs to be recorded. Set once, by the birth. */
extern bool fl_race_concurrent;

bool fl_race_thread_init(void); /* main thread; false: no memory, stay blind */
struct fl_race_thread *fl_race_thread_of(const struct fl_thread *core); /* NULL: none */
/* In the parent: makes the child's clock from the parent's (a release). NULL: no memory; the child stays
 * blind. */
struct fl_race_thread *fl_race_thread_prepare(struct fl_thread *child, uint32_t birth_context);
/* For threads that begin without a parent's doing, later: who they come after, and where he asked for them.
 * To sponsor once more adds what he did since. */
struct fl_race_sponsor {
	struct fl_clock clock;
	uint32_t uid, context;
};
void fl_race_thread_sponsor(struct fl_race_sponsor *sponsor);
struct fl_race_thread *fl_race_thread_adopt(struct fl_thread *thread, const struct fl_race_sponsor *sponsor);
void fl_race_thread_unprepare(struct fl_race_thread *child); /* the birth failed */
void fl_race_thread_start(struct fl_race_thread *self);      /* in the child: sets thread-local state */
/* The child has ended and the caller knows it (join): acquire all it did. Then fl_race_thread_gone. */
void fl_race_thread_joined(struct fl_race_thread *child);
/* No code of it runs any more: its slot may be taken over by whoever is ordered after it. */
void fl_race_thread_gone(struct fl_race_thread *thread);
void fl_race_thread_fork_child(void);
/* Goes on at each birth and each join, those of others too: what threads did before and after. */
extern uint32_t fl_race_time;
/* Whether births and joins alone put what one thread did at a time before what another did. */
bool fl_race_is_born_after(uint32_t uid, uint32_t time, uint32_t later_uid, uint32_t later_time);
/* All that may still access memory, by `next`: none comes or goes until they are let go. Try: false if
 * somebody else keeps them. */
void fl_race_threads_keep(void);
bool fl_race_threads_try(const struct fl_race_thread **first, uint32_t *count);
void fl_race_threads_let_go(void);
/* Another thread is inside an update of the variable (quick.h). */
bool fl_race_is_inside(const uint64_t *version);
/* Who ran at that epoch; NULL if unknown. */
const struct fl_race_person *fl_race_person_at(fl_epoch epoch);
/* The clock on that slot when that thread began, or took the slot over; and its last one so far. */
void fl_race_reign(fl_epoch epoch, uint32_t *before, uint32_t *last);
/* The clock of who runs on the slot; 0: nobody. */
uint32_t fl_race_clock_on(uint32_t slot);
const struct fl_race_person *fl_race_person(uint32_t uid);
void fl_race_person_name(const char *name); /* of the calling thread */

/* A new epoch for the thread if the present one is dirty. Every release does it. */
void fl_race_advance(struct fl_race_thread *thread);
/* The same for a release of a lock, of which the thread has that entry. */
void fl_race_advance_at(struct fl_race_thread *thread, const void *lock);
/* Back to the epoch before, which nobody has heard the end of, and since which nothing was recorded. */
void fl_race_go_back(struct fl_race_thread *thread);
/* The thread acquires it. */
void fl_race_learn(struct fl_race_thread *thread, const struct fl_clock *clock);
/* Takes the thread's inline state (mask, cells, epoch) from its record. */
void fl_race_publish(struct fl_race_thread *thread);

/* ---- contexts (context.c, lockset.c) ---------------------------------------------------------------- */

enum fl_race_what { /* flags of a context */
	FL_WHAT_ATOMIC = 1,
	FL_WHAT_RANGE = 2, /* memcpy and the like */
	FL_WHAT_FREE = 4,  /* the memory was given back */
	FL_WHAT_VPTR = 8,
	FL_WHAT_VOLATILE = 16,
	FL_WHAT_COMPOSITE = 32, /* internal */
	FL_WHAT_TRUNCATED = 64, /* the tables were full: innermost frames only */
};

struct fl_race_context {
	uint32_t node;  /* calling context of the function that holds pc */
	uint32_t locks; /* of an access: how many were held (held.h); of a step: the lockset */
	uint32_t size;  /* of the access */
	uint32_t what;  /* enum fl_race_what */
	const void *pc; /* return address of the call into the runtime */
};

/* The number of a context of the calling thread: of an access, and of what else reports tell of. `caller` as
 * in abi.h; pc the return address of the call. */
uint32_t fl_context_here(const void *pc, const void *caller, uint32_t size, uint32_t what);
uint32_t fl_context_of_step(const void *pc, const void *caller);
/* A frame's node for a chain that begins there: whatever called it does not belong to it. */
uint32_t fl_context_root(const void *return_address);
/* Whether contexts may differ in the size of a long access alone. */
bool fl_context_has_room(void);
/* One made of several; bytes of `first` win where both have them. May return 0 when the table is full. */
uint32_t fl_context_compose(uint32_t first, uint8_t first_bytes, uint32_t second, uint8_t second_bytes);
/* That of a byte (0..7) of the access. */
struct fl_race_context fl_context_get(uint32_t context, unsigned byte);
/* Return addresses, innermost (pc) first; how many were written. Safe in any thread. */
size_t fl_context_stack(const struct fl_race_context *context, const void **stack, size_t limit);

/* Locks held, as an interned ordered list. Returns the new list's number; the old one when memory is short.
 */
struct fl_held_lock {
	uint32_t lock; /* uid of a fl_race_lock (lock.c) */
	bool write;
};
uint32_t fl_lockset_with(uint32_t lockset, struct fl_held_lock lock);
uint32_t fl_lockset_without(uint32_t lockset, uint32_t lock);
uint32_t fl_lockset_length(uint32_t lockset);
uint32_t fl_lockset_first(uint32_t lockset, uint32_t count); /* of these that many, the oldest */
size_t fl_lockset_get(uint32_t lockset, struct fl_held_lock *locks, size_t limit); /* oldest first */

/* ---- shadow memory (shadow.c) ----------------------------------------------------------------------- */

bool fl_shadow_init(void); /* false, with one line said: no address space */
extern uint64_t fl_shadow_mask;
extern char *fl_shadow_cells;
#define FL_SHADOW_BITS  45                            /* of an address */
#define FL_SHADOW_BYTES ((size_t)2 << FL_SHADOW_BITS) /* of cells */
/* Where it is; what it says, fl_cell_open (page.h) tells. */
static inline struct furlong_race_cell *fl_shadow_cell(const volatile void *address)
{
	return (struct furlong_race_cell *)(fl_shadow_cells + 2 * ((uintptr_t)address & fl_shadow_mask));
}
/* The bytes are new: no access, no location. Gives whole pages of shadow memory back. */
void fl_shadow_reset(const volatile void *address, size_t size);
/* ---- accesses (access.c, state.c, range.c) ----------------------------------------------------------- */

/* Any size and alignment, as one access of the calling thread; `context` by fl_context_here. */
void fl_access(const volatile void *address, size_t size, bool write, uint32_t what, uint32_t context);
/* Of as few bytes it is asked first whether all of them are recorded in this epoch. */
#define FL_SHORT 64
bool fl_range_is_said(struct fl_race_thread *self, uintptr_t at, size_t size, bool write);
/* Marks a heap block: cell in front of it. Readable from any thread at a report. */
struct fl_race_block {
	uintptr_t begin;
	size_t size;
	uint32_t context; /* of the allocation */
	uint32_t owner;   /* uid of the thread */
	bool freed;
};
void fl_block_mark(const struct fl_race_block *block);
bool fl_block_at(uintptr_t begin, struct fl_race_block *block);     /* the one that begins there */
bool fl_block_find(uintptr_t address, struct fl_race_block *block); /* the block around an address */
void fl_block_is_as_large(size_t size); /* one that is marked elsewhere: how far fl_block_find goes down */

/* ---- synchronisation (sync.c): locations and their clocks --------------------------------------------
 * The object is any address; its location is made on first use. All are no-ops for threads the runtime does
 * not know. Acquire what others released there; release what this thread did. */
void fl_sync_acquire(const volatile void *object);
void fl_sync_release(const volatile void *object);       /* joins: several may release */
void fl_sync_release_store(const volatile void *object); /* replaces what was there */
void fl_sync_acquire_release(const volatile void *object);
void fl_sync_forget(const volatile void *object, size_t size); /* the objects in it are no more */
/* A second clock of the same object, for read-write locks: readers release into it, writers acquire both. */
void fl_sync_release_shared(const volatile void *object);
void fl_sync_acquire_shared(const volatile void *object);
/* The same for locks, which only one thread at a time has, or several to read (sync_lock.c). The thread has
 * it from now on; is about to give it back. `had`: it is the one that took it. */
enum fl_sync_lock { FL_SYNC_ALONE, FL_SYNC_WRITE, FL_SYNC_READ };
void fl_sync_taken(const volatile void *lock, enum fl_sync_lock how);
void fl_sync_giving(const volatile void *lock, enum fl_sync_lock how, bool had);

/* A handler that found its thread inside the runtime and waits for it to leave (signal.c). */
extern __thread bool fl_signal_waiting;
void fl_signal_deliver(void);
static inline void fl_race_leave(void)
{
	FL_CHECK(fl_race_depth == 1 && (!fl_race_self_thread || !fl_race_self_thread->in_chunk));
	fl_race_depth = 0;
	__atomic_signal_fence(__ATOMIC_SEQ_CST); /* a handler from here on does not wait */
	if (__builtin_expect(fl_signal_waiting, 0))
		fl_signal_deliver();
}

/* Run `body` inside the runtime, unless nested in it. No return, break or goto out of it. */
#define FL_RACE_INSIDE                                                                                       \
	for (bool fl_once = fl_race_self_thread && !fl_race_depth && (fl_race_depth = 1); fl_once;           \
		fl_once = false, fl_race_leave())

/* ---- locks as reports speak of them (lock.c) ---------------------------------------------------------- */

struct fl_race_lock {
	uint32_t uid; /* from 1: "M1" */
	uintptr_t address;
	uint32_t created; /* context of its first use or initialisation */
	bool destroyed;
};
const struct fl_race_lock *fl_race_lock(uint32_t uid);

/* ---- reports (report.c and its neighbours) ------------------------------------------------------------- */

struct fl_race_access {
	fl_epoch epoch;
	uint32_t context;
	unsigned byte; /* of the cell, for the context */
	bool write;
	uintptr_t address;
};

struct fl_race_found {
	const char *kind; /* "data-race", "heap-use-after-free", "data-race-vptr" … */
	struct fl_race_access now, before;
};
/* Once per distinct race it prints, writes and counts; then only counts. Runs in the racing thread. */
void fl_report_race(const struct fl_race_found *found);
/* False in a child of vfork: it has our memory, but descriptors of its own, and ends. */
bool fl_race_process_is_ours(void);
void fl_report_init(void);
void fl_report_at_exit(void);
void fl_report_hand_in(enum fl_hand_in why); /* the same for the race file, but life may go on */
void fl_report_fork_child(void);
/* The process is about to give up its root or its rights: what reports need it takes along. */
void fl_report_keep(void);
/* What the exit status becomes: `status`, or exitcode=N when something was reported and status is 0. */
int fl_report_exit_status(int status);

/* ---- what was not seen ----------------------------------------------------------------------------------
 */

enum fl_race_count {
	FL_COUNT_SLOW,       /* accesses that took the slow path */
	FL_COUNT_IN_SIGNAL,  /* left out: in a handler inside the runtime */
	FL_COUNT_BLIND,      /* left out: thread unknown, or no memory */
	FL_COUNT_STATES,     /* cells that grew a state of their own */
	FL_COUNT_TRUNCATED,  /* contexts cut short */
	FL_COUNT_SLOT_REUSE, /* slots taken over out of order: races may be missed */
	FL_COUNT_FROZEN,     /* releases without a new epoch: none was left */
	FL_COUNT_SHARED,     /* mappings that other processes may write to */
	FL_COUNT_RINGS,      /* of io_uring, that the program handles itself */
	FL_COUNT_ORDERS,     /* orders of locks that were not looked at to the end */
	FL_COUNT_RELEASES,   /* with a budget (budget.h): while accesses are recorded */
	FL_COUNT_RELEASES_AT_REST,
	FL_COUNT_FOREIGN, /* modules built for another version */
};
void fl_race_count(enum fl_race_count what);         /* any thread */
void fl_race_counts(uint64_t counts[FL_COUNT_ROOM]); /* the sum over all threads, ever */

/* What the pass said about the code of all modules that ever registered (module.c). */
struct fl_race_unit_sums {
	uint64_t checked, local, constant, repeated, left_out, modules;
};
struct fl_race_unit_sums fl_race_units_seen(void);

#endif
