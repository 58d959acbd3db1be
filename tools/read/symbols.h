/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * symbols.h: what an offset in an object means: functions with inlined ones, files, lines, columns; names of
 * globals.
 *
 * By libdw, from the object itself, from its separate debug file (by debug link or build id), or from its
 * symbol table. An object that is gone, or is not the one that ran (its build id differs), leaves frames raw.
 * One thread at a time.
 */
#ifndef FURLONG_READ_SYMBOLS_H
#define FURLONG_READ_SYMBOLS_H

#include "model/race.h"

struct fl_symbols;

/* Files below `root` (NULL: none) are shown relative to it, others as absolute paths. */
struct fl_symbols *fl_symbols_new(const char *root);
void fl_symbols_free(struct fl_symbols *symbols);

/* Replaces every raw stack of the race by what it means, names a global, sets `summary` and `fingerprint`.
 * Strings are in the arena. */
void fl_symbols_resolve(struct fl_symbols *symbols, struct fl_race *race, struct fl_arena *arena);

/* The place for one line: "src/counter.c:17:11 in increment". */
const char *fl_symbols_summary(const struct fl_race *race, struct fl_arena *arena);

/* The texts of the lines of its accesses that were not found before, from where frames now say that sources
 * are. */
void fl_symbols_read_text(struct fl_symbols *symbols, struct fl_race *race, struct fl_arena *arena);

/* Objects that could not be read, or were not those that ran, of all that were resolved: "PATH: why". */
const char *const *fl_symbols_missing(const struct fl_symbols *symbols, size_t *count);

#endif
