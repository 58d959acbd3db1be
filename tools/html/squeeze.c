/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * squeeze.c: see squeeze.h.
 */
#include "squeeze.h"

#include <libdeflate.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emit.h"
#include "util/memory.h"

enum { FIRST_CHARACTER = 0x3400, BITS = 15 };

/* Where the next `length` bytes go. */
static unsigned char *room(struct fl_bag *bag, size_t length)
{
	if (length > bag->capacity - bag->used) {
		while (length > bag->capacity - bag->used)
			bag->capacity = bag->capacity ? 2 * bag->capacity : 4096;
		bag->data = fl_resize(bag->data, bag->capacity, 1);
	}
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

/* Without header or checksum: a page that is damaged shows it. */
static void deflate_all(const struct fl_bag *bytes, struct fl_bag *out, enum fl_squeeze_effort effort)
{
	struct libdeflate_compressor *compressor = libdeflate_alloc_compressor((int)effort);
	out->capacity = libdeflate_deflate_compress_bound(compressor, bytes->used);
	out->data = fl_resize(NULL, out->capacity, 1);
	out->used =
		libdeflate_deflate_compress(compressor, bytes->data, bytes->used, out->data, out->capacity);
	libdeflate_free_compressor(compressor);
}

static void spell(struct fl_bag *out, const struct fl_bag *bytes)
{
	uint32_t bits = 0, held = 0;
	unsigned char *at = room(out, 2 * (8 * bytes->used / BITS + 1));
	for (size_t i = 0; i < bytes->used; i++) {
		held = held << 8 | (unsigned char)bytes->data[i];
		bits += 8;
		if (bits < BITS)
			continue;
		bits -= BITS;
		at = set_unit(at, FIRST_CHARACTER + (held >> bits));
		held &= (1u << bits) - 1;
	}
	if (bits)
		at = set_unit(at, FIRST_CHARACTER + (held << (BITS - bits)));
	out->used = (size_t)((char *)at - out->data);
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
	struct fl_emit out;
	struct fl_bag text = {0};
	char path[128];
	fl_squeeze_begin(&text);
	fl_squeeze(&text, name, bytes, effort);
	snprintf(path, sizeof path, "data/%.80s.js", name);
	fl_emit_init(&out);
	int status = fl_emit_open(&out, directory, path, error);
	if (!status) {
		fl_emit_bytes(&out, text.data, text.used);
		status = fl_emit_close(&out, error);
	}
	fl_emit_free(&out);
	fl_bag_free(&text);
	return status;
}
