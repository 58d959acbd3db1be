/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * excerpt.c: see excerpt.h.
 */
#include "excerpt.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

enum { FILES = sizeof(((struct fl_excerpts *)0)->files) / sizeof(struct fl_excerpt_file), MARK_LINES = 256 };

struct fl_excerpt_file *fl_excerpt_file(struct fl_excerpts *excerpts, const char *path)
{
	for (size_t i = 0; i < FILES; i++)
		if (excerpts->files[i].path && !strcmp(excerpts->files[i].path, path))
			return &excerpts->files[i];
	struct fl_excerpt_file *file = &excerpts->files[excerpts->next++ % FILES];
	file->path = path;
	file->mark_count = 0;
	fl_source_load(&file->source, path);
	return file;
}

static void feed(const struct fl_source *source, struct fl_highlight *lexer, size_t from, size_t to)
{
	for (size_t line = from; line < to; line++) {
		size_t length;
		const char *text = fl_source_line(source, (uint32_t)line, &length);
		fl_highlight_line(lexer, text, length);
	}
}

struct fl_highlight fl_excerpt_lexer(struct fl_excerpt_file *file, enum fl_language language, uint32_t line)
{
	size_t mark = (line - 1) / MARK_LINES;
	if (!file->mark_count)
		fl_highlight_init(FL_PUSH(file->marks, file->mark_count, file->mark_capacity), language);
	while (file->mark_count <= mark) {
		struct fl_highlight lexer = file->marks[file->mark_count - 1];
		feed(&file->source, &lexer, (file->mark_count - 1) * MARK_LINES + 1,
			file->mark_count * MARK_LINES + 1);
		*FL_PUSH(file->marks, file->mark_count, file->mark_capacity) = lexer;
	}
	struct fl_highlight lexer = file->marks[mark];
	feed(&file->source, &lexer, mark * MARK_LINES + 1, line);
	return lexer;
}

void fl_excerpts_free(struct fl_excerpts *excerpts)
{
	for (size_t i = 0; i < FILES; i++) {
		fl_source_free(&excerpts->files[i].source);
		free(excerpts->files[i].marks);
	}
}
