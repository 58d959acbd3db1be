/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * squeeze.h: bytes for script.js: deflated, then spelled in characters that a string literal may hold.
 *
 * Pages opened from disk may load scripts but no data, so data are scripts. Such a script is UTF-16 (a byte
 * order mark says so, which no server can overrule), and each of its characters from U+3400 on carries 15
 * bits: 7 per cent more than the deflated bytes, where base64 takes 33.
 */
#ifndef FURLONG_HTML_SQUEEZE_H
#define FURLONG_HTML_SQUEEZE_H

#include <stddef.h>

struct fl_error;

/* Bytes that grow. Zeroed at first. */
struct fl_bag {
	char *data;
	size_t used, capacity;
};

/* Room for so many bytes more. */
void fl_bag_reserve(struct fl_bag *bag, size_t length);
void fl_bag_put(struct fl_bag *bag, const void *bytes, size_t length);
void fl_bag_free(struct fl_bag *bag);

/* The mark that says UTF-16LE. */
void fl_squeeze_begin(struct fl_bag *out);
/* Appends text in UTF-8 as UTF-16LE. */
void fl_squeeze_text(struct fl_bag *out, const char *text, size_t length);
/* Appends `furlongData("NAME",BYTES,"...");`, which is how script.js gets the bytes of the parts, one after
 * the other. UTF-16LE. */
void fl_squeeze(struct fl_bag *out, const char *name, const struct fl_bag *parts, size_t count);
/* DIRECTORY/data/NAME.js */
int fl_squeeze_write(const char *directory, const char *name, const struct fl_bag *parts, size_t count,
	struct fl_error *error);

#endif
