/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_stack.c: see race_stack.h.
 *
 *   <ol class=stack>
 *     <li><details open><summary><b>increment</b> <span>src/counter.c:17:11</span></summary>
 *       <pre class=excerpt><span data-line=16>text</span>
 *                          <span data-line=17 class=hit>text with <mark>counter</mark></span></pre></details>
 *
 * Line numbers are made by the style sheet, so that copied text is source. Frames of libraries are a fold
 * each row of them, except those that made an access; of very deep stacks the middle is one.
 */
#include "race_stack.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "race_marks.h"
#include "util/memory.h"

enum {
	LINES_BEFORE = 4,
	LINES_AFTER = 3,
	FIRST_FRAMES = 24, /* shown of a deep stack, before and after the fold */
	LAST_FRAMES = 8,
	MOST_EXCERPTS = 64, /* of one stack */
	LEAST_FOLDED = 2,   /* frames of libraries */
};

/* ---- the source around a line -------------------------------------------------------------------------- */

static void emit_token(struct fl_emit *out, enum fl_token kind, const char *text, size_t length)
{
	static const char *const opening[] = {"", "<b>", "<i>", "<u>", "<var>"};
	static const char *const closing[] = {"", "</b>", "</i>", "</u>", "</var>"};
	fl_emit_bytes(out, opening[kind], strlen(opening[kind]));
	fl_emit_content(out, text, length);
	fl_emit_bytes(out, closing[kind], strlen(closing[kind]));
}

struct span {
	size_t start, end;
};

/* The word, or the sign, that begins at a column. */
static struct span find_word(const char *text, size_t length, uint32_t column)
{
	struct span none = {length, length};
	if (!column || column > length)
		return none;
	struct span word = {column - 1, column};
	if (isspace((unsigned char)text[word.start]))
		return none;
	while (word.end < length &&
		(isalnum((unsigned char)text[word.end - 1]) || text[word.end - 1] == '_') &&
		(isalnum((unsigned char)text[word.end]) || text[word.end] == '_'))
		word.end++;
	while (word.end < length && ((unsigned char)text[word.end] & 0xc0) == 0x80)
		word.end++;
	return word;
}

static void emit_text(
	struct fl_emit *out, struct fl_highlight *highlight, const char *text, size_t length, uint32_t column)
{
	struct span word = find_word(text, length, column);
	enum fl_token kind = FL_TOKEN_TEXT;
	size_t token_end = 0;
	for (size_t at = 0, end; at < length; at = end) {
		if (at == token_end)
			token_end = fl_highlight_run(highlight, text, length, at, &kind);
		bool marked = at >= word.start && at < word.end;
		size_t edge = at < word.start ? word.start : marked ? word.end : length;
		end = edge < token_end ? edge : token_end;
		if (marked)
			EMIT(out, "<mark>");
		emit_token(out, kind, text + at, end - at);
		if (marked)
			EMIT(out, "</mark>");
	}
}

static void emit_excerpt(
	struct fl_race_writer *writer, struct fl_excerpt_file *file, const struct fl_frame *frame)
{
	struct fl_emit *out = writer->page.out;
	const struct fl_source *source = &file->source;
	uint32_t first = frame->line > LINES_BEFORE ? frame->line - LINES_BEFORE : 1;
	uint32_t last = frame->line + LINES_AFTER;
	struct fl_highlight highlight = fl_excerpt_lexer(
		file, fl_highlight_language(frame->file, writer->page.report->header_is_cxx), first);
	EMIT(out, "<pre class=excerpt>");
	for (uint32_t line = first; line <= last && line <= source->line_count; line++) {
		size_t length;
		const char *text = fl_source_line(source, line, &length);
		fl_highlight_line(&highlight, text, length);
		if (line == frame->line)
			EMIT(out, "<span class=hit data-line=");
		else
			EMIT(out, "<span data-line=");
		fl_emit_number(out, line);
		EMIT(out, ">");
		emit_text(out, &highlight, text, length, line == frame->line ? frame->column : 0);
		EMIT(out, "\n</span>");
	}
	EMIT(out, "</pre>");
}

/* NULL: the line cannot be shown. */
static struct fl_excerpt_file *load(struct fl_race_writer *writer, const struct fl_frame *frame)
{
	if (!frame->disk_path || !frame->line)
		return NULL;
	struct fl_excerpt_file *file = fl_excerpt_file(&writer->excerpts, frame->disk_path);
	return frame->line <= file->source.line_count ? file : NULL;
}

const char *fl_race_capital(const char *text, struct fl_arena *arena)
{
	char *copy = fl_arena_bytes(arena, text, strlen(text));
	*copy = (char)toupper((unsigned char)*copy);
	return copy;
}

/* ---- a frame ------------------------------------------------------------------------------------------ */

static void emit_position(struct fl_emit *out, const struct fl_frame *frame, const char *file)
{
	fl_emit_string(out, file);
	if (!frame->line)
		return;
	EMIT(out, ":");
	fl_emit_number(out, frame->line);
	if (!frame->column)
		return;
	EMIT(out, ":");
	fl_emit_number(out, frame->column);
}

void fl_race_place_text(struct fl_emit *out, const struct fl_frame *frame)
{
	if (frame->file)
		emit_position(out, frame, frame->file);
	else
		fl_emit_string(out, frame->module ? frame->module : "unknown");
}

void fl_race_place_emit(const struct fl_page *page, const struct fl_frame *frame)
{
	uint32_t node = frame->file ? fl_page_node_of(page->report, frame->file) : FL_TREE_NONE;
	if (node != FL_TREE_NONE) {
		EMIT(page->out, "<a ");
		fl_page_href_line(page, node, frame->line);
		EMIT(page->out, ">");
	}
	fl_race_place_text(page->out, frame);
	if (node != FL_TREE_NONE)
		EMIT(page->out, "</a>");
}

static void emit_hexadecimal(struct fl_emit *out, uint64_t number)
{
	char text[24];
	int length = snprintf(text, sizeof text, "0x%llx", (unsigned long long)number);
	fl_emit_bytes(out, text, (size_t)length);
}

static void emit_module(struct fl_emit *out, const struct fl_frame *frame)
{
	if (frame->module) {
		fl_emit_string(out, frame->module);
		EMIT(out, "+");
	}
	emit_hexadecimal(out, frame->offset);
}

/* Where system headers lie is of no interest until somebody asks. */
static const char *short_file(const struct fl_frame *frame)
{
	const char *slash = strrchr(frame->file, '/');
	return frame->system && slash ? slash + 1 : frame->file;
}

static void emit_summary(struct fl_race_writer *writer, const struct fl_frame *frame, size_t times)
{
	struct fl_emit *out = writer->page.out;
	EMIT(out, "<summary><b>");
	if (frame->function)
		fl_emit_string(out, fl_race_short_name(frame->function, writer->arena));
	else
		EMIT(out, "unknown function");
	EMIT(out, "</b>");
	if (frame->inlined)
		EMIT(out, " <small>inlined</small>");
	if (times > 1) {
		EMIT(out, " <small>");
		fl_emit_grouped(out, times);
		EMIT(out, " times in a row</small>");
	}
	EMIT(out, " <span>");
	if (frame->file)
		emit_position(out, frame, short_file(frame));
	else
		emit_module(out, frame);
	EMIT(out, "</span></summary>");
}

/* What the summary has no room for. */
static void emit_more(struct fl_race_writer *writer, const struct fl_frame *frame)
{
	struct fl_emit *out = writer->page.out;
	if (frame->function && strcmp(fl_race_short_name(frame->function, writer->arena), frame->function)) {
		EMIT(out, "<details class=full><summary>Full name</summary><code>");
		fl_emit_string(out, frame->function);
		EMIT(out, "</code></details>");
	}
	EMIT(out, "<p class=more>");
	if (frame->file &&
		(frame->system || fl_page_node_of(writer->page.report, frame->file) != FL_TREE_NONE)) {
		fl_race_place_emit(&writer->page, frame);
		EMIT(out, " ");
	}
	EMIT(out, "<span>");
	emit_module(out, frame);
	EMIT(out, "</span></p>");
}

/* A frame, and how often it stands there in a row: recursion. */
struct run {
	const struct fl_frame *frame;
	size_t times;
};

static void emit_run(struct fl_race_writer *writer, const struct run *run, bool unfolded, bool source)
{
	const struct fl_frame *frame = run->frame;
	struct fl_emit *out = writer->page.out;
	if (frame->cut) {
		EMIT(out, "<li class=cut>more frames, which are not known\n");
		return;
	}
	struct fl_excerpt_file *file = source ? load(writer, frame) : NULL;
	if (frame->system)
		EMIT(out, "<li class=sys>");
	else
		EMIT(out, "<li>");
	if (unfolded)
		EMIT(out, "<details open>");
	else
		EMIT(out, "<details>");
	emit_summary(writer, frame, run->times);
	if (file) {
		emit_excerpt(writer, file, frame);
	} else if (source && frame->file && !frame->line) {
		EMIT(out, "<p class=nosource>The compiler did not keep which line this is.</p>");
	} else if (source && frame->file) {
		EMIT(out, "<p class=nosource>The source is not here: <code>");
		fl_emit_string(out, frame->disk_path ? frame->disk_path : frame->file);
		EMIT(out, "</code></p>");
	} else if (!frame->file) {
		EMIT(out, "<p class=nosource>There are no line tables for this code: it was compiled without "
			  "-g, "
			  "or its file is gone.</p>");
	}
	emit_more(writer, frame);
	EMIT(out, "</details>\n");
}

bool fl_race_frame_is_same(const struct fl_frame *a, const struct fl_frame *b)
{
	return a->object == b->object && a->offset == b->offset && !a->cut && !b->cut && a->line == b->line &&
	       (a->function == b->function ||
		       (a->function && b->function && !strcmp(a->function, b->function)));
}

static size_t find_runs(const struct fl_stack *stack, struct run *runs)
{
	size_t count = 0;
	for (size_t i = 0; i < stack->count; i++) {
		if (count && stack->frames[i].function &&
			fl_race_frame_is_same(runs[count - 1].frame, &stack->frames[i]))
			runs[count - 1].times++;
		else
			runs[count++] = (struct run){&stack->frames[i], 1};
	}
	return count;
}

struct frames {
	const struct run *runs;
	size_t count;
	size_t own; /* the first of the program's own, which is unfolded; count: there is none */
	enum fl_race_stack stack;
};

/* How many in a row, from here, are of libraries and nobody's question: all but those that made an access. */
static size_t count_dull(const struct frames *frames, size_t at, size_t to)
{
	size_t end = at;
	if (frames->own == frames->count || (frames->stack == FL_RACE_ACCESS && at < frames->own))
		return 0;
	while (end < to && frames->runs[end].frame->system && !frames->runs[end].frame->cut)
		end++;
	return end - at;
}

static void emit_frames(struct fl_race_writer *writer, const struct frames *frames, size_t from, size_t to)
{
	struct fl_emit *out = writer->page.out;
	size_t fold_end = from;
	EMIT(out, "<ol class=stack>\n");
	for (size_t i = from; i < to; i++) {
		size_t dull = i < fold_end ? 0 : count_dull(frames, i, to);
		if (dull >= LEAST_FOLDED) {
			fold_end = i + dull;
			EMIT(out, "<li class=sys><details class=fold><summary>");
			fl_emit_grouped(out, dull);
			EMIT(out, " frames in libraries</summary>\n<ol>\n");
		}
		emit_run(writer, &frames->runs[i], i == frames->own, i < MOST_EXCERPTS);
		if (i + 1 == fold_end)
			EMIT(out, "</ol></details>\n");
	}
	EMIT(out, "</ol>\n");
}

void fl_race_stack_emit(struct fl_race_writer *writer, const struct fl_stack *stack, enum fl_race_stack kind)
{
	struct fl_emit *out = writer->page.out;
	struct run *runs = fl_arena_array(writer->arena, stack->count, sizeof *runs);
	const struct fl_frame *top = fl_race_top(stack);
	size_t count = find_runs(stack, runs);
	struct frames frames = {runs, count, 0, kind};
	while (frames.own < count && runs[frames.own].frame != top)
		frames.own++;
	if (!count) {
		EMIT(out, "<p class=nosource>No stack is known.</p>\n");
		return;
	}
	if (count <= FIRST_FRAMES + LAST_FRAMES) {
		emit_frames(writer, &frames, 0, count);
		return;
	}
	emit_frames(writer, &frames, 0, FIRST_FRAMES);
	EMIT(out, "<details class=middle><summary>");
	fl_emit_grouped(out, count - FIRST_FRAMES - LAST_FRAMES);
	EMIT(out, " more frames</summary>\n");
	emit_frames(writer, &frames, FIRST_FRAMES, count - LAST_FRAMES);
	EMIT(out, "</details>\n");
	emit_frames(writer, &frames, count - LAST_FRAMES, count);
}
