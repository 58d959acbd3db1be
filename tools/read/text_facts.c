/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * text_facts.c: see text_facts.h.
 *
 * Tokens come one by one (next_token). What a brace opens is told by what came since the last ";" or brace:
 * `pending`.
 */
#include "read/text_facts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

enum token_kind { END, WORD, LITERAL, MARK };

struct token {
	enum token_kind kind;
	const char *text;
	size_t length;
	struct fl_position at;
};

/* What was said since the last ";" or brace on this level. */
struct pending {
	bool template, constant, type, parameters, initialisers, assigned;
};

enum scope_kind { SCOPE_DECLARATIONS, SCOPE_BODY, SCOPE_PART };

/* An open brace. */
struct scope {
	enum scope_kind kind;
	bool template;
	struct pending pending; /* of the level around, for what goes on after a part */
	unsigned parens;
	size_t body; /* number in facts->bodies, or SIZE_MAX */
};

enum lambda { NO_LAMBDA, CAPTURES, AFTER_CAPTURES };

struct scan {
	struct fl_text_facts *facts;
	const struct fl_words *folded;
	size_t line_capacity, body_capacity, fold_capacity;
	const char *at, *end, *line_start;
	uint32_t line;
	bool line_is_fresh; /* nothing but blanks on it so far */
	struct scope *scopes;
	size_t scope_count, scope_capacity;
	struct pending pending;
	unsigned parens;
	struct token last;
	bool requires_open, requires_closed; /* "requires (...)" */
	enum lambda lambda;
	unsigned lambda_parens, lambda_brackets;
	unsigned skipping; /* levels of #if, from the one of which a part is not followed */
	unsigned never;    /* that part is of #if 0: the next one is */
};

static void mark_line(struct scan *scan, enum fl_line_text what)
{
	struct fl_text_facts *facts = scan->facts;
	while (facts->line_count <= scan->line)
		*FL_PUSH(facts->lines, facts->line_count, scan->line_capacity) = FL_TEXT_NONE;
	if (what > facts->lines[scan->line])
		facts->lines[scan->line] = (unsigned char)what;
}

static void new_line(struct scan *scan)
{
	scan->line++;
	scan->line_start = scan->at;
	scan->line_is_fresh = true;
}

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

static bool is(const struct token *token, const char *word)
{
	return token->length == strlen(word) && !memcmp(token->text, word, token->length);
}

static bool starts(const struct scan *scan, const char *word)
{
	size_t length = strlen(word);
	return (size_t)(scan->end - scan->at) >= length && !memcmp(scan->at, word, length);
}

static void step(struct scan *scan)
{
	if (*scan->at++ == '\n')
		new_line(scan);
}

static void skip_comment(struct scan *scan, bool line_comment)
{
	while (scan->at < scan->end && !(line_comment ? *scan->at == '\n' : starts(scan, "*/")))
		step(scan);
	if (!line_comment && scan->at < scan->end)
		scan->at += 2;
}

/* Only the first part of an #if is followed. */
static void enter_directive(struct scan *scan)
{
	const char *word = scan->at + 1;
	while (word < scan->end && (*word == ' ' || *word == '\t'))
		word++;
	size_t left = (size_t)(scan->end - word);
	bool zero = left > 4 && !memcmp(word, "if 0", 4);
	if (left > 2 && !memcmp(word, "if", 2)) {
		scan->skipping += scan->skipping > 0;
		if (!scan->skipping && zero)
			scan->skipping = scan->never = 1;
	} else if (left > 4 && !memcmp(word, "endif", 5)) {
		scan->skipping -= scan->skipping > 0;
	} else if (left > 3 && !memcmp(word, "el", 2) && scan->skipping <= 1) {
		scan->skipping = !(scan->skipping && scan->never);
		scan->never = 0;
	}
}

static void skip_directive(struct scan *scan)
{
	enter_directive(scan);
	while (scan->at < scan->end) {
		mark_line(scan, FL_TEXT_DIRECTIVE);
		const char *stop = memchr(scan->at, '\n', (size_t)(scan->end - scan->at));
		if (!stop) {
			scan->at = scan->end;
			return;
		}
		const char *last = stop;
		while (last > scan->at && (last[-1] == '\r' || last[-1] == ' '))
			last--;
		bool goes_on = last > scan->at && last[-1] == '\\';
		scan->at = stop;
		if (!goes_on)
			return;
		step(scan);
	}
}

static void skip_quoted(struct scan *scan, char quote)
{
	for (scan->at++; scan->at < scan->end && *scan->at != quote && *scan->at != '\n'; step(scan))
		if (*scan->at == '\\' && scan->at + 1 < scan->end)
			scan->at++;
	if (scan->at < scan->end && *scan->at == quote)
		scan->at++;
}

static void skip_raw_string(struct scan *scan)
{
	char close[20] = ")";
	size_t length = 1;
	for (scan->at++; scan->at < scan->end && *scan->at != '(' && length < 17; scan->at++)
		close[length++] = *scan->at;
	close[length] = '"';
	while (scan->at < scan->end && !starts(scan, close)) {
		mark_line(scan, FL_TEXT_CODE);
		step(scan);
	}
	scan->at += scan->at < scan->end ? length + 1 : 0;
}

static void skip_blanks(struct scan *scan)
{
	while (scan->at < scan->end) {
		if (starts(scan, "//") || starts(scan, "/*")) {
			bool line_comment = scan->at[1] == '/';
			scan->at += 2;
			skip_comment(scan, line_comment);
		} else if (*scan->at == '#' && scan->line_is_fresh) {
			skip_directive(scan);
		} else if (isspace((unsigned char)*scan->at) || *scan->at == '\\') {
			step(scan);
		} else {
			return;
		}
	}
}

static struct token next_token(struct scan *scan)
{
	skip_blanks(scan);
	struct token token = {.kind = END, .text = scan->at};
	if (scan->at == scan->end)
		return token;
	token.at = (struct fl_position){scan->line, (uint32_t)(scan->at - scan->line_start) + 1};
	scan->line_is_fresh = false;
	if (in_word(*scan->at)) {
		bool number = isdigit((unsigned char)*scan->at);
		while (scan->at < scan->end &&
			(in_word(*scan->at) || (number && (*scan->at == '.' || *scan->at == '\''))))
			scan->at++;
		token.kind = number ? LITERAL : WORD;
		if (scan->at < scan->end && *scan->at == '"' && scan->at[-1] == 'R' &&
			scan->at - token.text <= 3) {
			token.kind = LITERAL;
			mark_line(scan, FL_TEXT_CODE);
			skip_raw_string(scan);
		}
	} else if (*scan->at == '"' || *scan->at == '\'') {
		token.kind = LITERAL;
		skip_quoted(scan, *scan->at);
	} else {
		token.kind = MARK;
		scan->at++;
	}
	token.length = (size_t)(scan->at - token.text);
	return token;
}

static bool one_of(const struct token *token, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is(token, words[i]))
			return true;
	return false;
}
#define ONE_OF(token, ...)                                                                                   \
	one_of(token, (const char *const[]){__VA_ARGS__},                                                    \
		sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *))

/* Words that stand where only braces would say as much. */
static void note_line(struct scan *scan, const struct token *token)
{
	bool punctuation = token->kind == MARK || ONE_OF(token, "else", "do", "try");
	mark_line(scan, punctuation ? FL_TEXT_PUNCTUATION : FL_TEXT_CODE);
}

static struct scope *innermost(struct scan *scan)
{
	return scan->scope_count ? &scan->scopes[scan->scope_count - 1] : NULL;
}

static bool within_body(const struct scan *scan)
{
	for (size_t i = scan->scope_count; i--;)
		if (scan->scopes[i].kind != SCOPE_PART)
			return scan->scopes[i].kind == SCOPE_BODY;
	return false;
}

static void open_scope(struct scan *scan, enum scope_kind kind, bool template, size_t body)
{
	*FL_PUSH(scan->scopes, scan->scope_count, scan->scope_capacity) =
		(struct scope){kind, template, scan->pending, scan->parens, body};
	scan->pending = (struct pending){0};
	scan->parens = 0;
}

static size_t add_body(struct scan *scan, enum fl_body_kind kind, struct fl_position start)
{
	struct fl_text_facts *facts = scan->facts;
	*FL_PUSH(facts->bodies, facts->body_count, scan->body_capacity) =
		(struct fl_text_body){kind, {start, start}};
	return facts->body_count - 1;
}

/* The brace belongs to what goes on after it: an initialiser, a requirement. */
static bool is_part(const struct scan *scan)
{
	const struct pending *pending = &scan->pending;
	if (is(&scan->last, "requires") || (scan->requires_closed && is(&scan->last, ")")))
		return true;
	if (pending->initialisers)
		return scan->last.kind == WORD || is(&scan->last, ">");
	return pending->assigned || (!pending->parameters && !pending->type);
}

static void open_brace(struct scan *scan, const struct token *token)
{
	const struct scope *around = innermost(scan);
	bool in_template = around && around->template;
	if (scan->lambda == AFTER_CAPTURES && scan->parens == scan->lambda_parens) {
		scan->lambda = NO_LAMBDA;
		open_scope(scan, SCOPE_BODY, false, add_body(scan, FL_BODY_LAMBDA, token->at));
	} else if (within_body(scan)) {
		open_scope(scan, SCOPE_PART, false, SIZE_MAX);
	} else if (scan->pending.type && !scan->pending.parameters) {
		open_scope(scan, SCOPE_DECLARATIONS, in_template || scan->pending.template, SIZE_MAX);
	} else if (is_part(scan)) {
		open_scope(scan, SCOPE_PART, in_template, SIZE_MAX);
	} else {
		bool template = in_template || scan->pending.template;
		size_t body = template                 ? add_body(scan, FL_BODY_TEMPLATE, token->at)
			      : scan->pending.constant ? add_body(scan, FL_BODY_CONSTANT, token->at)
						       : SIZE_MAX;
		open_scope(scan, SCOPE_BODY, false, body);
	}
}

static void close_brace(struct scan *scan, const struct token *token)
{
	if (!scan->scope_count)
		return;
	struct scope scope = scan->scopes[--scan->scope_count];
	if (scope.body != SIZE_MAX)
		scan->facts->bodies[scope.body].span.end =
			(struct fl_position){token->at.line, token->at.column + 1};
	bool goes_on = scope.kind == SCOPE_PART || scope.parens || within_body(scan);
	scan->pending = goes_on ? scope.pending : (struct pending){0};
	scan->parens = scope.parens;
}

/* "[" that begins a lambda: not after what it could index, and no attribute. */
static bool begins_lambda(const struct scan *scan)
{
	const struct token *last = &scan->last;
	if (scan->at < scan->end && *scan->at == '[')
		return false;
	if (last->kind == WORD)
		return ONE_OF(
			last, "return", "co_return", "co_yield", "co_await", "throw", "case", "else", "do");
	return last->kind != LITERAL && !ONE_OF(last, ")", "]", "[", "}", ">");
}

static void follow_lambda(struct scan *scan, const struct token *token)
{
	if (is(token, "[")) {
		if (scan->lambda == CAPTURES)
			scan->lambda_brackets++;
		else if (begins_lambda(scan)) {
			scan->lambda = CAPTURES;
			scan->lambda_brackets = 1;
			scan->lambda_parens = scan->parens;
		}
	} else if (scan->lambda == CAPTURES && is(token, "]")) {
		if (!--scan->lambda_brackets)
			scan->lambda = AFTER_CAPTURES;
	} else if (scan->lambda == AFTER_CAPTURES && scan->parens <= scan->lambda_parens &&
		   (ONE_OF(token, ";", "=", ",", "}") ||
			   (is(token, ")") && scan->parens == scan->lambda_parens))) {
		scan->lambda = NO_LAMBDA;
	}
}

/* Whether "template" is followed by parameters: "template <>" names one that is there by itself. */
static bool has_parameters(const struct scan *scan)
{
	const char *at = scan->at;
	while (at < scan->end && isspace((unsigned char)*at))
		at++;
	if (at == scan->end || *at != '<')
		return false;
	for (at++; at < scan->end && isspace((unsigned char)*at);)
		at++;
	return at < scan->end && *at != '>';
}

/* What is between the angles is no declaration: "class", "=" and "(" there mean nothing to a brace. */
static void skip_parameters(struct scan *scan)
{
	unsigned angles = 0, parens = 0;
	for (;;) {
		struct token token = next_token(scan);
		if (token.kind == END)
			return;
		note_line(scan, &token);
		parens += is(&token, "(");
		parens -= parens && is(&token, ")");
		angles += !parens && is(&token, "<");
		angles -= !parens && angles && is(&token, ">");
		if (!angles || is(&token, "{") || is(&token, ";"))
			return;
	}
}

static void note_word(struct scan *scan, const struct token *token)
{
	struct pending *pending = &scan->pending;
	if (is(token, "template") && has_parameters(scan)) {
		pending->template = true;
		skip_parameters(scan);
	} else if (ONE_OF(token, "constexpr", "consteval")) {
		pending->constant = true;
	} else if (ONE_OF(token, "class", "struct", "union", "enum", "namespace", "extern")) {
		pending->type |= !scan->parens;
	}
	for (size_t i = 0; i < scan->folded->count; i++) {
		char name[64];
		if (token->length >= sizeof name)
			break;
		memcpy(name, token->text, token->length);
		name[token->length] = 0;
		if (fl_text_glob(scan->folded->items[i], name)) {
			*FL_PUSH(scan->facts->folds, scan->facts->fold_count, scan->fold_capacity) =
				token->at;
			break;
		}
	}
}

static void note_mark(struct scan *scan, const struct token *token)
{
	struct pending *pending = &scan->pending;
	switch (*token->text) {
	case '(':
		scan->requires_open = is(&scan->last, "requires");
		pending->parameters |= !scan->parens && !pending->assigned;
		scan->parens++;
		break;
	case ')':
		scan->parens -= scan->parens > 0;
		scan->requires_closed = scan->requires_open && !scan->parens;
		break;
	case ':':
		pending->initialisers |= !scan->parens && pending->parameters && is(&scan->last, ")");
		break;
	case '=':
		pending->assigned |= !scan->parens && !is(&scan->last, "operator");
		break;
	case ';':
		if (!scan->parens)
			*pending = (struct pending){0};
		break;
	case '{':
		open_brace(scan, token);
		break;
	case '}':
		close_brace(scan, token);
		break;
	default:
		break;
	}
}

void fl_text_facts_scan(
	struct fl_text_facts *facts, const char *text, size_t length, const struct fl_words *folded)
{
	struct scan scan = {.facts = facts,
		.folded = folded,
		.at = text,
		.end = text + length,
		.line_start = text,
		.line = 1,
		.line_is_fresh = true};
	for (struct token token; (token = next_token(&scan)).kind != END;) {
		note_line(&scan, &token);
		if (scan.skipping)
			continue;
		follow_lambda(&scan, &token);
		if (token.kind == WORD)
			note_word(&scan, &token);
		else if (token.kind == MARK)
			note_mark(&scan, &token);
		scan.last = token;
	}
	free(scan.scopes);
}

void fl_text_facts_free(struct fl_text_facts *facts)
{
	free(facts->lines);
	free(facts->bodies);
	free(facts->folds);
}
