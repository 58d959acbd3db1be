/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * code_text.c: see code_text.h.
 */
#include "code_text.h"

#include "condition.h"

static void emit_token(struct fl_emit *out, enum fl_token kind, const char *text, size_t length,
	void (*emit)(struct fl_emit *, const char *, size_t))
{
	switch (kind) {
	case FL_TOKEN_TEXT:
		emit(out, text, length);
		break;
	case FL_TOKEN_KEYWORD:
		fl_emit_word(out, FL_WORD_BOLD);
		emit(out, text, length);
		fl_emit_word(out, FL_WORD_BOLD_END);
		break;
	case FL_TOKEN_COMMENT:
		fl_emit_word(out, FL_WORD_COMMENT);
		emit(out, text, length);
		fl_emit_word(out, FL_WORD_COMMENT_END);
		break;
	case FL_TOKEN_STRING:
		fl_emit_word(out, FL_WORD_STRING);
		emit(out, text, length);
		fl_emit_word(out, FL_WORD_STRING_END);
		break;
	case FL_TOKEN_DIRECTIVE:
		fl_emit_word(out, FL_WORD_DIRECTIVE);
		emit(out, text, length);
		fl_emit_word(out, FL_WORD_DIRECTIVE_END);
		break;
	}
}

void fl_code_text_plain(struct fl_code_text *code, const char *text, size_t length)
{
	enum fl_token kind;
	bool clean = fl_emit_is_content(text, length);
	for (size_t at = 0, end; at < length; at = end) {
		end = fl_highlight_run(&code->highlight, text, length, at, &kind);
		if (clean)
			emit_token(code->out, kind, text + at, end - at, fl_emit_bytes);
		else
			emit_token(code->out, kind, text + at, end - at, fl_emit_content);
	}
}

/* Conditions are the outer elements, stains the inner, tokens the innermost; each is closed and opened again
 * where an outer one begins or ends. */
void fl_code_text_mixed(
	struct fl_code_text *code, uint32_t line, size_t branch, const char *text, size_t length)
{
	struct fl_emit *out = code->out;
	fl_judge_line(code->judge, line);
	const struct fl_stain *stain = code->judge->stains, *stains_end = stain + code->judge->stain_count;
	size_t index = branch, at = 0, token_end = 0;
	struct fl_condition condition = fl_condition_next(code->judge->file, &index, line, 0, length);
	enum fl_token kind = FL_TOKEN_TEXT;
	while (at < length) {
		if (at == condition.start && condition.count)
			fl_condition_emit_start(out, &condition);
		if (at == token_end)
			token_end = fl_highlight_run(&code->highlight, text, length, at, &kind);
		while (stain < stains_end && stain->end <= at)
			stain++;
		bool stained = stain < stains_end && stain->start <= at;
		size_t end = token_end;
		size_t edges[] = {stain == stains_end ? length
				  : stained           ? stain->end
						      : stain->start,
			at < condition.start ? condition.start : condition.end};
		for (size_t i = 0; i < 2; i++)
			if (edges[i] > at && edges[i] < end)
				end = edges[i];
		bool marked = stained && kind != FL_TOKEN_COMMENT;
		if (marked)
			fl_emit_word(out, FL_WORD_MISSED);
		emit_token(out, kind, text + at, end - at, fl_emit_content);
		if (marked)
			fl_emit_word(out, FL_WORD_MISSED_END);
		at = end;
		if (condition.count && at >= condition.end) {
			EMIT(out, "</em>");
			condition = fl_condition_next(code->judge->file, &index, line, at, length);
		}
	}
}
