/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * squeeze.c: see squeeze.h.
 */
#include "squeeze.h"

#include <isa-l/igzip_lib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emit.h"
#include "util/memory.h"

enum { FIRST_CHARACTER = 0x3400, BITS = 15 };

void fl_bag_reserve(struct fl_bag *bag, size_t length)
{
	size_t wanted = bag->used + length;
	if (wanted <= bag->capacity)
		return;
	bag->capacity = wanted > 2 * bag->capacity ? wanted : 2 * bag->capacity;
	bag->data = fl_resize(bag->data, bag->capacity, 1);
}

/* Where the next `length` bytes go. */
static unsigned char *room(struct fl_bag *bag, size_t length)
{
	fl_bag_reserve(bag, length);
	return (unsigned char *)bag->data + bag->used;
}

void fl_bag_put(struct fl_bag *bag, const void *bytes, size_t length)
{
	if (length)
		memcpy(room(bag, length), bytes, length);
	bag->used += length;
}

void fl_bag_free(struct fl_bag *bag)
{
	free(bag->data);
	*bag = (struct fl_bag){0};
}

static unsigned char *set_unit(unsigned char *at, uint32_t unit)
{
	*at++ = (unsigned char)unit;
	*at++ = (unsigned char)(unit >> 8);
	return at;
}

static void put_unit(struct fl_bag *out, uint32_t unit)
{
	set_unit(room(out, 2), unit);
	out->used += 2;
}

void fl_squeeze_begin(struct fl_bag *out)
{
	put_unit(out, 0xfeff);
}

/* The text is ours, or has gone through fl_emit_text: it is valid. */
void fl_squeeze_text(struct fl_bag *out, const char *text, size_t length)
{
	const unsigned char *at = (const unsigned char *)text, *end = at + length;
	while (at < end) {
		uint32_t code = *at++;
		int more = code < 0xc0 ? 0 : code < 0xe0 ? 1 : code < 0xf0 ? 2 : 3;
		if (more)
			code &= 0x3fu >> more;
		for (; more && at < end; more--)
			code = code << 6 | (*at++ & 0x3f);
		if (code < 0x10000) {
			put_unit(out, code);
		} else {
			put_unit(out, 0xd800 + ((code - 0x10000) >> 10));
			put_unit(out, 0xdc00 + ((code - 0x10000) & 0x3ff));
		}
	}
}

enum {
	LEVEL = 3, /* what 1 and 2 write is not the same in each process */
	LEVEL_BYTES = ISAL_DEF_LVL3_DEFAULT,
	MOST_AT_ONCE = 1 << 30, /* the library counts in 32 bits */
};

/* As blocks that refer to nothing before them. */
static void deflate_part(
	unsigned char *tables, const char *bytes, size_t length, bool last, struct fl_bag *out)
{
	struct isal_zstream stream;
	isal_deflate_stateless_init(&stream);
	stream.level = LEVEL;
	stream.level_buf = tables;
	stream.level_buf_size = LEVEL_BYTES;
	stream.flush = FULL_FLUSH;
	stream.end_of_stream = last;
	stream.next_in = (unsigned char *)bytes;
	stream.avail_in = (uint32_t)length;
	uint32_t most = (uint32_t)(length + length / 16 + 1024); /* of bytes that cannot be made fewer */
	stream.next_out = room(out, most);
	stream.avail_out = most;
	isal_deflate_stateless(&stream);
	out->used += stream.total_out;
}

/* Without header or checksum: a page that is damaged shows it. */
static void deflate_all(const struct fl_bag *parts, size_t count, struct fl_bag *out)
{
	unsigned char *tables = fl_resize(NULL, LEVEL_BYTES, 1);
	for (size_t i = 0; i < count; i++) {
		size_t at = 0, step;
		do {
			step = parts[i].used - at < MOST_AT_ONCE ? parts[i].used - at : MOST_AT_ONCE;
			bool last = i + 1 == count && at + step == parts[i].used;
			deflate_part(tables, parts[i].data + at, step, last, out);
			at += step;
		} while (at < parts[i].used);
	}
	free(tables);
}

/* Four bytes that come next, the first one uppermost; zeros behind the end. */
static uint32_t next_word(const struct fl_bag *bytes, size_t at)
{
	uint32_t word = 0;
	size_t left = at < bytes->used ? bytes->used - at : 0;
	if (left >= sizeof word)
		memcpy(&word, bytes->data + at, sizeof word);
	else if (left)
		memcpy(&word, bytes->data + at, left);
	return __builtin_bswap32(word);
}

static void spell(struct fl_bag *out, const struct fl_bag *bytes)
{
	size_t units = (8 * bytes->used + BITS - 1) / BITS, taken = 0;
	uint64_t held = 0;
	unsigned bits = 0;
	unsigned char *at = room(out, 2 * units);
	out->used += 2 * units;
	for (; units; units--) {
		if (bits < BITS) {
			held = held << 32 | next_word(bytes, taken);
			taken += 4;
			bits += 32;
		}
		bits -= BITS;
		at = set_unit(at, FIRST_CHARACTER + ((uint32_t)(held >> bits) & ((1u << BITS) - 1)));
	}
}

void fl_squeeze(struct fl_bag *out, const char *name, const struct fl_bag *parts, size_t count)
{
	struct fl_bag deflated = {0};
	char head[128];
	deflate_all(parts, count, &deflated);
	int length = snprintf(head, sizeof head, "furlongData(\"%.80s\",%zu,\"", name, deflated.used);
	fl_squeeze_text(out, head, (size_t)length);
	spell(out, &deflated);
	fl_squeeze_text(out, "\");\n", 4);
	fl_bag_free(&deflated);
}

int fl_squeeze_write(const char *directory, const char *name, const struct fl_bag *parts, size_t count,
	struct fl_error *error)
{
	struct fl_bag text = {0};
	char path[128];
	fl_squeeze_begin(&text);
	fl_squeeze(&text, name, parts, count);
	snprintf(path, sizeof path, "data/%.80s.js", name);
	struct fl_emit out = {.data = text.data, .capacity = text.capacity};
	int status = fl_emit_open(&out, directory, path, error);
	out.used = text.used;
	if (!status)
		status = fl_emit_close(&out, error);
	fl_bag_free(&text);
	return status;
}
