/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * instances.c: see instances.h. The lines of a file say what all instances did together; here each stands
 * with the lines that it never ran. data-lines is for script/instances.js, which can show the file with the
 * counts of one: a first line, then a count for each line from there on, empty where it is no code.
 */
#include "instances.h"

#include <stdlib.h>
#include <string.h>

#include "emit.h"
#include "model/model.h"
#include "util/memory.h"

enum { STRETCHES_SHOWN = 8 };

static void emit_counts(struct fl_emit *out, const struct fl_instance *instance)
{
	EMIT(out, " data-lines=\"");
	for (size_t i = 0; i < instance->line_count; i++) {
		uint32_t gap = i ? instance->lines[i].line - instance->lines[i - 1].line : 0;
		if (!i)
			fl_emit_number(out, instance->lines[0].line);
		for (; gap > 1; gap--)
			EMIT(out, ",");
		if (i)
			EMIT(out, ",");
		else
			EMIT(out, ":");
		fl_emit_number(out, instance->lines[i].count);
	}
	EMIT(out, "\"");
}

static void emit_stretch(struct fl_emit *out, uint32_t first, uint32_t last)
{
	EMIT(out, " <a href=#L");
	fl_emit_number(out, first);
	EMIT(out, ">");
	fl_emit_number(out, first);
	if (last > first) {
		EMIT(out, "–");
		fl_emit_number(out, last);
	}
	EMIT(out, "</a>");
}

/* Lines of code that follow each other and never ran are one stretch. */
static void emit_missed(struct fl_emit *out, const struct fl_instance *instance)
{
	size_t stretches = 0, lines = 0;
	for (size_t i = 0, next; i < instance->line_count; i = next) {
		for (next = i; next < instance->line_count && !instance->lines[next].count;)
			next++;
		if (next == i) {
			next++;
			continue;
		}
		if (!stretches)
			EMIT(out, ", never ran");
		if (stretches++ < STRETCHES_SHOWN)
			emit_stretch(out, instance->lines[i].line, instance->lines[next - 1].line);
		else
			lines += next - i;
	}
	if (!lines)
		return;
	EMIT(out, " and ");
	fl_emit_grouped(out, lines);
	EMIT(out, " more lines");
}

static void emit_instance(struct fl_emit *out, const struct fl_instance *instance)
{
	EMIT(out, "<li");
	emit_counts(out, instance);
	EMIT(out, "><code>");
	fl_emit_string(out, instance->name);
	EMIT(out, "</code> <span>");
	if (!instance->count) {
		EMIT(out, "never called</span>");
		return;
	}
	fl_emit_grouped(out, instance->count);
	EMIT(out, "×");
	emit_missed(out, instance);
	EMIT(out, "</span>");
}

static int compare_lines(const void *left, const void *right)
{
	const struct fl_line *a = left, *b = right;
	if (a->line != b->line)
		return (a->line > b->line) - (a->line < b->line);
	return (a->count > b->count) - (a->count < b->count);
}

/* Each line as the instance has it that ran it least: one that is judged by its worst instance. */
static void emit_worst(struct fl_emit *out, const struct fl_function *function)
{
	size_t all = 0, kept = 0;
	for (size_t i = 0; i < function->each_count; i++)
		all += function->each[i].line_count;
	struct fl_line *lines = fl_resize(NULL, all + 1, sizeof *lines);
	for (size_t i = 0, count = 0; i < function->each_count; count += function->each[i++].line_count)
		memcpy(lines + count, function->each[i].lines, function->each[i].line_count * sizeof *lines);
	qsort(lines, all, sizeof *lines, compare_lines);
	for (size_t i = 0; i < all; i++)
		if (!kept || lines[kept - 1].line != lines[i].line)
			lines[kept++] = lines[i];
	struct fl_instance worst = {.lines = lines, .line_count = kept};
	EMIT(out, "<li");
	emit_counts(out, &worst);
	EMIT(out, "><code>the worst of each line</code> <span>the least count");
	emit_missed(out, &worst);
	EMIT(out, "</span>");
	free(lines);
}

void fl_instances_emit(struct fl_emit *out, const struct fl_function *function)
{
	if (function->instances < 2)
		return;
	if (!function->each_count) {
		EMIT(out, " <small>");
		fl_emit_grouped(out, function->instances);
		EMIT(out, " instances</small>");
		return;
	}
	EMIT(out, " <details class=instances><summary>");
	fl_emit_grouped(out, function->instances);
	EMIT(out, " instances</summary><ul>");
	for (size_t i = 0; i < function->each_count; i++)
		emit_instance(out, &function->each[i]);
	if (function->each_count < function->instances) {
		EMIT(out, "<li>and ");
		fl_emit_grouped(out, function->instances - function->each_count);
		EMIT(out, " more, which are in the counts of the lines");
	} else {
		emit_worst(out, function);
	}
	EMIT(out, "</ul></details>");
}
