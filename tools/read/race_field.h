/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_field.h: a field of race data, as format.h encodes it.
 */
#ifndef FURLONG_READ_RACE_FIELD_H
#define FURLONG_READ_RACE_FIELD_H

#include <stddef.h>

struct fl_arena;

/* Percent-decoded, in the arena; a NUL ends it. A "%" that begins no code is left out: alone it is the empty
 * string. */
const char *fl_race_field(struct fl_arena *arena, const char *from, size_t length);
/* The other way. */
const char *fl_race_field_of(struct fl_arena *arena, const char *text);

#endif
