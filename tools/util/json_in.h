/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * json_in.h: JSON read as it goes, of any size, with exact 64-bit numbers. Builds no tree.
 *
 *   for (json_in_open(&in, '{'); json_in_key(&in);)
 *       if (json_in_is(&in, "count"))
 *           count = json_in_number(&in);
 *       else
 *           json_in_skip(&in);
 *
 * Anything unexpected sets `wrong`, after which every call says that there is nothing more.
 */
#ifndef FURLONG_UTIL_JSON_IN_H
#define FURLONG_UTIL_JSON_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fl_arena;

struct json_in {
	const char *begin, *at, *end;
	const char *wrong; /* NULL: all is well */
	bool first;        /* nothing was read on this level yet */
	char key[64];      /* the last one; longer ones are cut off */
};

void json_in_begin(struct json_in *in, const char *bytes, size_t size);
/* Enters an object or an array; then the others move through it and, at its end, out of it. */
void json_in_open(struct json_in *in, char bracket);
bool json_in_key(struct json_in *in);  /* whether there is another member, and its name */
bool json_in_item(struct json_in *in); /* whether there is another element */
bool json_in_is(const struct json_in *in, const char *key);
/* What comes next: '{', '[', '"', 't', 'f', 'n' or '0' for any number; 0 for none. */
char json_in_kind(struct json_in *in);
uint64_t json_in_number(struct json_in *in); /* a negative one is 0, a fraction is cut off */
bool json_in_bool(struct json_in *in);
const char *json_in_text(struct json_in *in, struct fl_arena *arena);
void json_in_skip(struct json_in *in);
/* Elements of an array of numbers: up to `most`, the others are passed over; returns how many there were. */
size_t json_in_numbers(struct json_in *in, uint64_t *numbers, size_t most);

#endif
