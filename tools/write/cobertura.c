/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * cobertura.c: coverage-04.dtd, which GitLab, Jenkins, Azure and others read. A package is a directory, a
 * class a file, a method a function. What is excluded is left out.
 */
#include <inttypes.h>
#include <string.h>

#include "util/files.h"
#include "util/memory.h"
#include "write/write.h"
#include "write/xml_out.h"

/* Between 0 and 1; nothing to find is all found, as Cobertura has it. */
static void write_rate(FILE *out, const char *name, struct fl_ratio ratio)
{
	fprintf(out, " %s=\"%.4f\"", name, fl_ratio_percent(ratio) / 100);
}

static void write_rates(FILE *out, const struct fl_totals *totals)
{
	write_rate(out, "line-rate", totals->lines);
	write_rate(out, "branch-rate", totals->branches);
	fputs(" complexity=\"0\"", out);
}

/* The first of the file's conditions from `*branch` on that start on the line, and those after it. */
static void write_conditions(FILE *out, const struct fl_file *file, uint32_t line, size_t *branch)
{
	int number = 0;
	fputs("><conditions>", out);
	for (; *branch < file->branch_count && file->branches[*branch].start.line <= line; ++*branch) {
		const struct fl_branch *its = &file->branches[*branch];
		struct fl_ratio outcomes = fl_branch_outcomes(its);
		if (its->start.line == line && outcomes.found)
			fprintf(out, "<condition number=\"%d\" type=\"jump\" coverage=\"%d%%\"/>", number++,
				(int)fl_ratio_percent(outcomes));
	}
	fputs("</conditions></line>\n", out);
}

static void write_line(FILE *out, const struct fl_file *file, const struct fl_line *line, size_t *branch)
{
	struct fl_ratio outcomes = {line->branches, line->branches_hit};
	fprintf(out, "<line number=\"%u\" hits=\"%" PRIu64 "\"", line->line, line->count);
	if (!line->branches) {
		fputs(" branch=\"false\"/>\n", out);
		return;
	}
	fprintf(out, " branch=\"true\" condition-coverage=\"%d%% (%u/%u)\"", (int)fl_ratio_percent(outcomes),
		line->branches_hit, line->branches);
	write_conditions(out, file, line->line, branch);
}

/* Those from `first` to `last`. */
static void write_lines(FILE *out, const struct fl_file *file, uint32_t first, uint32_t last)
{
	size_t branch = 0;
	fputs("<lines>\n", out);
	for (size_t i = fl_file_line_index(file, first); i < file->line_count && file->lines[i].line <= last;
		i++)
		if (!file->lines[i].excluded)
			write_line(out, file, &file->lines[i], &branch);
	fputs("</lines>", out);
}

static void write_method(FILE *out, const struct fl_file *file, const struct fl_function *function)
{
	struct fl_totals totals = fl_function_totals(file, function);
	fputs("<method", out);
	xml_attribute(out, "name", function->name);
	fputs(" signature=\"\"", out);
	write_rates(out, &totals);
	fputs(">", out);
	write_lines(out, file, function->start.line, function->end.line);
	fputs("</method>\n", out);
}

static void write_class(FILE *out, const struct fl_file *file)
{
	const char *slash = strrchr(file->path, '/');
	fputs("<class", out);
	xml_attribute(out, "name", slash ? slash + 1 : file->path);
	xml_attribute(out, "filename", file->path);
	write_rates(out, &file->totals);
	fputs("><methods>\n", out);
	for (size_t i = 0; i < file->function_count; i++)
		if (!file->functions[i].excluded)
			write_method(out, file, &file->functions[i]);
	fputs("</methods>", out);
	write_lines(out, file, 0, UINT32_MAX);
	fputs("</class>\n", out);
}

/* Files are sorted by path, so those of a directory may have those of its directories in between: a package
 * may come in parts, which readers add up. */
static size_t directory_length(const struct fl_file *file)
{
	const char *slash = strrchr(file->path, '/');
	return slash ? (size_t)(slash - file->path) : 0;
}

static bool same_directory(const struct fl_file *a, const struct fl_file *b)
{
	size_t length = directory_length(a);
	return length == directory_length(b) && !strncmp(a->path, b->path, length);
}

static size_t write_package(FILE *out, const struct fl_model *model, size_t first)
{
	struct fl_arena *arena = fl_arena_new();
	struct fl_totals totals = {0};
	size_t last = first;
	for (; last < model->file_count && same_directory(&model->files[first], &model->files[last]); last++)
		fl_totals_add(&totals, &model->files[last].totals);
	fputs("<package", out);
	xml_attribute(out, "name",
		fl_arena_bytes(arena, model->files[first].path, directory_length(&model->files[first])));
	write_rates(out, &totals);
	fputs("><classes>\n", out);
	for (size_t i = first; i < last; i++)
		write_class(out, &model->files[i]);
	fputs("</classes></package>\n", out);
	fl_arena_free(arena);
	return last;
}

static void write_coverage(FILE *out, const struct fl_model *model)
{
	const struct fl_totals *totals = &model->totals;
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE coverage SYSTEM "
	      "\"http://cobertura.sourceforge.net/xml/coverage-04.dtd\">\n<coverage",
		out);
	write_rates(out, totals);
	xml_number(out, "lines-covered", totals->lines.hit);
	xml_number(out, "lines-valid", totals->lines.found);
	xml_number(out, "branches-covered", totals->branches.hit);
	xml_number(out, "branches-valid", totals->branches.found);
	xml_number(out, "timestamp", fl_write_time());
	xml_attribute(out, "version", "furlong");
	fputs(">\n<sources><source>", out);
	xml_text(out, model->root);
	fputs("</source></sources>\n<packages>\n", out);
	for (size_t i = 0; i < model->file_count;)
		i = write_package(out, model, i);
	fputs("</packages>\n</coverage>\n", out);
}

int fl_write_cobertura(const struct fl_model *model, const char *path, struct fl_error *error)
{
	struct fl_output output;
	if (fl_output_open(&output, path, error))
		return -1;
	write_coverage(output.stream, model);
	return fl_output_close(&output, error);
}
