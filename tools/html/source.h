/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * source.h: a source file in memory, split into lines as the compiler splits it.
 *
 * One per thread, filled again and again. Whatever is not a readable regular file is missing.
 */
#ifndef FURLONG_HTML_SOURCE_H
#define FURLONG_HTML_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fl_source {
	char *text;
	size_t size, text_capacity;
	size_t *starts; /* offset of each line, and one more: where a line after the last would start */
	size_t line_count, starts_capacity;
};

bool fl_source_load(struct fl_source *source, const char *path);
void fl_source_clear(struct fl_source *source); /* no lines */
void fl_source_free(struct fl_source *source);

/* The text of a 1-based line without its end; empty beyond the last one. */
static inline const char *fl_source_line(const struct fl_source *source, uint32_t line, size_t *length)
{
	*length = 0;
	if (line == 0 || line > source->line_count)
		return "";
	const char *start = source->text + source->starts[line - 1];
	size_t size = source->starts[line] - source->starts[line - 1];
	while (size && (start[size - 1] == '\n' || start[size - 1] == '\r'))
		size--;
	*length = size;
	return start;
}

#endif
