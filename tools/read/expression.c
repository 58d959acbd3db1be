/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * expression.c: see expression.h. First where the expression begins and ends, backwards from the column; then
 * its steps, forwards.
 */
#include "read/expression.h"

#include <ctype.h>
#include <string.h>

#include "util/memory.h"

struct range {
	size_t start, end;
};

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

static size_t skip_back(const char *line, size_t at)
{
	while (at && isspace((unsigned char)line[at - 1]))
		at--;
	return at;
}

static size_t skip(const char *line, size_t length, size_t at)
{
	while (at < length && isspace((unsigned char)line[at]))
		at++;
	return at;
}

static size_t word_start(const char *line, size_t end)
{
	while (end && is_word(line[end - 1]))
		end--;
	return end;
}

static size_t word_end(const char *line, size_t length, size_t at)
{
	while (at < length && is_word(line[at]))
		at++;
	return at;
}

/* Where the bracket that closes before `end` opens; SIZE_MAX: not on this line. */
static size_t group_start(const char *line, size_t end)
{
	int depth = 0;
	while (end--) {
		depth += line[end] == ')' || line[end] == ']';
		depth -= line[end] == '(' || line[end] == '[';
		if (!depth)
			return end;
	}
	return SIZE_MAX;
}

static size_t group_end(const char *line, size_t length, size_t at)
{
	int depth = 0;
	for (; at < length; at++) {
		depth += line[at] == '(' || line[at] == '[';
		depth -= line[at] == ')' || line[at] == ']';
		if (!depth)
			return at + 1;
	}
	return SIZE_MAX;
}

/* Before a member's name: where `.`, `->` or `::` begins; `at` itself when there is none. */
static size_t link_start(const char *line, size_t at)
{
	size_t end = skip_back(line, at);
	if (end >= 2 && (!memcmp(line + end - 2, "->", 2) || !memcmp(line + end - 2, "::", 2)))
		return end - 2;
	if (end >= 2 && line[end - 1] == '.' && line[end - 2] != '.')
		return end - 1;
	return at;
}

/* Where the expression begins whose last name, or bracket, ends before `end`. */
static size_t expression_start(const char *line, size_t end)
{
	for (;;) {
		end = skip_back(line, end);
		size_t start = word_start(line, end);
		if (start == end && end && (line[end - 1] == ']' || line[end - 1] == ')')) {
			start = group_start(line, end);
			if (start == SIZE_MAX)
				return SIZE_MAX;
			size_t name = skip_back(line, start);
			if (line[start] == '[' || (name && is_word(line[name - 1]))) {
				end = start; /* what is indexed or called */
				continue;
			}
		} else if (start == end || isdigit((unsigned char)line[start])) {
			return SIZE_MAX;
		}
		size_t link = link_start(line, start);
		if (link == start)
			return start;
		end = link;
	}
}

/* A `*` with no operand before it. */
static size_t with_dereferences(const char *line, size_t start)
{
	for (;;) {
		size_t star = skip_back(line, start);
		if (!star || line[star - 1] != '*')
			return start;
		size_t before = skip_back(line, star - 1);
		if (before && (is_word(line[before - 1]) || line[before - 1] == ']'))
			return start;
		start = star - 1;
	}
}

static bool is_keyword(const char *word, size_t length)
{
	static const char *const words[] = {"return", "if", "while", "for", "switch", "sizeof", "else", "do",
		"case", "new", "delete", "throw", "goto", "co_await", "co_yield", "co_return"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strlen(words[i]) == length && !memcmp(words[i], word, length))
			return true;
	return false;
}

/* A name, and the brackets that follow it. */
static struct range range_of_name(const char *line, size_t length, size_t at)
{
	struct range none = {0, 0};
	size_t start = word_start(line, at), end = word_end(line, length, at);
	if (isdigit((unsigned char)line[start]) || is_keyword(line + start, end - start))
		return none;
	size_t next = skip(line, length, end);
	if (next < length && line[next] == '(')
		return none; /* a call */
	start = expression_start(line, end);
	if (start == SIZE_MAX)
		return none;
	while ((next = skip(line, length, end)) < length && line[next] == '[') {
		end = group_end(line, length, next);
		if (end == SIZE_MAX)
			return none;
	}
	return (struct range){start, end};
}

/* `*p`, `++p->count`: what follows a sign before its operand. */
static struct range range_after(const char *line, size_t length, size_t at)
{
	struct range none = {0, 0};
	size_t end = skip(line, length, at);
	while (end < length && line[end] == '*')
		end = skip(line, length, end + 1);
	size_t first = end;
	for (;;) {
		if (end < length && line[end] == '(') {
			end = group_end(line, length, end);
			if (end == SIZE_MAX)
				return none;
		} else {
			size_t word = word_end(line, length, end);
			if (word == end || isdigit((unsigned char)line[end]))
				return none;
			end = word;
		}
		size_t next;
		while ((next = skip(line, length, end)) < length &&
			(line[next] == '[' || line[next] == '(')) {
			end = group_end(line, length, next);
			if (end == SIZE_MAX)
				return none;
		}
		if (next + 1 < length && (!memcmp(line + next, "->", 2) || !memcmp(line + next, "::", 2)))
			end = skip(line, length, next + 2);
		else if (next < length && line[next] == '.')
			end = skip(line, length, next + 1);
		else
			break;
	}
	return (struct range){with_dereferences(line, first), end};
}

static struct range range_before(const char *line, size_t at)
{
	size_t end = skip_back(line, at), start = expression_start(line, end);
	if (start == SIZE_MAX)
		return (struct range){0, 0};
	return (struct range){with_dereferences(line, start), end};
}

/* A sign at the column: an assignment stands after its target, a prefix before it. */
static struct range range_of_sign(const char *line, size_t length, size_t at)
{
	struct range none = {0, 0};
	size_t before = skip_back(line, at);
	bool has_left =
		before && (is_word(line[before - 1]) || line[before - 1] == ']' || line[before - 1] == ')');
	char c = line[at], next = at + 1 < length ? line[at + 1] : '\0',
	     third = at + 2 < length ? line[at + 2] : '\0';
	if ((c == '+' || c == '-') && next == c)
		return has_left ? range_before(line, at) : range_after(line, length, at + 2);
	if (c == '*' && !has_left)
		return range_after(line, length, at);
	bool assigns = (c == '=' && next != '=') || (strchr("+-*/%&|^", c) && next == '=') ||
		       ((c == '<' || c == '>') && next == c && third == '=');
	return assigns && has_left ? range_before(line, at) : none;
}

/* ---- steps ------------------------------------------------------------------------------------------- */

static struct fl_step *add(struct fl_expression *expression, enum fl_step_kind kind, const char *name)
{
	if (expression->count == FL_STEPS_MAX)
		return NULL;
	struct fl_step *step = &expression->steps[expression->count++];
	*step = (struct fl_step){kind, name};
	return step;
}

/* The base: a name, perhaps with namespaces before it, or (*name); else one without a name. Returns its end.
 */
static size_t read_base(struct fl_expression *expression, const char *text, struct fl_arena *arena)
{
	size_t length = strlen(text), end = word_end(text, length, 0), name = 0;
	while (end && !strncmp(text + end, "::", 2)) {
		name = end + 2;
		end = word_end(text, length, name);
	}
	if (end > name && text[end] != '(') {
		add(expression, FL_STEP_BASE, fl_arena_bytes(arena, text + name, end - name));
		return end;
	}
	size_t close = group_end(text, length, end);
	if (*text == '(' && text[1] == '*' && close != SIZE_MAX && word_end(text, length, 2) == close - 1) {
		add(expression, FL_STEP_BASE, fl_arena_bytes(arena, text + 2, close - 3));
		add(expression, FL_STEP_INDEX, NULL);
	} else {
		add(expression, FL_STEP_BASE, NULL);
	}
	return close == SIZE_MAX ? length : close;
}

static bool read_steps(struct fl_expression *expression, struct fl_arena *arena)
{
	const char *text = expression->text;
	size_t stars = strspn(text, "*");
	text += stars;
	text += read_base(expression, text, arena);
	while (*text) {
		enum fl_step_kind kind = *text == '.'   ? FL_STEP_DOT
					 : *text == '-' ? FL_STEP_ARROW
							: FL_STEP_INDEX;
		size_t length = strlen(text), end, start = kind == FL_STEP_ARROW ? 2 : kind == FL_STEP_DOT;
		if (kind == FL_STEP_INDEX && *text == '(') { /* a call in between */
			expression->count = 0;
			add(expression, FL_STEP_BASE, NULL);
			end = group_end(text, length, 0);
		} else if (kind == FL_STEP_INDEX) {
			end = *text == '[' ? group_end(text, length, 0) : SIZE_MAX;
			if (!add(expression, kind, NULL))
				return false;
		} else {
			end = word_end(text, length, start);
			if (end == start ||
				!add(expression, kind, fl_arena_bytes(arena, text + start, end - start)))
				return false;
		}
		if (end == SIZE_MAX)
			return false;
		text += end;
	}
	for (size_t i = 0; i < stars; i++)
		if (!add(expression, FL_STEP_INDEX, NULL))
			return false;
	return true;
}

/* Blanks are needed between words only. */
static const char *without_blanks(const char *text, size_t length, struct fl_arena *arena)
{
	char *copy = fl_arena_alloc(arena, length + 1);
	size_t used = 0;
	for (size_t i = 0; i < length; i++) {
		bool blank = isspace((unsigned char)text[i]);
		size_t next = skip(text, length, i);
		if (!blank)
			copy[used++] = text[i];
		else if (used && is_word(copy[used - 1]) && next < length && is_word(text[next]))
			copy[used++] = ' ', i = next - 1;
	}
	copy[used] = '\0';
	return copy;
}

bool fl_expression_at(struct fl_expression *expression, const char *line, size_t length, uint32_t column,
	struct fl_arena *arena)
{
	*expression = (struct fl_expression){0};
	if (!column || column > length)
		return false;
	size_t at = column - 1;
	struct range range =
		is_word(line[at]) ? range_of_name(line, length, at) : range_of_sign(line, length, at);
	if (range.start == range.end)
		return false;
	expression->text = without_blanks(line + range.start, range.end - range.start, arena);
	return read_steps(expression, arena);
}
