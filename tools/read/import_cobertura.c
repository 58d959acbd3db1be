/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * import_cobertura.c: Cobertura's XML, as many tools of many languages write it. Counts of branches are not
 * in it: an outcome that was taken counts 1.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "read/import.h"
#include "util/memory.h"
#include "util/xml_in.h"

struct parser {
	struct fl_import *import;
	const char **sources;
	size_t source_count, source_capacity;
	size_t file;                   /* of the class; SIZE_MAX outside of one */
	const char *method;            /* NULL: outside of one */
	uint64_t first, last, entered; /* lines of the method */
	uint32_t ordinal;
};

/* File names are relative to one of the sources. */
static const char *resolve(struct parser *parser, const char *name)
{
	for (size_t i = 0; i < parser->source_count && *name != '/'; i++) {
		const char *path = fl_arena_format(parser->import->arena, "%s/%s", parser->sources[i], name);
		if (!access(path, F_OK))
			return path;
	}
	return name;
}

/* "50% (1/2)" */
static void read_conditions(struct parser *parser, uint64_t line, const char *text)
{
	const char *open = text ? strchr(text, '(') : NULL, *slash = open ? strchr(open, '/') : NULL;
	enum { MOST = 1 << 12 };
	if (!slash)
		return;
	size_t hit = strtoul(open + 1, NULL, 10), found = strtoul(slash + 1, NULL, 10);
	if (found > MOST)
		return;
	uint64_t *taken = fl_alloc((found + 1) * sizeof *taken);
	for (size_t i = 0; i < hit && i < found; i++)
		taken[i] = 1;
	fl_import_outcomes(&parser->import->files[parser->file], line, taken, found, &parser->ordinal);
	free(taken);
}

/* A method's lines are said again as its class's. */
static void read_line(struct parser *parser, const struct xml_in *in)
{
	uint64_t line = xml_in_number(in, "number"), hits = xml_in_number(in, "hits");
	if (parser->method) {
		if (!parser->first) {
			parser->first = line;
			parser->entered = hits;
		}
		parser->last = line > parser->last ? line : parser->last;
		return;
	}
	fl_import_line(&parser->import->files[parser->file], line, hits);
	read_conditions(parser, line, xml_in_attribute(in, "condition-coverage", parser->import->arena));
}

static void end_method(struct parser *parser)
{
	if (parser->method && parser->first && parser->last <= FL_LINE_MAX)
		fl_import_function(&parser->import->files[parser->file], parser->method,
			(struct fl_span){
				{(uint32_t)parser->first, 0}, {(uint32_t)parser->last, FL_COLUMN_MAX}},
			parser->entered);
	parser->method = NULL;
	parser->first = parser->last = 0;
}

static void begin_class(struct parser *parser, const struct xml_in *in)
{
	const char *name = xml_in_attribute(in, "filename", parser->import->arena);
	if (!name || in->empty)
		return;
	parser->file =
		(size_t)(fl_import_file(parser->import, resolve(parser, name)) - parser->import->files);
	parser->ordinal = (uint32_t)parser->import->files[parser->file].branch_count;
}

static void read_tag(struct parser *parser, struct xml_in *in)
{
	struct fl_arena *arena = parser->import->arena;
	if (xml_in_is(in, "source") && !in->closing)
		*FL_PUSH(parser->sources, parser->source_count, parser->source_capacity) =
			xml_in_text(in, arena);
	else if (xml_in_is(in, "class") && !in->closing)
		begin_class(parser, in);
	else if (xml_in_is(in, "class"))
		parser->file = SIZE_MAX;
	else if (parser->file == SIZE_MAX)
		return;
	else if (xml_in_is(in, "method") && !in->closing && !in->empty)
		parser->method = xml_in_attribute(in, "name", arena);
	else if (xml_in_is(in, "method"))
		end_method(parser);
	else if (xml_in_is(in, "line") && !in->closing)
		read_line(parser, in);
}

const char *fl_import_cobertura(struct fl_import *import, const char *bytes, size_t size)
{
	struct parser parser = {.import = import, .file = SIZE_MAX};
	struct xml_in in;
	bool complete = false;
	xml_in_begin(&in, bytes, size);
	while (xml_in_tag(&in)) {
		read_tag(&parser, &in);
		complete |= in.closing && xml_in_is(&in, "coverage");
	}
	if (parser.source_count == 1)
		import->root = parser.sources[0];
	free(parser.sources);
	return in.wrong ? in.wrong : complete ? NULL : "it ends too early";
}
