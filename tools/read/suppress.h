/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * suppress.h: which races the user does not want to hear of, in TSan's grammar.
 *
 *   type:pattern      one a line; # begins a comment, at the start or after a blank; blanks around are
 * dropped
 *
 *   race        function, file or object of any frame of an access or of a thread's creation, or a global
 *   race_top    the same of the innermost frame of an access
 *   mutex thread deadlock signal    likewise, for findings of those kinds
 *   called_from_lib                 the object of the innermost frame that is not the runtime's
 *
 * A pattern matches anywhere in the name, unless ^ begins or $ ends it; * stands for anything.
 */
#ifndef FURLONG_READ_SUPPRESS_H
#define FURLONG_READ_SUPPRESS_H

#include "model/race.h"

struct fl_suppression {
	const char *text; /* "race:pattern" */
	const char *type, *pattern;
	uint64_t hits;
};

struct fl_suppressions {
	struct fl_suppression *items;
	size_t count, capacity;
	size_t faults; /* lines that are none */
};

/* Adds what the text says; strings are in the arena. */
void fl_suppress_add(struct fl_suppressions *list, const char *text, size_t size, struct fl_arena *arena);
/* Races by the letter that every C++ program has and nobody can mend: libstdc++ fills tables of characters
 * without a lock, always with the same values. */
void fl_suppress_add_known(struct fl_suppressions *list, struct fl_arena *arena);
void fl_suppress_free(struct fl_suppressions *list);
/* The first that matches a race with its symbols, counted; NULL: none. */
struct fl_suppression *fl_suppress_find(struct fl_suppressions *list, const struct fl_race *race);
bool fl_suppress_matches(const char *pattern, const char *name);

#endif
