/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * code.c: see code.h. A report is mostly these rows, so each byte of markup counts:
 *
 *   <tr id=L12><td>12<td>7<td>T F<td>text     a line of code: number, count, outcomes
 *   <tr id=L13><td>13<td><td><td>text         a line that is not code
 *   <tr id=L14><td>14                         an empty one
 *
 * Rows have class u (missed), p (partly covered) or x (excluded). Text has <b> for keywords, <i> for
 * comments, <u> for strings, <var> for directives, <mark> for what never ran, <em> for conditions that always
 * came out the same. A row's first attribute stands on a new line: a line break elsewhere would be part of
 * some text.
 */
#include "code.h"

#include <string.h>

#include "changes.h"
#include "code_links.h"
#include "code_text.h"
#include "condition.h"
#include "decision.h"
#include "expand.h"
#include "pack.h"

enum { ROWS_PER_TABLE = 1000 }; /* so that a browser lays out only what is near the window */

struct code {
	const struct fl_page *page;
	struct fl_emit *out;
	struct fl_judge *judge;
	const struct fl_file *file;
	struct fl_code_text text;
	uint32_t next;             /* node */
	size_t line, branch, head; /* indices of the first line, branch and head not yet passed */
	size_t decision, no_code;  /* so of decisions, and of lines without code */
	struct fl_code_links links;
	struct fl_changes changes;
	struct fl_test_lines tests;
	struct fl_texts *texts;
	uint32_t rows;
};

static void emit_arrow(struct fl_emit *out, enum fl_word label, uint32_t line)
{
	fl_emit_word(out, FL_WORD_ARROW);
	fl_emit_number(out, line);
	fl_emit_word(out, label);
}

/* On the first line of a stretch that is not covered: the way to the one before and the one after. */
static void emit_arrows(struct code *code)
{
	const struct fl_judge *judge = code->judge;
	size_t head = code->head++;
	if (head)
		emit_arrow(code->out, FL_WORD_PREVIOUS, judge->heads[head - 1]);
	if (head + 1 < judge->head_count) {
		emit_arrow(code->out, FL_WORD_NEXT, judge->heads[head + 1]);
	} else if (code->next != FL_TREE_NONE) {
		EMIT(code->out, "<a class=v ");
		fl_page_href(code->page, code->next, FL_TREE_BY_NAME);
		EMIT(code->out, " aria-label=\"Next file that is not fully covered\">→</a>");
	}
}

/* The exact number, and the tests, are its title. */
static void emit_count(struct code *code, size_t index)
{
	struct fl_emit *out = code->out;
	const struct fl_line *line = &code->file->lines[index];
	if (fl_test_lines_count(&code->tests, index)) {
		fl_row_cell_with(out);
		EMIT(out, " title=\"");
		fl_emit_number(out, line->count);
		EMIT(out, ", ");
		fl_test_lines_emit(&code->tests, out, index);
		EMIT(out, "\">");
	} else if (line->count < 10000) {
		fl_row_cell(out);
	} else {
		fl_row_cell_with(out);
		EMIT(out, " title=");
		fl_emit_number(out, line->count);
		EMIT(out, ">");
	}
	if (line->excluded)
		EMIT(out, "(");
	fl_emit_human(out, line->count);
	if (line->excluded)
		EMIT(out, ")");
}

static bool is_missing(const struct fl_branch *branch, int outcome)
{
	return branch->taken[outcome] == 0 && !branch->folded[outcome];
}

static void emit_outcome(struct fl_emit *out, const struct fl_branch *branch, int outcome)
{
	const char *letter = outcome ? "T" : "F";
	if (branch->folded[outcome])
		letter = "·";
	if (is_missing(branch, outcome)) {
		fl_emit_word(out, FL_WORD_BOLD);
		EMIT(out, "✗");
	}
	fl_emit_bytes(out, letter, strlen(letter));
	if (is_missing(branch, outcome))
		fl_emit_word(out, FL_WORD_BOLD_END);
}

/* One condition: which outcomes there were. Several: how many of how many. */
static void emit_outcomes(struct code *code, const struct fl_line *line)
{
	struct fl_emit *out = code->out;
	const struct fl_branch *first = NULL;
	size_t shown = 0;
	for (size_t i = code->branch; i < code->file->branch_count; i++) {
		const struct fl_branch *branch = &code->file->branches[i];
		if (branch->start.line != line->line)
			break;
		if (branch->excluded || (branch->folded[0] && branch->folded[1]))
			continue;
		first = first ? first : branch;
		shown++;
	}
	fl_row_cell(out);
	if (line->branches == 0 || line->excluded)
		return;
	if (shown == 1 && line->count) {
		emit_outcome(out, first, 1);
		EMIT(out, " ");
		emit_outcome(out, first, 0);
		return;
	}
	if (line->branches_hit < line->branches)
		fl_emit_word(out, FL_WORD_BOLD);
	fl_emit_number(out, line->branches_hit);
	EMIT(out, "/");
	fl_emit_number(out, line->branches);
	if (line->branches_hit < line->branches)
		fl_emit_word(out, FL_WORD_BOLD_END);
}

/* Only where a stretch begins, which is what people point each other to: script.js makes all numbers links.
 */
static void emit_line_link(struct fl_emit *out, uint32_t number)
{
	EMIT(out, "<a href=#L");
	fl_emit_number(out, number);
	EMIT(out, ">");
	fl_emit_number(out, number);
	EMIT(out, "</a>");
}

/* The macros of the line in which outcomes are missing. */
static void emit_macros(struct code *code, uint32_t line, const char *text, size_t length)
{
	size_t index = code->branch;
	for (size_t at = 0;;) {
		struct fl_condition condition = fl_condition_next(code->file, &index, line, at, length);
		if (!condition.count)
			return;
		if (fl_expand_wanted(&condition))
			fl_expand_emit(code->page, code->texts, code->file, &condition, text);
		at = condition.end;
	}
}

static void emit_code_row(struct code *code, size_t index)
{
	static const char *const classes[] = {NULL, "p", "u", "x"};
	const struct fl_line *line = &code->file->lines[index];
	enum fl_verdict verdict = code->judge->verdicts[index];
	size_t length;
	const char *text = fl_source_line(code->judge->source, line->line, &length);
	while (code->branch < code->file->branch_count &&
		code->file->branches[code->branch].start.line < line->line)
		code->branch++;
	fl_highlight_line(&code->text.highlight, text, length);
	fl_row_begin(code->out, line->line, classes[verdict]);
	while (code->head < code->judge->head_count && code->judge->heads[code->head] < line->line)
		code->head++;
	if (code->head < code->judge->head_count && code->judge->heads[code->head] == line->line) {
		emit_arrows(code);
		emit_line_link(code->out, line->line);
	} else {
		fl_row_number(code->out, line->line);
	}
	emit_count(code, index);
	emit_outcomes(code, line);
	fl_row_cell(code->out);
	bool mixed = verdict == FL_VERDICT_PARTIAL ||
		     (verdict == FL_VERDICT_COVERED && code->judge->stained[index]);
	if (mixed)
		fl_code_text_mixed(&code->text, line->line, code->branch, text, length);
	else
		fl_code_text_plain(&code->text, text, length);
	if (verdict == FL_VERDICT_PARTIAL)
		emit_macros(code, line->line, text, length);
	fl_decision_emit_line(
		code->page, code->texts, code->judge->source, code->file, &code->decision, line->line);
	fl_code_links_emit(&code->links, line->line);
	fl_changes_emit_line(&code->changes, code->out, line->line);
	fl_row_end(code->out);
}

static bool lacks_code(struct code *code, uint32_t number)
{
	const struct fl_file *file = code->file;
	while (code->no_code < file->no_code_count && file->no_code[code->no_code] < number)
		code->no_code++;
	return code->no_code < file->no_code_count && file->no_code[code->no_code] == number;
}

static void emit_other_row(struct code *code, uint32_t number)
{
	struct fl_emit *out = code->out;
	size_t length;
	const char *text = fl_source_line(code->judge->source, number, &length);
	fl_highlight_line(&code->text.highlight, text, length);
	fl_row_begin(out, number, NULL);
	fl_row_number(out, number);
	if (length || fl_code_links_any(&code->links, number)) {
		if (lacks_code(code, number)) {
			fl_row_cell_with(out);
			EMIT(out, " class=none title=\"the compiler made no code of it\">no code");
		} else {
			fl_row_cell(out);
		}
		fl_row_cell(out);
		fl_row_cell(out);
		fl_code_text_plain(&code->text, text, length);
		fl_code_links_emit(&code->links, number);
	}
	fl_row_end(out);
}

static void end_table(struct code *code)
{
	fl_rows_end(code->out);
	EMIT(code->out, "</table></div>\n");
}

static void begin_table(struct code *code)
{
	if (code->rows++ % ROWS_PER_TABLE)
		return;
	if (code->rows > 1)
		end_table(code);
	if (code->judge->source->line_count > code->rows + ROWS_PER_TABLE)
		EMIT(code->out, "<div class=long>"); /* its height is known before it is laid out */
	else
		EMIT(code->out, "<div>");
	EMIT(code->out, "<table class=code>\n<thead><tr><th scope=col>Line<th scope=col>Count"
			"<th scope=col>Branches<th scope=col>Source\n<tbody>");
}

void fl_code_emit(const struct fl_page *page, struct fl_judge *judge, struct fl_texts *texts, uint32_t next)
{
	const struct fl_file *file = judge->file;
	struct code code = {
		page, page->out, judge, file, .text = {page->out, judge}, .next = next, .texts = texts};
	fl_highlight_init(
		&code.text.highlight, fl_highlight_language(file->path, page->report->header_is_cxx));
	fl_judge_rewind(judge);
	fl_changes_begin(&code.changes, page->report, file->path);
	fl_test_lines_begin(&code.tests, &page->report->test_marks, file->path);
	fl_code_links_begin(&code.links, page, file->path);
	if (file->line_count || code.links.mark == code.links.marks_end)
		EMIT(code.out, "<div id=code>\n");
	else
		EMIT(code.out, "<div id=code class=plain>\n");
	for (uint32_t number = 1; number <= judge->source->line_count; number++) {
		begin_table(&code);
		while (code.line < file->line_count && file->lines[code.line].line < number)
			code.line++; /* no such line: the model came from elsewhere */
		if (code.line < file->line_count && file->lines[code.line].line == number)
			emit_code_row(&code, code.line++);
		else
			emit_other_row(&code, number);
	}
	for (; code.line < file->line_count; code.line++) { /* beyond the source, or without one */
		begin_table(&code);
		emit_code_row(&code, code.line);
	}
	if (code.rows)
		end_table(&code);
	else
		EMIT(code.out, "<p>This file is empty.</p>\n");
	EMIT(code.out, "</div>\n");
}
