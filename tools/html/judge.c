/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * judge.c: see judge.h.
 */
#include "judge.h"

#include <stdlib.h>

#include "util/memory.h"

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_word(char c)
{
	return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (unsigned char)c >= 0x80 || c == '"';
}

/* The byte offset of a column on a line, moved off the middle of a UTF-8 sequence. */
static uint32_t offset_of(uint32_t column, const char *text, size_t length)
{
	size_t offset = column ? column - 1 : 0;
	if (offset > length)
		offset = length;
	while (offset && offset < length && ((unsigned char)text[offset] & 0xc0) == 0x80)
		offset--;
	return (uint32_t)offset;
}

/* Whether there is more than braces, semicolons and a comment. */
static bool has_word(const char *text, uint32_t start, uint32_t end)
{
	while (start < end && !is_word(text[start])) {
		if (text[start] == '/' && start + 1 < end &&
			(text[start + 1] == '/' || text[start + 1] == '*'))
			return false;
		start++;
	}
	return start < end;
}

static bool only_space(const char *text, uint32_t start, uint32_t end)
{
	while (start < end && is_space(text[start]))
		start++;
	return start >= end;
}

/* Stains that only blanks part are one. */
static void add_stain(struct fl_judge *judge, const char *text, uint32_t start, uint32_t end)
{
	while (start < end && is_space(text[start]))
		start++;
	while (start < end && is_space(text[end - 1]))
		end--;
	if (start == end)
		return;
	struct fl_stain *last = judge->stain_count ? &judge->stains[judge->stain_count - 1] : NULL;
	if (last && only_space(text, last->end, start)) {
		last->end = end;
		return;
	}
	*FL_PUSH(judge->stains, judge->stain_count, judge->stain_capacity) = (struct fl_stain){start, end};
}

void fl_judge_rewind(struct fl_judge *judge)
{
	judge->mark = 0;
}

enum question { ONLY_STAINS, WHAT_RAN };

/* As fl_judge_line(); and if that is the question, says whether some text of the line did run, more than a
 * brace or semicolon. */
static bool find_stains(struct fl_judge *judge, uint32_t line, enum question question)
{
	const struct fl_file *file = judge->file;
	bool ran = false;
	size_t length;
	const char *text = fl_source_line(judge->source, line, &length);
	judge->stain_count = 0;
	while (judge->mark < file->mark_count && file->marks[judge->mark].start.line < line)
		judge->mark++;
	const struct fl_mark *now = judge->mark ? &file->marks[judge->mark - 1] : NULL;
	uint32_t at = 0;
	for (size_t i = judge->mark;; i++) {
		bool more = i < file->mark_count && file->marks[i].start.line == line;
		uint32_t end = more ? offset_of(file->marks[i].start.column, text, length) : (uint32_t)length;
		if (now && now->code && !now->gap && now->count == 0)
			add_stain(judge, text, at, end);
		else if (question == WHAT_RAN && now && now->code && !now->gap && has_word(text, at, end))
			ran = true;
		if (!more)
			return ran;
		now = &file->marks[i];
		at = end;
	}
}

void fl_judge_line(struct fl_judge *judge, uint32_t line)
{
	find_stains(judge, line, ONLY_STAINS);
}

/* A brace that belongs to a block that never ran does not make its line half covered. */
static bool has_stained_word(const struct fl_judge *judge, uint32_t line)
{
	size_t length;
	const char *text = fl_source_line(judge->source, line, &length);
	for (size_t i = 0; i < judge->stain_count; i++)
		if (has_word(text, judge->stains[i].start, judge->stains[i].end))
			return true;
	return false;
}

static enum fl_verdict judge_line(struct fl_judge *judge, const struct fl_line *line)
{
	bool ran = find_stains(judge, line->line, line->count ? ONLY_STAINS : WHAT_RAN);
	if (line->excluded)
		return FL_VERDICT_EXCLUDED;
	if (line->count == 0)
		return ran ? FL_VERDICT_PARTIAL : FL_VERDICT_MISSED;
	if (line->branches_hit < line->branches || has_stained_word(judge, line->line))
		return FL_VERDICT_PARTIAL;
	return FL_VERDICT_COVERED;
}

void fl_judge_file(struct fl_judge *judge, const struct fl_file *file, const struct fl_source *source)
{
	size_t function = 0;
	bool open = false; /* within a stretch that is not covered */
	judge->file = file;
	judge->source = source;
	judge->head_count = 0;
	if (judge->verdict_capacity < file->line_count) {
		judge->verdict_capacity = file->line_count;
		judge->verdicts = fl_resize(judge->verdicts, file->line_count, sizeof *judge->verdicts);
		judge->stained = fl_resize(judge->stained, file->line_count, sizeof *judge->stained);
	}
	fl_judge_rewind(judge);
	for (size_t i = 0; i < file->line_count; i++) {
		enum fl_verdict verdict = judge_line(judge, &file->lines[i]);
		bool bad = verdict == FL_VERDICT_PARTIAL || verdict == FL_VERDICT_MISSED;
		judge->verdicts[i] = (uint8_t)verdict;
		judge->stained[i] = judge->stain_count > 0;
		while (function < file->function_count &&
			file->functions[function].start.line <= file->lines[i].line) {
			function++;
			open = false; /* each function is a stop of its own */
		}
		if (bad && !open)
			*FL_PUSH(judge->heads, judge->head_count, judge->head_capacity) = file->lines[i].line;
		open = bad;
	}
}

void fl_judge_free(struct fl_judge *judge)
{
	free(judge->verdicts);
	free(judge->stained);
	free(judge->heads);
	free(judge->stains);
}
