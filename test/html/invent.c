/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * invent.c: a model with made-up counts for real source files.
 *
 * A rough reader of braces finds functions, blocks and conditions; a hash of their places says how often they
 * ran. Nothing is measured and nothing here is exact: it is for looking at pages and for timing them.
 */
#include "invent.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "util/map.h"

enum { DEEPEST = 64 };

struct block {
	struct fl_position start;
	uint64_t count;
	bool function;
	const char *name;
	size_t name_length;
};

struct reader {
	struct fl_build *build;
	size_t file;
	const char *text, *end, *at;
	struct fl_position here;
	struct block blocks[DEEPEST];
	unsigned depth;
	struct fl_position open_paren; /* of the last parenthesis at the outer level */
	const char *word;              /* before it */
	size_t word_length;
	bool after_paren;
	uint64_t if_count;
	unsigned parens;
};

static uint64_t dice(const struct reader *reader, uint64_t salt)
{
	uint64_t key[] = {reader->file, reader->here.line, reader->here.column, salt};
	return fl_hash(key, sizeof key);
}

static void step(struct reader *reader)
{
	if (*reader->at++ == '\n') {
		reader->here.line++;
		reader->here.column = 1;
	} else {
		reader->here.column++;
	}
}

static bool skip_quiet(struct reader *reader)
{
	char c = *reader->at, next = reader->at + 1 < reader->end ? reader->at[1] : '\0';
	if (c == '/' && next == '*') {
		while (reader->at + 1 < reader->end && !(reader->at[0] == '*' && reader->at[1] == '/'))
			step(reader);
		step(reader);
	} else if ((c == '/' && next == '/') || (c == '#' && reader->here.column == 1)) {
		while (reader->at < reader->end && *reader->at != '\n') {
			if (*reader->at == '\\')
				step(reader);
			if (reader->at < reader->end)
				step(reader);
		}
		return true;
	} else if (c == '"' || c == '\'') {
		step(reader);
		while (reader->at < reader->end && *reader->at != c && *reader->at != '\n') {
			if (*reader->at == '\\')
				step(reader);
			if (reader->at < reader->end)
				step(reader);
		}
	} else {
		return false;
	}
	if (reader->at < reader->end)
		step(reader);
	return true;
}

static void open_block(struct reader *reader)
{
	struct block *outer = reader->depth ? &reader->blocks[reader->depth - 1] : NULL;
	struct block block = {.start = reader->here};
	if (reader->depth == 0 && reader->after_paren) {
		block.function = true;
		block.name = reader->word;
		block.name_length = reader->word_length;
		block.count =
			dice(reader, 1) % 6 ? 1 + dice(reader, 2) % 90000 / (1 + dice(reader, 3) % 9000) : 0;
	} else if (outer && (outer->function || outer->count)) {
		block.count = reader->if_count;
	}
	if (reader->depth < DEEPEST)
		reader->blocks[reader->depth++] = block;
	reader->after_paren = false;
}

/* A function named f is a template, whose instance for int ran and the one for double did not. */
static bool add_instances(struct reader *reader, const struct block *block, struct fl_span span)
{
	static const char *const names[] = {"_Z1fIiEvT_", "_Z1fIdEvT_"};
	if (block->name_length != 1 || *block->name != 'f')
		return false;
	for (size_t i = 0; i < 2; i++) {
		struct fl_function_facts facts = {names[i], strlen(names[i]), span, i ? 0 : 7, false};
		struct fl_region_facts region = {FL_REGION_CODE, span, facts.count};
		fl_build_function(reader->build, reader->file, &facts);
		fl_build_body(reader->build, reader->file, &region, 1, true);
		fl_build_instance(reader->build, reader->file, &facts);
	}
	return true;
}

static void close_block(struct reader *reader)
{
	if (reader->depth == 0)
		return;
	struct block block = reader->blocks[--reader->depth];
	struct fl_span span = {block.start, {reader->here.line, reader->here.column + 1}};
	if (block.function && add_instances(reader, &block, span))
		return;
	if (block.function)
		fl_build_function(reader->build, reader->file,
			&(struct fl_function_facts){block.name, block.name_length, span, block.count, false});
	if (block.function || (reader->depth && reader->blocks[0].function))
		fl_build_region(reader->build, reader->file, FL_REGION_CODE, span, block.count);
}

static void close_paren(struct reader *reader)
{
	bool condition = reader->word_length == 2   ? !memcmp(reader->word, "if", 2)
			 : reader->word_length == 5 ? !memcmp(reader->word, "while", 5)
						    : false;
	reader->after_paren = true;
	if (!reader->depth || !reader->blocks[0].function)
		return;
	uint64_t whole = reader->blocks[reader->depth - 1].count;
	reader->if_count = whole;
	if (!condition)
		return;
	reader->if_count = dice(reader, 4) % 4 ? whole * (dice(reader, 5) % 5) / 4 : 0;
	fl_build_branch(reader->build, reader->file,
		&(struct fl_branch_facts){.span = {reader->open_paren, reader->here},
			.taken = {whole - reader->if_count, reader->if_count}});
	/* the statement after a condition without braces */
	const char *next = reader->at + 1;
	while (next < reader->end && isspace((unsigned char)*next))
		next++;
	if (next < reader->end && *next != '{') {
		struct reader ahead = *reader;
		step(&ahead);
		while (ahead.at < next)
			step(&ahead);
		struct fl_position start = ahead.here;
		while (ahead.at < ahead.end && *ahead.at != ';' && *ahead.at != '{')
			step(&ahead);
		fl_build_region(reader->build, reader->file, FL_REGION_CODE,
			(struct fl_span){start, ahead.here}, reader->if_count);
	}
}

static void open_paren(struct reader *reader)
{
	if (reader->parens)
		return;
	const char *end = reader->at;
	while (end > reader->text && end[-1] == ' ')
		end--;
	const char *word = end;
	while (word > reader->text && (isalnum((unsigned char)word[-1]) || word[-1] == '_'))
		word--;
	reader->word = word;
	reader->word_length = (size_t)(end - word);
	reader->open_paren = (struct fl_position){reader->here.line, reader->here.column + 1};
}

void fl_invent(struct fl_build *build, size_t file, const char *text, size_t length)
{
	struct reader reader = {.build = build, .file = file, .text = text, .at = text, .end = text + length};
	reader.here = (struct fl_position){1, 1};
	while (reader.at < reader.end) {
		if (skip_quiet(&reader))
			continue;
		char c = *reader.at;
		if (c == '(') {
			open_paren(&reader);
			reader.parens++;
		} else if (c == ')' && reader.parens) {
			if (--reader.parens == 0)
				close_paren(&reader);
		} else if (c == '{') {
			open_block(&reader);
		} else if (c == '}') {
			close_block(&reader);
		} else if (c == ';') {
			reader.after_paren = false;
		}
		step(&reader);
	}
}
