/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * lcov.c: tracefiles in the dialect of lcov 1.x, which every reader understands, and in that of 2.x, whose
 * records would be miscounted in silence by the 1.x tools that distributions carry: there a function has its
 * end, the outcomes of a condition say what they are, and decisions are told (MC/DC by masking, as gcc's).
 *
 * What is excluded is left out: the format has no other way to say it.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "model/decision.h"
#include "util/files.h"
#include "util/memory.h"
#include "write/write.h"

enum dialect { LCOV_1, LCOV_2 };

/* Readers tell functions apart by name alone, so a name that another function of the file bears too is
 * given its line. Equal names are equal pointers. */
struct names {
	const char **sorted;
	size_t count;
};

static int compare_names(const void *left, const void *right)
{
	uintptr_t a = (uintptr_t) * (const char *const *)left, b = (uintptr_t) * (const char *const *)right;
	return a < b ? -1 : a > b;
}

static struct names sort_names(const struct fl_file *file)
{
	struct names names = {
		fl_resize(NULL, file->function_count, sizeof *names.sorted), file->function_count};
	for (size_t i = 0; i < names.count; i++)
		names.sorted[i] = file->functions[i].linkage;
	qsort(names.sorted, names.count, sizeof *names.sorted, compare_names);
	return names;
}

static void write_name(FILE *out, const struct names *names, const struct fl_function *function)
{
	const char **end = names->sorted + names->count;
	const char **found = bsearch(
		&function->linkage, names->sorted, names->count, sizeof *names->sorted, compare_names);
	fputs(function->linkage, out);
	if ((found > names->sorted && found[-1] == *found) || (found + 1 < end && found[1] == *found))
		fprintf(out, ":%u", function->start.line);
	putc('\n', out);
}

/* A place and the function there. An end before the start would be refused. */
static void write_functions_2(FILE *out, const struct fl_file *file)
{
	struct names names = sort_names(file);
	size_t index = 0;
	for (size_t i = 0; i < file->function_count; i++) {
		const struct fl_function *function = &file->functions[i];
		uint32_t first = function->start.line, last = function->end.line;
		if (function->excluded)
			continue;
		fprintf(out, "FNL:%zu,%u,%u\nFNA:%zu,%" PRIu64 ",", index, first, last > first ? last : first,
			index, function->count);
		write_name(out, &names, function);
		index++;
	}
	free(names.sorted);
	fprintf(out, "FNF:%" PRIu64 "\nFNH:%" PRIu64 "\n", file->totals.functions.found,
		file->totals.functions.hit);
}

static void write_functions(FILE *out, const struct fl_file *file)
{
	struct names names = sort_names(file);
	for (size_t i = 0; i < file->function_count; i++) {
		if (file->functions[i].excluded)
			continue;
		fprintf(out, "FN:%u,", file->functions[i].start.line);
		write_name(out, &names, &file->functions[i]);
	}
	for (size_t i = 0; i < file->function_count; i++) {
		if (file->functions[i].excluded)
			continue;
		fprintf(out, "FNDA:%" PRIu64 ",", file->functions[i].count);
		write_name(out, &names, &file->functions[i]);
	}
	free(names.sorted);
	fprintf(out, "FNF:%" PRIu64 "\nFNH:%" PRIu64 "\n", file->totals.functions.found,
		file->totals.functions.hit);
}

static bool is_evaluated(const struct fl_branch *branch)
{
	return !branch->excluded && (branch->taken[0] || branch->taken[1]);
}

/* What a line's conditions may say. genhtml 2.x refuses a line that ran and none of whose conditions did
 * (`} else if (x)`, entered from above), and one that did not run though a condition of it did: a `case` that
 * was passed over. */
enum say { SAY_ALL, SAY_NOT_EVALUATED, SAY_NOTHING };

static enum say what_to_say(
	const struct fl_file *file, const struct fl_branch *branches, size_t count, enum dialect dialect)
{
	const struct fl_line *line = fl_file_line(file, branches->start.line);
	bool evaluated = false;
	for (size_t i = 0; i < count; i++)
		evaluated |= is_evaluated(&branches[i]);
	if (dialect == LCOV_1 || !line || evaluated == (line->count > 0))
		return SAY_ALL;
	return evaluated ? SAY_NOT_EVALUATED : SAY_NOTHING;
}

/* "-" when the condition was never evaluated at all. */
static struct fl_ratio write_condition(
	FILE *out, const struct fl_branch *branch, size_t block, enum say say, enum dialect dialect)
{
	static const char *const sides[][2] = {[LCOV_1] = {"0", "1"}, [LCOV_2] = {"true", "false"}};
	struct fl_ratio written = {0, 0};
	for (int side = 0; side < 2 && !branch->excluded; side++) {
		int outcome = !side; /* the true one first */
		if (branch->folded[outcome])
			continue;
		fprintf(out, "BRDA:%u,%zu,%s,", branch->start.line, block, sides[dialect][side]);
		if (say == SAY_ALL && is_evaluated(branch)) {
			fprintf(out, "%" PRIu64 "\n", branch->taken[outcome]);
			written.hit += branch->taken[outcome] > 0;
		} else {
			fputs("-\n", out);
		}
		written.found++;
	}
	return written;
}

static void write_branches(FILE *out, const struct fl_file *file, enum dialect dialect)
{
	struct fl_ratio written = {0, 0};
	for (size_t first = 0, next; first < file->branch_count; first = next) {
		const struct fl_branch *branches = &file->branches[first];
		for (next = first + 1; next < file->branch_count; next++)
			if (file->branches[next].start.line != branches->start.line)
				break;
		enum say say = what_to_say(file, branches, next - first, dialect);
		for (size_t i = 0; i < next - first && say != SAY_NOTHING; i++) {
			struct fl_ratio more = write_condition(out, &branches[i], i, say, dialect);
			written.found += more.found;
			written.hit += more.hit;
		}
	}
	fprintf(out, "BRF:%" PRIu64 "\nBRH:%" PRIu64 "\n", written.found, written.hit);
}

/* Of each condition, how often it decided alone, being true and being false. A line's decisions are told
 * apart by their size alone: those of one size are written as one, condition behind condition. */
static void write_decisions(FILE *out, const struct fl_file *file)
{
	struct fl_ratio written = {0, 0};
	for (size_t i = 0; i < file->decision_count; i++) {
		const struct fl_decision *decision = &file->decisions[i], *other = decision;
		uint32_t size = decision->condition_count, first = 0;
		while (other-- > file->decisions && other->start.line == decision->start.line)
			if (!other->excluded && other->condition_count == size)
				first += size;
		for (uint32_t j = 0; j < size && !decision->excluded; j++) {
			const struct fl_branch *branch = decision->conditions[j].branch;
			for (int value = 1; value >= 0; value--) {
				uint64_t times = fl_decision_turned(decision, j, value);
				fprintf(out, "MCDC:%u,%u,%c,%" PRIu64 ",%u,%u:%u-%u:%u\n",
					decision->start.line, size, value ? 't' : 'f', times, first + j,
					branch->start.line, branch->start.column, branch->end.line,
					branch->end.column);
				written.found++;
				written.hit += times > 0;
			}
		}
	}
	if (written.found)
		fprintf(out, "MCF:%" PRIu64 "\nMCH:%" PRIu64 "\n", written.found, written.hit);
}

static void write_file(FILE *out, const struct fl_file *file, enum dialect dialect)
{
	fprintf(out, "TN:\nSF:%s\n", file->disk_path);
	if (dialect == LCOV_1)
		write_functions(out, file);
	else
		write_functions_2(out, file);
	write_branches(out, file, dialect);
	if (dialect == LCOV_2)
		write_decisions(out, file);
	for (size_t i = 0; i < file->line_count; i++)
		if (!file->lines[i].excluded)
			fprintf(out, "DA:%u,%" PRIu64 "\n", file->lines[i].line, file->lines[i].count);
	fprintf(out, "LF:%" PRIu64 "\nLH:%" PRIu64 "\nend_of_record\n", file->totals.lines.found,
		file->totals.lines.hit);
}

static int write(const struct fl_model *model, const char *path, enum dialect dialect, struct fl_error *error)
{
	struct fl_output output;
	if (fl_output_open(&output, path, error))
		return -1;
	for (size_t i = 0; i < model->file_count; i++)
		if (model->files[i].totals.lines.found)
			write_file(output.stream, &model->files[i], dialect);
	return fl_output_close(&output, error);
}

int fl_write_lcov(const struct fl_model *model, const char *path, struct fl_error *error)
{
	return write(model, path, LCOV_1, error);
}

int fl_write_lcov2(const struct fl_model *model, const char *path, struct fl_error *error)
{
	return write(model, path, LCOV_2, error);
}
