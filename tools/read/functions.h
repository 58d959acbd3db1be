/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * functions.h: a function's shape with its counts, into the model's builder: regions, conditions, decisions.
 */
#ifndef FURLONG_READ_FUNCTIONS_H
#define FURLONG_READ_FUNCTIONS_H

#include "read/copies.h"
#include "read/data.h"
#include "read/shape.h"
#include "read/sources.h"

/* One translation unit's file table: pair numbers of fl_sources, by index. */
struct unit {
	size_t *pairs;
	size_t count;
};

/* Buffers that are used again for the next function, and what was lost so far. */
struct functions {
	struct fl_arena *arena; /* these three are the caller's */
	struct fl_build *build;
	struct fl_sources *sources;
	struct shape shape;
	struct counts counts;
	struct uses uses;
	struct copies copies;
	struct fl_region_facts *body; /* of the function being read */
	size_t body_count, body_capacity;
	struct raw_condition *conditions; /* of the decision being read; so for paths */
	size_t condition_count, condition_capacity;
	struct fl_path_facts *paths;
	size_t path_count, path_capacity;
	uint64_t lost_conditions; /* that the pass could not follow to their decisions */
	const char *first_lost;
	uint64_t unfound_here, unfound; /* evaluations of decisions along paths that are not known */
};

/* `counters`: the function's; NULL: it has none, or never ran. Returns what is wrong with it, or NULL. When
 * the fates of all sources are settled. */
const char *fl_functions_read(struct functions *functions, const struct fl_data *data,
	const struct fl_data_function *function, const struct unit *unit, const uint64_t *counters);
/* What of all of them was not as it should be. */
void fl_functions_note(const struct functions *functions);
void fl_functions_free(struct functions *functions);

#endif
