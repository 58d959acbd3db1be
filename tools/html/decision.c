/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * decision.c: see decision.h. The conditions first, numbered and each with what is shown of it; then a row
 * for each evaluation that was and for each that is missing. A <details>, which needs no script.
 */
#include "decision.h"

#include "emit.h"
#include "model/decision.h"

enum { MOST_TEXT = 60, MOST_ROWS = 200 };

static void emit_text(struct fl_emit *out, const struct fl_source *source, const struct fl_branch *branch)
{
	size_t length, from = branch->start.column - 1u;
	const char *text = fl_source_line(source, branch->start.line, &length);
	size_t to = branch->end.line == branch->start.line ? branch->end.column - 1u : length;
	to = to < length ? to : length;
	if (from >= to)
		return;
	bool cut = to - from > MOST_TEXT || branch->end.line != branch->start.line;
	fl_emit_text(out, text + from, to - from > MOST_TEXT ? MOST_TEXT : to - from);
	if (cut)
		EMIT(out, "…");
}

static void emit_shown(struct fl_emit *out, const struct fl_decision *decision, uint32_t condition)
{
	bool unique = decision->shown[FL_UNIQUE_CAUSE] >> condition & 1;
	bool masking = decision->shown[FL_MASKING] >> condition & 1;
	if (unique)
		EMIT(out, "<td>✓ decides alone");
	else if (masking)
		EMIT(out, "<td>✓ by masking only");
	else
		EMIT(out, "<td><b>✗ not shown</b>");
}

static void emit_conditions(const struct fl_page *page, struct fl_texts *texts,
	const struct fl_source *source, const struct fl_decision *decision)
{
	struct fl_emit *out = page->out;
	EMIT(out, "<table><thead><tr><th scope=col>#<th scope=col>Condition<th scope=col>True"
		  "<th scope=col>False<th scope=col>MC/DC<tbody>");
	for (uint32_t i = 0; i < decision->condition_count; i++) {
		const struct fl_branch *branch = decision->conditions[i].branch;
		EMIT(out, "<tr><th scope=row>");
		fl_emit_number(out, i + 1);
		EMIT(out, "<td><code>");
		if (branch->macro)
			fl_expand_emit_text(page, texts, branch);
		else
			emit_text(out, source, branch);
		EMIT(out, "</code><td>");
		fl_emit_grouped(out, branch->taken[1]);
		EMIT(out, "<td>");
		fl_emit_grouped(out, branch->taken[0]);
		emit_shown(out, decision, i);
	}
	EMIT(out, "</table>");
}

static void emit_vector(
	struct fl_emit *out, const struct fl_decision *decision, const struct fl_vector *vector)
{
	char text[FL_CONDITIONS_MAX + 1];
	fl_vector_text(decision, vector, text);
	for (uint32_t i = 0; i < decision->condition_count; i++) {
		EMIT(out, "<td>");
		if (text[i] == '-')
			EMIT(out, "–");
		else
			fl_emit_bytes(out, &text[i], 1);
	}
	if (vector->outcome)
		EMIT(out, "<td><b>true</b><td>");
	else
		EMIT(out, "<td><b>false</b><td>");
}

static void emit_missing(struct fl_emit *out, const struct fl_decision *decision)
{
	const struct fl_suggestions *missing = &decision->missing[FL_UNIQUE_CAUSE];
	for (size_t i = 0; i < missing->count; i++) {
		EMIT(out, "<tr class=add>");
		emit_vector(out, decision, &missing->items[i].vector);
		EMIT(out, "missing");
		bool first = true;
		for (uint32_t j = 0; j < decision->condition_count; j++) {
			if (!(missing->items[i].shows >> j & 1))
				continue;
			if (first)
				EMIT(out, ": shows ");
			else
				EMIT(out, ", ");
			fl_emit_number(out, j + 1);
			first = false;
		}
		if (first)
			EMIT(out, ", with the next");
	}
}

static void emit_vectors(struct fl_emit *out, const struct fl_decision *decision)
{
	EMIT(out, "<table><thead><tr>");
	for (uint32_t i = 0; i < decision->condition_count; i++) {
		EMIT(out, "<th scope=col>");
		fl_emit_number(out, i + 1);
	}
	EMIT(out, "<th scope=col>Decision<th scope=col>Times<tbody>");
	for (size_t i = 0; i < decision->vector_count && i < MOST_ROWS; i++) {
		EMIT(out, "<tr>");
		emit_vector(out, decision, &decision->vectors[i]);
		fl_emit_grouped(out, decision->vectors[i].count);
		EMIT(out, "×");
	}
	emit_missing(out, decision);
	EMIT(out, "</table>");
	if (decision->vector_count > MOST_ROWS) {
		EMIT(out, "<p>and ");
		fl_emit_grouped(out, decision->vector_count - MOST_ROWS);
		EMIT(out, " other evaluations");
	}
}

static void emit_decision(const struct fl_page *page, struct fl_texts *texts, const struct fl_source *source,
	const struct fl_decision *decision)
{
	struct fl_emit *out = page->out;
	uint32_t shown = fl_decision_shown(decision, FL_UNIQUE_CAUSE);
	if (shown < decision->condition_count)
		EMIT(out, "<details class=\"e mc\"><summary>MC/DC ");
	else
		EMIT(out, "<details class=\"e mc all\"><summary>MC/DC ");
	fl_emit_number(out, shown);
	EMIT(out, "/");
	fl_emit_number(out, decision->condition_count);
	EMIT(out, "</summary>");
	emit_conditions(page, texts, source, decision);
	emit_vectors(out, decision);
	EMIT(out, "</details>");
}

void fl_decision_emit_line(const struct fl_page *page, struct fl_texts *texts, const struct fl_source *source,
	const struct fl_file *file, size_t *next, uint32_t line)
{
	while (*next < file->decision_count && file->decisions[*next].start.line < line)
		++*next;
	for (; *next < file->decision_count && file->decisions[*next].start.line == line; ++*next) {
		const struct fl_decision *decision = &file->decisions[*next];
		if (decision->condition_count > 1 && !decision->excluded)
			emit_decision(page, texts, source, decision);
	}
}
