/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * accept.h: races that somebody has accepted for a time: a baseline. What is accepted counts as suppressed.
 *
 * An entry means a race by its fingerprint. Where code was changed so that the fingerprint is another one, it
 * still means the race between the same two functions, or between the same two lines of text, if there is
 * just one such race that no entry means exactly, and just one such entry. Pure: no I/O.
 */
#ifndef FURLONG_MODEL_ACCEPT_H
#define FURLONG_MODEL_ACCEPT_H

#include "model/model.h"

enum fl_accepted_state {
	FL_ACCEPTED_UNUSED, /* no such race in these data */
	FL_ACCEPTED_USED,
	FL_ACCEPTED_CHANGED, /* used, by functions or text */
	FL_ACCEPTED_EXPIRED, /* there is such a race, and it counts again */
};

struct fl_accepted {
	unsigned line; /* in the file */
	const char *fingerprint;
	const char *functions, *texts; /* 16 hex digits; "": not said */
	const char *owner;             /* "": nobody */
	const char *until;             /* "2026-12-31"; "": for ever */
	int64_t expires;               /* s since 1970; INT64_MAX: never */
	const char *reason;            /* what stands after #; "": nothing */
	enum fl_accepted_state state;
	const struct fl_race *race; /* that it means; NULL: unused */
};

struct fl_baseline {
	const char *path;
	struct fl_accepted *entries;
	size_t count, capacity;
};

/* Marks the races that are accepted at `now`, moves them behind those that count, and adds a note for each
 * entry that is unused, expired or means a race that has changed. */
void fl_baseline_apply(struct fl_baseline *baseline, struct fl_model *model, int64_t now);

/* What lives through more than the fingerprint: 16 hex digits from the kind and the functions, or the text,
 * of both accesses in either order; "" where they are not known. In the arena. */
const char *fl_race_functions_key(const struct fl_race *race, struct fl_arena *arena);
const char *fl_race_texts_key(const struct fl_race *race, struct fl_arena *arena);

#endif
