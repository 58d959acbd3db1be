/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * text_arms.c: see text_arms.h. Statements are followed as far as it takes to see where one ends. Each token
 * is looked at once.
 */
#include "read/text_arms.h"

#include <stdlib.h>

#include "read/tokens.h"
#include "util/memory.h"

enum { MAX_DEEP = 200 }; /* statements within statements; no text that somebody wrote has so many */

struct arms {
	struct fl_text_facts *facts;
	size_t capacity;
	struct tokens tokens;
	struct token now;
	struct fl_position end; /* of the token before */
	unsigned deep;
};

static void pass_if(struct arms *arms);

static bool is(const struct arms *arms, const char *word)
{
	return fl_token_is(&arms->now, word);
}

static bool is_end(const struct arms *arms)
{
	return arms->now.kind == TOKEN_END;
}

static void advance(struct arms *arms)
{
	arms->end = arms->now.at;
	arms->end.column += (uint32_t)arms->now.length;
	do
		arms->now = fl_tokens_next(&arms->tokens);
	while (arms->tokens.skipping && !is_end(arms));
}

static bool opens(const struct arms *arms)
{
	return is(arms, "(") || is(arms, "{") || is(arms, "[");
}

static bool closes(const struct arms *arms)
{
	return is(arms, ")") || is(arms, "}") || is(arms, "]");
}

/* From a brace or parenthesis to behind the one that closes it. */
static void pass_group(struct arms *arms)
{
	size_t open = 0;
	do {
		if (is(arms, "if")) {
			pass_if(arms);
			continue;
		}
		open += opens(arms);
		open -= closes(arms);
		advance(arms);
	} while (open && !is_end(arms));
}

static void pass_parentheses(struct arms *arms)
{
	if (is(arms, "("))
		pass_group(arms);
}

/* To behind the ";", but not out of the block. */
static void pass_simple(struct arms *arms)
{
	while (!is(arms, ";") && !closes(arms) && !is_end(arms))
		opens(arms) ? pass_group(arms) : advance(arms);
	if (is(arms, ";"))
		advance(arms);
}

static void pass_try(struct arms *arms)
{
	advance(arms);
	while (is(arms, "{") || is(arms, "catch")) {
		if (is(arms, "catch")) {
			advance(arms);
			pass_parentheses(arms);
		}
		if (is(arms, "{"))
			pass_group(arms);
	}
}

static void pass_statement(struct arms *arms)
{
	if (arms->deep == MAX_DEEP) {
		arms->now = (struct token){.kind = TOKEN_END};
		arms->tokens.at = arms->tokens.end;
		return;
	}
	arms->deep++;
	if (is(arms, "{")) {
		pass_group(arms);
	} else if (is(arms, "if")) {
		pass_if(arms);
	} else if (is(arms, "for") || is(arms, "while") || is(arms, "switch")) {
		advance(arms);
		pass_parentheses(arms);
		pass_statement(arms);
	} else if (is(arms, "do")) {
		advance(arms);
		pass_statement(arms);
		pass_simple(arms);
	} else if (is(arms, "try")) {
		pass_try(arms);
	} else {
		pass_simple(arms);
	}
	arms->deep--;
}

/* Behind the parenthesis, and past what a statement in front declares. */
static struct fl_position pass_condition(struct arms *arms)
{
	advance(arms);
	struct fl_position start = arms->now.at;
	while (!is(arms, ")") && !is_end(arms)) {
		bool declared = is(arms, ";");
		opens(arms) ? pass_group(arms) : advance(arms);
		if (declared)
			start = arms->now.at;
	}
	advance(arms);
	return start;
}

static void pass_arm(struct arms *arms, bool is_first, struct fl_position condition)
{
	struct fl_position before = is_first ? arms->now.at : arms->end;
	if (!is_first)
		advance(arms);
	struct fl_text_arm arm = {
		.before = before,
		.condition = condition,
		.span.start = arms->now.at,
		.word_end = {arms->now.at.line, arms->now.at.column + (uint32_t)arms->now.length},
		.is_first = is_first,
	};
	pass_statement(arms);
	arm.span.end = arms->end;
	if (condition.line && !is_end(arms))
		*FL_PUSH(arms->facts->arms, arms->facts->arm_count, arms->capacity) = arm;
}

static void pass_if(struct arms *arms)
{
	struct fl_position condition = {0, 0};
	advance(arms);
	bool is_constant = is(arms, "constexpr");
	if (is_constant)
		advance(arms);
	if (is(arms, "("))
		condition = pass_condition(arms);
	if (!is_constant)
		condition = (struct fl_position){0, 0};
	pass_arm(arms, true, condition);
	if (!is(arms, "else"))
		return;
	pass_arm(arms, false, condition);
}

static int compare_arms(const void *left, const void *right)
{
	const struct fl_text_arm *a = left, *b = right;
	struct fl_position one = a->condition, other = b->condition;
	if (one.line != other.line)
		return one.line < other.line ? -1 : 1;
	if (one.column != other.column)
		return one.column < other.column ? -1 : 1;
	return (int)b->is_first - (int)a->is_first;
}

void fl_text_arms_scan(struct fl_text_facts *facts, const char *text, size_t length)
{
	struct arms arms = {.facts = facts};
	fl_tokens_begin(&arms.tokens, text, length);
	advance(&arms);
	while (!is_end(&arms))
		is(&arms, "if") ? pass_if(&arms) : advance(&arms);
	free(arms.tokens.lines);
	if (facts->arm_count)
		qsort(facts->arms, facts->arm_count, sizeof *facts->arms, compare_arms);
}
