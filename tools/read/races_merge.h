/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * races_merge.h: what races.c has gathered when all files are read. Inside read/ only.
 */
#ifndef FURLONG_READ_RACES_MERGE_H
#define FURLONG_READ_RACES_MERGE_H

#include "model/race.h"
#include "read/race_block.h"
#include "read/symbols.h"
#include "util/map.h"

struct process {
	uint64_t start;
	const char *program;
	size_t run; /* its number */
	struct fl_race_seen seen;
};

/* A race of one process. */
struct sighting {
	size_t run;           /* of the process */
	size_t process, find; /* find: SIZE_MAX while only its count is known */
	uint64_t times;
	const char *suppressed_by; /* NULL: it was not */
};

struct fl_race_reader {
	struct fl_arena *arena;
	struct fl_symbols *symbols;
	struct fl_map process_keys, sighting_keys, find_keys, loss_keys, words, run_names;
	struct process *processes;
	size_t process_count, process_capacity;
	struct sighting *sightings;
	size_t sighting_count, sighting_capacity;
	struct fl_race **finds; /* what is the same by code addresses */
	size_t find_count, find_capacity;
	size_t *places; /* pairs of fl_sources, in the order of frames */
	size_t place_count, place_capacity;
	struct fl_race_loss *losses;
	size_t loss_count, loss_capacity;
	const char **bare;
	size_t bare_count, bare_capacity;
	bool looked;
};

#endif
