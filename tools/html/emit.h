/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * emit.h: a file being written, and the only way by which untrusted bytes get into a page.
 *
 * One struct fl_emit per thread, used for one file after another; its buffer lives as long as it does. Of a
 * page for a pack it holds all until the next page begins; any other is written when the buffer is full, and
 * at fl_emit_close(). Where a file says the same already it is not written to: a report over an earlier one
 * costs the disk what has changed, of a large page too.
 */
#ifndef FURLONG_HTML_EMIT_H
#define FURLONG_HTML_EMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct fl_error;
struct fl_pack;
struct fl_ratio;

struct fl_emit {
	char *data;
	size_t used, capacity;
	int fd;
	int failure;       /* errno of the first failed write, or 0 */
	uint64_t offset;   /* in the file */
	uint64_t old_size; /* of the file before */
	char path[4096];
	struct fl_pack *pack; /* gets each page, too; NULL: none does */
};

void fl_emit_init(struct fl_emit *out);
void fl_emit_free(struct fl_emit *out);
int fl_emit_open(struct fl_emit *out, const char *directory, const char *name, struct fl_error *error);
/* A page for the pack alone. */
void fl_emit_begin(struct fl_emit *out);
int fl_emit_close(struct fl_emit *out, struct fl_error *error);

/* Room for so many bytes more. */
void fl_emit_reserve(struct fl_emit *out, size_t length);

/* As they are: markup that we wrote ourselves. Here, because most of it is of a length that is known. */
static inline void fl_emit_bytes(struct fl_emit *out, const char *bytes, size_t length)
{
	if (length > out->capacity - out->used)
		fl_emit_reserve(out, length);
	memcpy(out->data + out->used, bytes, length);
	out->used += length;
}
#define EMIT(out, literal) fl_emit_bytes((out), "" literal, sizeof(literal) - 1)

/* Untrusted text, safe in element content and in attributes with double quotes. What a reader could not
 * see is made visible: control characters as control pictures, invalid UTF-8 as U+FFFD, characters that
 * reorder text as [U+202E]. Tabs stay. */
void fl_emit_text(struct fl_emit *out, const char *bytes, size_t length);
void fl_emit_string(struct fl_emit *out, const char *text);

/* The same, for element content only: quotes stay. */
void fl_emit_content(struct fl_emit *out, const char *bytes, size_t length);
/* Whether it is that already, byte by byte. */
bool fl_emit_is_content(const char *bytes, size_t length);
/* The same, but that markup is left alone: for files that are not HTML. */
void fl_emit_visible(struct fl_emit *out, const char *bytes, size_t length);

void fl_emit_number(struct fl_emit *out, uint64_t number);        /* 1234567 */
void fl_emit_grouped(struct fl_emit *out, uint64_t number);       /* 1 234 567, with thin spaces */
void fl_emit_human(struct fl_emit *out, uint64_t number);         /* 9999, then 12.3k; never rounded up */
void fl_emit_percent(struct fl_emit *out, struct fl_ratio ratio); /* 87.8%, or a dash for 0 of 0 */

#endif
