/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * import.c: which format a report has, and the way of its facts into the model.
 */
#include "read/import.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "util/memory.h"

/* ---- which format -------------------------------------------------------------------------------------- */

static const struct format {
	const char *name;
	const char *mark; /* stands near the beginning, whichever it is of several */
	char first;       /* the first character that is not blank; 0: any */
	fl_import_parser *parse;
} formats[] = {
	{"our JSON", "\"furlong.report/", '{', fl_import_json},
	{"llvm-cov's JSON", "llvm.coverage.json.export", '{', fl_import_llvm},
	{"llvm-cov's JSON", "\"segments\"", '{', fl_import_llvm},
	{"gcov's JSON", "\"gcc_version\"", '{', fl_import_gcov},
	{"gcov's JSON", "\"format_version\"", '{', fl_import_gcov},
	{"Cobertura", "<coverage", '<', fl_import_cobertura},
	{"lcov", "SF:", 'S', fl_import_lcov},
	{"lcov", "TN:", 'T', fl_import_lcov},
	{"lcov", "SF:", '#', fl_import_lcov},
};
enum { LOOK_AT = 4096 };

/* llvm-cov says what it is at the very end. */
static const struct format *find_format(const char *bytes, size_t size)
{
	size_t at = 0, near = size < LOOK_AT ? size : LOOK_AT;
	while (at < size && strchr(" \t\r\n", bytes[at]) && bytes[at])
		at++;
	for (size_t i = 0; i < sizeof formats / sizeof *formats && at < size; i++) {
		const struct format *format = &formats[i];
		if (format->first != bytes[at])
			continue;
		if (memmem(bytes, near, format->mark, strlen(format->mark)) ||
			memmem(bytes + size - near, near, format->mark, strlen(format->mark)))
			return format;
	}
	return NULL;
}

static bool is_gzip(const struct fl_bytes *bytes)
{
	return bytes->size > 2 && bytes->data[0] == 0x1f && bytes->data[1] == 0x8b;
}

bool fl_import_is(const struct fl_bytes *bytes)
{
	return is_gzip(bytes) || find_format((const char *)bytes->data, bytes->size);
}

/* gcov packs what it writes. */
static char *unpack(const char *path, size_t *size)
{
	gzFile file = gzopen(path, "rbe");
	char *bytes = NULL;
	size_t capacity = 0;
	*size = 0;
	for (int got = 1; file && got > 0; *size += (size_t)got) {
		if (capacity - *size < 1 << 16)
			bytes = fl_resize(bytes, capacity = capacity * 2 + (1 << 17), 1);
		got = gzread(file, bytes + *size, 1 << 16);
		if (got < 0) {
			free(bytes);
			gzclose(file);
			return NULL;
		}
	}
	if (file)
		gzclose(file);
	return bytes;
}

static int parse(struct fl_import *import, const char *bytes, size_t size, struct fl_error *error)
{
	const struct format *format = find_format(bytes, size);
	if (!format)
		return fl_error_set(error, FL_EXIT_DATA,
			"%s is no coverage data and no report that can be read", import->path);
	import->format = format->name;
	const char *wrong = format->parse(import, bytes, size);
	if (!wrong && !import->file_count)
		wrong = "it names no file";
	return wrong ? fl_error_set(error, FL_EXIT_DATA, "%s: cannot be read as %s: %s", import->path,
			       format->name, wrong)
		     : 0;
}

int fl_import_read(struct fl_import *import, const char *path, struct fl_error *error)
{
	struct fl_bytes bytes;
	*import = (struct fl_import){.path = path, .arena = fl_arena_new()};
	if (fl_bytes_map(path, &bytes))
		return fl_error_set(error, FL_EXIT_DATA, "cannot read %s: %s", path, strerror(errno));
	int result;
	if (is_gzip(&bytes)) {
		size_t size;
		char *unpacked = unpack(path, &size);
		result = unpacked ? parse(import, unpacked, size, error)
				  : fl_error_set(error, FL_EXIT_DATA, "%s: cannot be unpacked", path);
		free(unpacked);
	} else {
		result = parse(import, (const char *)bytes.data, bytes.size, error);
	}
	fl_bytes_unmap(&bytes);
	return result;
}

/* ---- what parsers say ---------------------------------------------------------------------------------- */

struct fl_import_file *fl_import_file(struct fl_import *import, const char *path)
{
	/* Most formats speak of one file at a time, so the one that is looked for is the last. */
	for (size_t i = import->file_count; i-- > 0;)
		if (!strcmp(import->files[i].path, path))
			return &import->files[i];
	struct fl_import_file *file = FL_PUSH(import->files, import->file_count, import->file_capacity);
	*file = (struct fl_import_file){.path = fl_arena_bytes(import->arena, path, strlen(path))};
	return file;
}

void fl_import_line(struct fl_import_file *file, uint64_t line, uint64_t count)
{
	if (line && line <= FL_LINE_MAX)
		*FL_PUSH(file->lines, file->line_count, file->line_capacity) =
			(struct fl_import_line){.line = (uint32_t)line, .count = count};
}

void fl_import_outcomes(
	struct fl_import_file *file, uint64_t line, const uint64_t *taken, size_t found, uint32_t *ordinal)
{
	if (!line || line > FL_LINE_MAX)
		return;
	for (size_t i = 0; i < found; i += 2) {
		bool single = i + 1 == found;
		*FL_PUSH(file->branches, file->branch_count, file->branch_capacity) =
			(struct fl_branch_facts){
				.span = {{(uint32_t)line, 1}, {(uint32_t)line, FL_COLUMN_MAX}},
				.taken = {single ? 0 : taken[i + 1], taken[i]},
				.folded = {single, false},
				.ordinal = (*ordinal)++,
			};
	}
}

void fl_import_function(struct fl_import_file *file, const char *name, struct fl_span span, uint64_t count)
{
	bool by_name = !span.start.column;
	span.start.column += by_name;
	if (span.start.line && span.start.line <= FL_LINE_MAX)
		*FL_PUSH(file->functions, file->function_count, file->function_capacity) =
			(struct fl_import_function){name, span, count, by_name};
}

/* ---- into the model ------------------------------------------------------------------------------------ */

void fl_import_declare(struct fl_import *import, struct fl_sources *sources)
{
	for (size_t i = 0; i < import->file_count; i++) {
		struct fl_import_file *file = &import->files[i];
		const char *path = file->path;
		if (*path != '/' && import->root)
			path = fl_arena_format(import->arena, "%s/%s", import->root, path);
		file->pair = fl_sources_add(sources, path, strlen(path), NULL, 0);
	}
}

static void build_functions(const struct fl_import_file *file, size_t number, struct fl_build *build)
{
	for (size_t i = 0; i < file->function_count; i++) {
		const struct fl_import_function *function = &file->functions[i];
		fl_build_function(build, number,
			&(struct fl_function_facts){.linkage = function->name,
				.linkage_length = strlen(function->name),
				.span = function->span,
				.count = function->count,
				.from_macro = function->by_name});
	}
}

static void build_file(const struct fl_import_file *file, size_t number, struct fl_build *build)
{
	if (file->hits)
		fl_build_hits(build, number);
	for (size_t i = 0; i < file->line_count; i++) {
		const struct fl_import_line *line = &file->lines[i];
		fl_build_line(build, number, line->line, line->count);
		if (line->excluded)
			fl_build_exclude(build, number,
				(struct fl_exclusion){FL_EXCLUDE_LINES, line->line, line->line});
	}
	for (size_t i = 0; i < file->branch_count; i++)
		fl_build_branch(build, number, &file->branches[i]);
	for (size_t i = 0; i < file->stretch_count; i++)
		fl_build_stretch(build, number, file->stretches[i].span, file->stretches[i].count);
	for (size_t i = 0; i < file->body_count; i++)
		fl_build_body(build, number, file->bodies[i].regions, file->bodies[i].count, true);
	for (size_t i = 0; i < file->region_count; i++)
		fl_build_region(
			build, number, file->regions[i].kind, file->regions[i].span, file->regions[i].count);
	for (size_t i = 0; i < file->no_code_count; i++)
		fl_build_no_code(build, number, file->no_code[i].first, file->no_code[i].last);
	for (size_t i = 0; i < file->exclusion_count; i++)
		fl_build_exclude(build, number, file->exclusions[i]);
	build_functions(file, number, build);
}

void fl_import_build(const struct fl_import *import, const struct fl_sources *sources, struct fl_build *build)
{
	for (size_t i = 0; i < import->file_count; i++) {
		size_t number;
		if (fl_sources_fate(sources, import->files[i].pair, &number) == FL_SOURCE_KEPT)
			build_file(&import->files[i], number, build);
	}
	fl_build_module(build, import->path, "");
	if (import->note)
		fl_build_note(build, false, "%s: %s", import->path, import->note);
}

void fl_import_free(struct fl_import *import)
{
	for (size_t i = 0; i < import->file_count; i++) {
		struct fl_import_file *file = &import->files[i];
		for (size_t j = 0; j < file->body_count; j++)
			free(file->bodies[j].regions);
		free(file->lines);
		free(file->functions);
		free(file->branches);
		free(file->stretches);
		free(file->bodies);
		free(file->regions);
		free(file->no_code);
		free(file->exclusions);
	}
	free(import->files);
	fl_arena_free(import->arena);
}
