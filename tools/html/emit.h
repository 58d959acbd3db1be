/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * emit.h: a file being written, and the only way by which untrusted bytes get into a page.
 *
 * One struct fl_emit per thread, used for one file after another; its buffer lives as long as it does. What
 * is opened is written when the buffer is full, and at fl_emit_close(); what is not stays in the buffer.
 * Where a file says the same already it is not written to: a report over an earlier one costs the disk what
 * has changed, of a large page too.
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
	struct fl_pack *pack; /* where pages that are packed go */
	bool packed;          /* this one does: see pack.h */
};

void fl_emit_init(struct fl_emit *out);
void fl_emit_free(struct fl_emit *out);
int fl_emit_open(struct fl_emit *out, const char *directory, const char *name, struct fl_error *error);
/* For the buffer alone. */
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

/* Markup of which there is much is a byte in packed pages; script.js is told the list. */
#define FL_WORDS(W)                                                                                          \
	W(BOLD, "<b>")                                                                                       \
	W(BOLD_END, "</b>")                                                                                  \
	W(COMMENT, "<i>")                                                                                    \
	W(COMMENT_END, "</i>")                                                                               \
	W(STRING, "<u>")                                                                                     \
	W(STRING_END, "</u>")                                                                                \
	W(DIRECTIVE, "<var>")                                                                                \
	W(DIRECTIVE_END, "</var>")                                                                           \
	W(MISSED, "<mark>")                                                                                  \
	W(MISSED_END, "</mark>")                                                                             \
	W(LESS, "&lt;")                                                                                      \
	W(AND, "&amp;")                                                                                      \
	W(ARROW, "<a class=v href=#L")                                                                       \
	W(PREVIOUS, " aria-label=Previous>↑</a>")                                                            \
	W(NEXT, " aria-label=Next>↓</a>")
enum fl_word {
	FL_WORD_FIRST = 0x0e, /* control characters: no text has them */
	FL_WORD_BEFORE = FL_WORD_FIRST - 1,
#define FL_WORD_NAME(name, text) FL_WORD_##name,
	FL_WORDS(FL_WORD_NAME)
#undef FL_WORD_NAME
};

static inline void fl_emit_word(struct fl_emit *out, enum fl_word word)
{
	static const struct {
		const char *text;
		size_t length;
	} words[] = {
#define FL_WORD_TEXT(name, text) [FL_WORD_##name - FL_WORD_FIRST] = {text, sizeof text - 1},
		FL_WORDS(FL_WORD_TEXT)
#undef FL_WORD_TEXT
	};
	const char byte = (char)word;
	if (out->packed)
		fl_emit_bytes(out, &byte, 1);
	else
		fl_emit_bytes(out, words[word - FL_WORD_FIRST].text, words[word - FL_WORD_FIRST].length);
}

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
