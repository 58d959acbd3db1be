/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * jacoco.c: JaCoCo's report.dtd 1.1. A package is a directory, a class a file, a method a function. There are
 * no instructions here: a line counts as one.
 */
#include <string.h>

#include "util/files.h"
#include "util/memory.h"
#include "write/write.h"
#include "write/xml_out.h"

static void write_counter(FILE *out, const char *type, struct fl_ratio ratio)
{
	if (!ratio.found)
		return;
	fprintf(out, "<counter type=\"%s\"", type);
	xml_number(out, "missed", ratio.found - ratio.hit);
	xml_number(out, "covered", ratio.hit);
	fputs("/>", out);
}

/* In the order that the readers of the format know. `classes` may be empty. */
static void write_counters(FILE *out, const struct fl_totals *totals, struct fl_ratio classes)
{
	write_counter(out, "INSTRUCTION", totals->lines);
	write_counter(out, "BRANCH", totals->branches);
	write_counter(out, "LINE", totals->lines);
	write_counter(out, "METHOD", totals->functions);
	write_counter(out, "CLASS", classes);
}

static void write_method(FILE *out, const struct fl_file *file, const struct fl_function *function)
{
	struct fl_totals totals = fl_function_totals(file, function);
	fputs("<method", out);
	xml_attribute(out, "name", function->name);
	fputs(" desc=\"()V\"", out);
	xml_number(out, "line", function->start.line);
	fputs(">", out);
	write_counters(out, &totals, (struct fl_ratio){0});
	fputs("</method>\n", out);
}

static const char *base_name(const struct fl_file *file)
{
	const char *slash = strrchr(file->path, '/');
	return slash ? slash + 1 : file->path;
}

static size_t directory_length(const struct fl_file *file)
{
	return (size_t)(base_name(file) - file->path) - (base_name(file) > file->path);
}

static struct fl_ratio as_class(const struct fl_file *file)
{
	return (struct fl_ratio){file->totals.lines.found > 0, file->totals.lines.hit > 0};
}

static void write_class(FILE *out, const struct fl_file *file)
{
	fputs("<class", out);
	xml_attribute(out, "name", file->path);
	xml_attribute(out, "sourcefilename", base_name(file));
	fputs(">\n", out);
	for (size_t i = 0; i < file->function_count; i++)
		if (!file->functions[i].excluded)
			write_method(out, file, &file->functions[i]);
	write_counters(out, &file->totals, as_class(file));
	fputs("</class>\n", out);
}

static void write_source(FILE *out, const struct fl_file *file)
{
	fputs("<sourcefile", out);
	xml_attribute(out, "name", base_name(file));
	fputs(">\n", out);
	for (size_t i = 0; i < file->line_count; i++) {
		const struct fl_line *line = &file->lines[i];
		if (line->excluded)
			continue;
		fputs("<line", out);
		xml_number(out, "nr", line->line);
		xml_number(out, "mi", !line->count);
		xml_number(out, "ci", line->count > 0);
		xml_number(out, "mb", line->branches - line->branches_hit);
		xml_number(out, "cb", line->branches_hit);
		fputs("/>\n", out);
	}
	write_counters(out, &file->totals, as_class(file));
	fputs("</sourcefile>\n", out);
}

/* All files of one directory, in any order: classes first, then sources. */
static void write_package(
	FILE *out, const struct fl_model *model, size_t first, bool *written, struct fl_arena *arena)
{
	size_t length = directory_length(&model->files[first]), count = 0;
	const struct fl_file **files = fl_arena_array(arena, model->file_count - first, sizeof(void *));
	struct fl_totals totals = {0};
	struct fl_ratio classes = {0};
	for (size_t i = first; i < model->file_count; i++) {
		const struct fl_file *file = &model->files[i];
		if (directory_length(file) != length || strncmp(file->path, model->files[first].path, length))
			continue;
		written[i] = true;
		files[count++] = file;
		fl_totals_add(&totals, &file->totals);
		classes.found += as_class(file).found;
		classes.hit += as_class(file).hit;
	}
	fputs("<package", out);
	xml_attribute(out, "name", fl_arena_bytes(arena, model->files[first].path, length));
	fputs(">\n", out);
	for (size_t i = 0; i < count; i++)
		write_class(out, files[i]);
	for (size_t i = 0; i < count; i++)
		write_source(out, files[i]);
	write_counters(out, &totals, classes);
	fputs("</package>\n", out);
}

int fl_write_jacoco(const struct fl_model *model, const char *path, struct fl_error *error)
{
	struct fl_output output;
	if (fl_output_open(&output, path, error))
		return -1;
	struct fl_arena *arena = fl_arena_new();
	bool *written = fl_arena_alloc(arena, model->file_count + 1);
	struct fl_ratio classes = {0};
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE report PUBLIC \"-//JACOCO//DTD Report "
	      "1.1//EN\" "
	      "\"report.dtd\">\n<report name=\"furlong\">\n",
		output.stream);
	for (size_t i = 0; i < model->file_count; i++) {
		if (!written[i])
			write_package(output.stream, model, i, written, arena);
		classes.found += as_class(&model->files[i]).found;
		classes.hit += as_class(&model->files[i]).hit;
	}
	write_counters(output.stream, &model->totals, classes);
	fputs("</report>\n", output.stream);
	fl_arena_free(arena);
	return fl_output_close(&output, error);
}
