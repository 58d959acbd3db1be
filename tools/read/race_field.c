/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_field.c: see race_field.h.
 */
#include "read/race_field.h"

#include <stdio.h>
#include <string.h>

#include "util/memory.h"

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

const char *fl_race_field(struct fl_arena *arena, const char *from, size_t length)
{
	char *to = fl_arena_bytes(arena, from, length), *out = to;
	for (size_t i = 0; i < length; i++) {
		if (from[i] != '%') {
			*out++ = from[i];
		} else if (i + 2 < length && hex_digit(from[i + 1]) >= 0 && hex_digit(from[i + 2]) >= 0) {
			*out++ = (char)(hex_digit(from[i + 1]) << 4 | hex_digit(from[i + 2]));
			i += 2;
		}
	}
	*out = '\0';
	return to;
}

const char *fl_race_field_of(struct fl_arena *arena, const char *text)
{
	char *field = fl_arena_alloc(arena, 3 * strlen(text) + 2), *out = field;
	if (!*text)
		return "%";
	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		if (*p <= 0x20 || *p == '%' || *p == 0x7f)
			out += sprintf(out, "%%%02X", *p);
		else
			*out++ = (char)*p;
	}
	return field;
}
