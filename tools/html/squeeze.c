/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * squeeze.c: see squeeze.h.
 */
#include "squeeze.h"

#include <isa-l/igzip_lib.h>
#include <libdeflate.h>
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

static void *take_memory(size_t size)
{
	return fl_resize(NULL, size, 1); /* never NULL */
}

void fl_squeeze_prepare(void)
{
	libdeflate_set_memory_allocator(take_memory, free);
}

/* `out` has room for what cannot be made smaller. */
static void deflate_small(const struct fl_bag *bytes, struct fl_bag *out)
{
	struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(FL_SQUEEZE_SMALL);
	out->used =
		libdeflate_deflate_compress(compressor, bytes->data, bytes->used, out->data, out->capacity);
	libdeflate_free_compressor(compressor);
}

/* At half of the time that the other takes at its quickest, for 8 per cent more. */
static void deflate_quick(const struct fl_bag *bytes, struct fl_bag *out)
{
	struct isal_zstream stream;
	unsigned char *tables = fl_resize(NULL, ISAL_DEF_LVL1_DEFAULT, 1);
	isal_deflate_stateless_init(&stream);
	stream.level = 1;
	stream.level_buf = tables;
	stream.level_buf_size = ISAL_DEF_LVL1_DEFAULT;
	stream.end_of_stream = 1;
	stream.next_in = (unsigned char *)bytes->data;
	stream.avail_in = (uint32_t)bytes->used;
	stream.next_out = (unsigned char *)out->data;
	stream.avail_out = (uint32_t)out->capacity;
	isal_deflate_stateless(&stream);
	out->used = stream.total_out;
	free(tables);
}

/* Without header or checksum: a page that is damaged shows it. */
static void deflate_all(const struct fl_bag *bytes, struct fl_bag *out, enum fl_squeeze_effort effort)
{
	fl_bag_reserve(out, libdeflate_deflate_compress_bound(NULL, bytes->used));
	if (effort == FL_SQUEEZE_QUICK && bytes->used < UINT32_MAX / 2)
		deflate_quick(bytes, out);
	else
		deflate_small(bytes, out);
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

void fl_squeeze(
	struct fl_bag *out, const char *name, const struct fl_bag *bytes, enum fl_squeeze_effort effort)
{
	struct fl_bag deflated = {0};
	char head[128];
	deflate_all(bytes, &deflated, effort);
	int length = snprintf(head, sizeof head, "furlongData(\"%.80s\",%zu,\"", name, deflated.used);
	fl_squeeze_text(out, head, (size_t)length);
	spell(out, &deflated);
	fl_squeeze_text(out, "\");\n", 4);
	fl_bag_free(&deflated);
}

int fl_squeeze_write(const char *directory, const char *name, const struct fl_bag *bytes,
	enum fl_squeeze_effort effort, struct fl_error *error)
{
	struct fl_bag text = {0};
	char path[128];
	fl_squeeze_begin(&text);
	fl_squeeze(&text, name, bytes, effort);
	snprintf(path, sizeof path, "data/%.80s.js", name);
	struct fl_emit out = {.data = text.data, .capacity = text.capacity};
	int status = fl_emit_open(&out, directory, path, error);
	out.used = text.used;
	if (!status)
		status = fl_emit_close(&out, error);
	fl_bag_free(&text);
	return status;
}
