/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race.h: races as the tool speaks of them: what read/ fills and write/ and html/ print. Hangs off struct
 * fl_model. No I/O, no format.
 */
#ifndef FURLONG_MODEL_RACE_H
#define FURLONG_MODEL_RACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fl_arena;
struct fl_file;

/* A loaded object: what an offset counts in. */
struct fl_object {
	const char *path;
	const char *build_id; /* hex; "" when it has none */
};

/* One line of a stack. An inlined function is a frame of its own with the same module and offset. */
struct fl_frame {
	const char *function; /* demangled; NULL: unknown */
	const char *file;     /* as shown (relative to the root where it can be); NULL: unknown */
	const char *disk_path;
	uint32_t line, column; /* 0: unknown */
	const char *text;      /* of the line, trimmed, of an access where the source is at hand; else NULL */
	const struct fl_object *object; /* NULL: in no object */
	const char *module;             /* its base name; NULL: in no object */
	uint64_t offset;                /* ELF address in the object, or the address */
	bool inlined;
	bool system; /* not the program's own: system headers and libraries, the runtime */
	bool cut;    /* "...": more was there */
};

struct fl_stack {
	struct fl_frame *frames;
	size_t count;
};

struct fl_held {
	uint32_t lock;
	bool write;
};

/* An access to memory; or, in a report that is no race, a step that led there: a stack with a title. */
struct fl_access {
	const char *title; /* NULL: an access */
	const char *op;    /* "write", "read", "free"; "" of a step */
	bool atomic;
	uint64_t size, address;
	uint32_t thread;
	struct fl_held *held;
	size_t held_count;
	struct fl_stack stack;
};

enum fl_race_place {
	FL_PLACE_UNKNOWN,
	FL_PLACE_HEAP,
	FL_PLACE_GLOBAL,
	FL_PLACE_STACK,
	FL_PLACE_TLS,
	FL_PLACE_DESCRIPTOR,
};

struct fl_race_location {
	enum fl_race_place place;
	uint64_t size, address;
	uint32_t thread;    /* who allocated it, or whose stack or TLS it is */
	const char *name;   /* of a global */
	const char *symbol; /* the same, as the linker has it */
	const struct fl_object *object;
	const char *module;
	uint64_t offset;
	struct fl_stack allocated;
	bool freed;
	uint32_t freed_by;
	struct fl_stack freed_at;
};

struct fl_race_thread {
	uint32_t number; /* 0: main thread */
	int32_t tid;
	bool running;
	uint32_t parent;
	const char *name; /* "" when it has none */
	struct fl_stack created;
};

struct fl_race_lock {
	uint32_t number; /* M1 is 1 */
	uint64_t address;
	struct fl_stack created;
};

/* What the thread of the later access knew of the earlier one's. Releases are at least so many. */
struct fl_race_order {
	bool known, heard; /* heard: of anything that it did */
	uint64_t before,
		since; /* its releases from what was heard, or its birth, to its access; and after that */
};

/* What the memory is to the program. */
struct fl_subject {
	const char *
		expression; /* "conn->state", "table[3].next": as one of the accesses has it; NULL: unknown */
	const char *type;   /* "struct conn": what it is a field of; NULL: of nothing, or unknown */
	const char *field;  /* "state"; NULL as `type` */
};

struct fl_race {
	const char *kind;
	const char *fingerprint; /* lives through address layout, rebuilds and moved lines */
	const char *says;        /* what is wrong, in a sentence; NULL: the accesses say it */
	const char *summary;     /* "src/counter.c:17:11 in increment" */
	int32_t pid;             /* of the first process that had it */
	uint32_t processes;      /* how many had it */
	uint32_t runs;           /* in how many runs of the tests */
	uint64_t times;
	uint64_t newest; /* when the last process that had it, unsuppressed, started: ns since 1970 */
	const char *program, *label;
	const char *suppressed_by; /* NULL: not suppressed */
	struct fl_access *accesses;
	size_t access_count;
	struct fl_race_order order;
	struct fl_race_location location;
	struct fl_subject subject;
	struct fl_race_thread *threads;
	size_t thread_count;
	struct fl_race_lock *locks;
	size_t lock_count;
};

/* Accesses in the programs' code, not in their runs; each program counts once. */
struct fl_race_seen {
	uint64_t checked, local, constant, repeated, left_out;
};

/* Something that could not be watched, and how often; a note says so in a sentence. */
struct fl_race_loss {
	const char *what; /* "signal", "blind"... */
	uint64_t count;
};

struct fl_races {
	bool looked;           /* some program of the data was built with the race instrument */
	struct fl_race *races; /* sorted by summary, then fingerprint; suppressed ones last */
	size_t race_count;
	size_t suppressed; /* how many of them are */
	struct fl_race_seen seen;
	uint32_t processes;
	uint32_t runs;               /* of the tests; those of which none is said are one */
	uint64_t newest;             /* when the last of them started: ns since 1970 */
	struct fl_race_loss *losses; /* sorted by what; only what there was */
	size_t loss_count;
	const char **bare; /* loaded objects with code that was not instrumented; sorted */
	size_t bare_count;
	struct fl_file *files; /* where races are and no coverage is: paths and state only; sorted by path */
	size_t file_count;
};

/* 32 hex digits: from kind, and for both accesses in either order operation, innermost function, and
 * function, file name and text of the line of the innermost frame that is the program's own (the text where
 * the source is at hand). No address, no line number, and no caller: which call came first is chance. In the
 * arena. Of a report that is no race: the same of all its steps, without their titles. */
const char *fl_race_fingerprint(const struct fl_race *race, struct fl_arena *arena);
/* The innermost frame that has a file and is the program's own, for a one-line summary. NULL: none. */
const struct fl_frame *fl_race_top(const struct fl_stack *stack);
/* "T2", "main thread". In the arena. */
const char *fl_race_thread_name(uint32_t number, struct fl_arena *arena);
/* "data race" of "data-race"; and the type of suppression that may silence it ("race", "mutex", "thread",
 * "deadlock", "signal"). */
const char *fl_race_title(const char *kind);
const char *fl_race_suppression_type(const char *kind);

/* ---- questions (races.c) ------------------------------------------------------------------------------ */

/* A function's name without what makes C++ names long; the whole name when that cannot be told. In the arena.
 */
const char *fl_race_short_name(const char *function, struct fl_arena *arena);
/* The summary with such a name: "src/counter.c:17 in increment". In the arena. */
const char *fl_race_brief(const struct fl_race *race, struct fl_arena *arena);
/* How many are not suppressed; and of them, how many a process had that started at `since` or later. */
size_t fl_races_open(const struct fl_races *races);
size_t fl_races_open_since(const struct fl_races *races, uint64_t since);
/* NULL when the report does not describe it. */
const struct fl_race_thread *fl_race_find_thread(const struct fl_race *race, uint32_t number);
const struct fl_race_lock *fl_race_find_lock(const struct fl_race *race, uint32_t number);
/* "T2 'worker'", "main thread". In the arena. */
const char *fl_race_thread_title(const struct fl_race *race, uint32_t number, struct fl_arena *arena);
/* "Atomic write of size 4"; a step's own title. In the arena. */
const char *fl_race_access_title(const struct fl_access *access, struct fl_arena *arena);
/* The same with its thread: "Atomic write of size 4 by T2 'worker'". In the arena. */
const char *fl_race_access_full_title(
	const struct fl_race *race, const struct fl_access *access, struct fl_arena *arena);
/* What its order says, as a sentence: "T4 had heard of nothing that T1 did." NULL: nothing is known. In the
 * arena. */
const char *fl_race_order_says(const struct fl_race *race, struct fl_arena *arena);
/* Whether it is two accesses that nothing orders. */
bool fl_race_is_of_accesses(const struct fl_race *race);
/* Whether TSan has that kind. */
bool fl_race_is_kind_of_tsan(const char *kind);
/* Whether both accesses were made under that lock; whether there is such a lock. */
bool fl_race_lock_is_common(const struct fl_race *race, uint32_t lock);
bool fl_race_has_common_lock(const struct fl_race *race);
/* What races that are alike have in common: "state of struct conn", "global 'table'", "block from a.c:12 in
 * load". NULL: nothing that is known. In the arena. */
const char *fl_race_object(const struct fl_race *race, struct fl_arena *arena);
/* "heap", "global"...: the word of the JSON. */
const char *fl_race_place_word(enum fl_race_place place);
/* "heap block of size 16 at 0x7b04000000f0", "global 'counter' of size 4 (app+0x4010)"... In the arena. */
const char *fl_race_location_title(const struct fl_race *race, struct fl_arena *arena);

#endif
