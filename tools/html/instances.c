/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * instances.c: see instances.h. The lines of a file say what all instances did together; here each stands
 * with the lines that it never ran. data-lines is for script/instances.js, which can show the file with the
 * counts of one: a first line, then a count for each line from there on, empty where it is no code.
 */
#include "instances.h"

#include <string.h>

#include "emit.h"
#include "model/model.h"

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
	}
	EMIT(out, "</ul></details>");
}
