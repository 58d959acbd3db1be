/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * cursor.h: reading untrusted bytes. A read past the end gives 0 and sets `bad`, for good.
 */
#ifndef FURLONG_READ_CURSOR_H
#define FURLONG_READ_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor {
	const uint8_t *at, *end;
	bool bad;
};

static inline uint64_t cursor_uleb(struct cursor *cursor)
{
	uint64_t value = 0;
	for (unsigned shift = 0; cursor->at < cursor->end; shift += 7) {
		uint8_t byte = *cursor->at++;
		if (shift > 63 || (shift == 63 && byte > 1))
			break;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return value;
	}
	cursor->bad = true;
	return 0;
}

static inline int64_t cursor_zigzag(struct cursor *cursor)
{
	uint64_t value = cursor_uleb(cursor);
	return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

/* A number of things that take at least one byte each: more than bytes left is garbage. */
static inline size_t cursor_count(struct cursor *cursor)
{
	uint64_t value = cursor_uleb(cursor);
	if (value <= (uint64_t)(cursor->end - cursor->at))
		return value;
	cursor->bad = true;
	return 0;
}

static inline const char *cursor_bytes(struct cursor *cursor, size_t length)
{
	const char *bytes = (const char *)cursor->at;
	if (length > (size_t)(cursor->end - cursor->at)) {
		cursor->bad = true;
		return bytes;
	}
	cursor->at += length;
	return bytes;
}

#endif
