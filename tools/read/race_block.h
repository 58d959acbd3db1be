/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_block.h: race data (format.h, "race data"), block by block, as the model's structures. Frames are raw:
 * object and offset, nothing else; symbols.h makes lines of them.
 *
 * The bytes may be anything and may be cut off anywhere. Everything that comes out is in the arena.
 */
#ifndef FURLONG_READ_RACE_BLOCK_H
#define FURLONG_READ_RACE_BLOCK_H

#include "model/race.h"
#include "util/error.h"

/* Where reading stands. `path` is for messages. */
struct fl_race_text {
	const char *path;
	const char *data;
	size_t size, at;
	size_t line; /* of `at`, from 0 */
};

struct fl_race_times {
	uint64_t key, count;
};

struct fl_race_suppressed {
	uint64_t key;
	const char *by; /* "race:pattern" */
};

struct fl_race_missed {
	const char *what; /* as furlong/format.h says */
	uint64_t count;
};

struct fl_race_block {
	int32_t pid;
	uint64_t start;                    /* ns since 1970; with pid it names the process */
	const char *program, *label, *run; /* run: "" when it is not said */
	struct fl_object *objects;
	size_t object_count;
	/* A report; NULL: none in this block. kind, accesses, location, threads and locks are filled in, and
	 * pid, processes (1), times (1), program, label; the rest is the reader's to find out. */
	struct fl_race *race;
	uint64_t key; /* of the report: equal for repetitions in the process */
	struct fl_race_times *times;
	size_t times_count;
	struct fl_race_suppressed *suppressed; /* reports of this process, of blocks before */
	size_t suppressed_count;
	bool has_seen; /* the process came to its end: */
	struct fl_race_seen seen;
	struct fl_race_missed *missed;
	size_t missed_count;
	const char **bare; /* objects with code that were not instrumented */
	size_t bare_count;
};

/* The next block: 1; 0 when there is no more; -1 with *error ("PATH:LINE: ...") when it is none, with the
 * reading moved on to what looks like the start of the next one, so that the caller may go on. */
int fl_race_block_read(struct fl_race_text *text, struct fl_race_block *block, struct fl_arena *arena,
	struct fl_error *error);

#endif
