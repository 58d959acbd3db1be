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

struct fl_access {
	const char *op; /* "write", "read", "free" */
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
};

struct fl_race_location {
	enum fl_race_place place;
	uint64_t size, address;
	uint32_t thread;  /* who allocated it, or whose stack or TLS it is */
	const char *name; /* of a global */
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

struct fl_race {
	const char *kind;
	const char *fingerprint; /* lives through address layout, rebuilds and moved lines */
	const char *summary;     /* "src/counter.c:17:11 in increment" */
	int32_t pid;             /* of the first process that had it */
	uint32_t processes;      /* how many had it */
	uint64_t times;
	const char *program, *label;
	const char *suppressed_by; /* NULL: not suppressed */
	struct fl_access *accesses;
	size_t access_count;
	struct fl_race_location location;
	struct fl_race_thread *threads;
	size_t thread_count;
	struct fl_race_lock *locks;
	size_t lock_count;
};

struct fl_race_seen {
	uint64_t checked, local, constant, repeated, left_out;
};

struct fl_races {
	bool looked;           /* some program of the data was built with the race instrument */
	struct fl_race *races; /* sorted by summary, then fingerprint; suppressed ones last */
	size_t race_count;
	size_t suppressed; /* how many of them are */
	struct fl_race_seen seen;
	uint32_t processes;
};

/* 32 hex digits: from kind, and for both accesses in either order operation, innermost function, and
 * function, file name and text of the line of the innermost frame that is the program's own (the text where
 * the source is at hand). No address, no line number, and no caller: which call came first is chance. In the
 * arena. */
const char *fl_race_fingerprint(const struct fl_race *race, struct fl_arena *arena);
/* The innermost frame that has a file and is the program's own, for a one-line summary. NULL: none. */
const struct fl_frame *fl_race_top(const struct fl_stack *stack);
/* "T2", "main thread". In the arena. */
const char *fl_race_thread_name(uint32_t number, struct fl_arena *arena);
/* "data race" of "data-race"; and the type of suppression that may silence it ("race", "mutex", "thread",
 * "deadlock", "signal"). */
const char *fl_race_title(const char *kind);
const char *fl_race_suppression_type(const char *kind);

#endif
