/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * text_facts.c: see text_facts.h.
 *
 * What a brace opens is told by what came since the last ";" or brace:
 * `pending`.
 */
#include "read/text_facts.h"

#include <ctype.h>
#include <stdlib.h>

#include "read/text_arms.h"
#include "read/tokens.h"
#include "util/memory.h"

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
	const struct macro_names *folded;
	struct tokens tokens;
	uint32_t code_line; /* the last line that is known to hold code; 0: none */
	size_t body_capacity, fold_capacity;
	struct scope *scopes;
	size_t scope_count, scope_capacity;
	struct pending pending;
	unsigned parens;
	struct token last;
	bool requires_open, requires_closed; /* "requires (...)" */
	bool has_arms;                       /* of an `if constexpr` */
	enum lambda lambda;
	unsigned lambda_parens, lambda_brackets;
};

static bool one_of(const struct token *token, const char *const *words, size_t count)
{
	char first = token->length ? *token->text : 0;
	for (size_t i = 0; i < count; i++)
		if (*words[i] == first && fl_token_is(token, words[i]))
			return true;
	return false;
}
#define ONE_OF(token, ...)                                                                                   \
	one_of(token, (const char *const[]){__VA_ARGS__},                                                    \
		sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *))

/* Words that stand where only braces would say as much. */
static void note_line(struct scan *scan, const struct token *token)
{
	if (scan->code_line == scan->tokens.line) /* no more to learn of it */
		return;
	bool punctuation = token->kind == TOKEN_MARK || ONE_OF(token, "else", "do", "try");
	fl_tokens_mark_line(&scan->tokens, punctuation ? FL_TEXT_PUNCTUATION : FL_TEXT_CODE);
	if (!punctuation)
		scan->code_line = scan->tokens.line;
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
	if (fl_token_is(&scan->last, "requires") || (scan->requires_closed && fl_token_is(&scan->last, ")")))
		return true;
	if (pending->initialisers)
		return scan->last.kind == TOKEN_WORD || fl_token_is(&scan->last, ">");
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

/* "[" that begins a lambda: not after what it could index, no attribute, and no number in it ("a++[0]"). */
static bool begins_lambda(const struct scan *scan)
{
	const struct token *last = &scan->last;
	const struct tokens *tokens = &scan->tokens;
	if (tokens->at < tokens->end && (*tokens->at == '[' || isdigit((unsigned char)*tokens->at)))
		return false;
	if (last->kind == TOKEN_WORD)
		return ONE_OF(
			last, "return", "co_return", "co_yield", "co_await", "throw", "case", "else", "do");
	return last->kind != TOKEN_LITERAL && !ONE_OF(last, ")", "]", "[", "}", ">");
}

static void follow_lambda(struct scan *scan, const struct token *token)
{
	if (token->kind != TOKEN_MARK)
		return;
	if (fl_token_is(token, "[")) {
		if (scan->lambda == CAPTURES)
			scan->lambda_brackets++;
		else if (begins_lambda(scan)) {
			scan->lambda = CAPTURES;
			scan->lambda_brackets = 1;
			scan->lambda_parens = scan->parens;
		}
	} else if (scan->lambda == CAPTURES && fl_token_is(token, "]")) {
		if (!--scan->lambda_brackets)
			scan->lambda = AFTER_CAPTURES;
	} else if (scan->lambda == AFTER_CAPTURES && scan->parens <= scan->lambda_parens &&
		   (ONE_OF(token, ";", "=", ",", "}") ||
			   (fl_token_is(token, ")") && scan->parens == scan->lambda_parens))) {
		scan->lambda = NO_LAMBDA;
	}
}

/* Whether "template" is followed by parameters: "template <>" names one that is there by itself. */
static bool has_parameters(const struct tokens *tokens)
{
	const char *at = tokens->at, *end = tokens->end;
	while (at < end && isspace((unsigned char)*at))
		at++;
	if (at == end || *at != '<')
		return false;
	for (at++; at < end && isspace((unsigned char)*at);)
		at++;
	return at < end && *at != '>';
}

/* What is between the angles is no declaration: "class", "=" and "(" there mean nothing to a brace. */
static void skip_parameters(struct scan *scan)
{
	unsigned angles = 0, parens = 0;
	for (;;) {
		struct token token = fl_tokens_next(&scan->tokens);
		if (token.kind == TOKEN_END)
			return;
		note_line(scan, &token);
		parens += fl_token_is(&token, "(");
		parens -= parens && fl_token_is(&token, ")");
		angles += !parens && fl_token_is(&token, "<");
		angles -= !parens && angles && fl_token_is(&token, ">");
		if (!angles || fl_token_is(&token, "{") || fl_token_is(&token, ";"))
			return;
	}
}

static void note_fold(struct scan *scan, const struct token *token)
{
	if (fl_macro_names_have(scan->folded, token->text, token->length))
		*FL_PUSH(scan->facts->folds, scan->facts->fold_count, scan->fold_capacity) = token->at;
}

static void note_word(struct scan *scan, const struct token *token)
{
	struct pending *pending = &scan->pending;
	if (fl_token_is(token, "template") && has_parameters(&scan->tokens)) {
		pending->template = true;
		skip_parameters(scan);
	} else if (ONE_OF(token, "constexpr", "consteval")) {
		pending->constant = true;
		scan->has_arms |= fl_token_is(&scan->last, "if");
	} else if (ONE_OF(token, "class", "struct", "union", "enum", "namespace", "extern")) {
		pending->type |= !scan->parens;
	}
	note_fold(scan, token);
}

static void note_mark(struct scan *scan, const struct token *token)
{
	struct pending *pending = &scan->pending;
	switch (*token->text) {
	case '(':
		scan->requires_open = fl_token_is(&scan->last, "requires");
		pending->parameters |= !scan->parens && !pending->assigned;
		scan->parens++;
		break;
	case ')':
		scan->parens -= scan->parens > 0;
		scan->requires_closed = scan->requires_open && !scan->parens;
		break;
	case ':':
		pending->initialisers |=
			!scan->parens && pending->parameters && fl_token_is(&scan->last, ")");
		break;
	case '=':
		pending->assigned |= !scan->parens && !fl_token_is(&scan->last, "operator");
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

/* Whether there may be a body to find from this token on. */
static bool may_begin_body(const struct scan *scan, const struct token *token)
{
	if (token->kind == TOKEN_MARK)
		return *token->text == '[' && begins_lambda(scan);
	return token->kind == TOKEN_WORD && (*token->text == 't' || *token->text == 'c') &&
	       ONE_OF(token, "template", "constexpr", "consteval");
}

/* What most texts say in which there is no body to find: braces need not be followed. False: there may be
 * one, and all that was noted is to be noted anew. */
static bool scan_plain(struct scan *scan)
{
	scan->tokens.passes_marks = true;
	for (struct token token; (token = fl_tokens_next(&scan->tokens)).kind != TOKEN_END;) {
		note_line(scan, &token);
		if (scan->tokens.skipping)
			continue;
		if (scan->tokens.passed > scan->last.text)
			scan->last = (struct token){TOKEN_MARK, scan->tokens.passed, 1, token.at};
		if (may_begin_body(scan, &token))
			return false;
		if (token.kind == TOKEN_WORD)
			note_fold(scan, &token);
		scan->last = token;
	}
	return true;
}

static void scan_bodies(struct scan *scan)
{
	for (struct token token; (token = fl_tokens_next(&scan->tokens)).kind != TOKEN_END;) {
		note_line(scan, &token);
		if (scan->tokens.skipping)
			continue;
		follow_lambda(scan, &token);
		if (token.kind == TOKEN_WORD)
			note_word(scan, &token);
		else if (token.kind == TOKEN_MARK)
			note_mark(scan, &token);
		scan->last = token;
	}
}

void fl_text_facts_scan(
	struct fl_text_facts *facts, const char *text, size_t length, const struct macro_names *folded)
{
	struct scan scan = {.facts = facts, .folded = folded};
	fl_tokens_begin(&scan.tokens, text, length);
	if (!scan_plain(&scan)) {
		free(scan.tokens.lines);
		free(facts->folds);
		*facts = (struct fl_text_facts){0};
		scan = (struct scan){.facts = facts, .folded = folded};
		fl_tokens_begin(&scan.tokens, text, length);
		scan_bodies(&scan);
	}
	facts->lines = scan.tokens.lines;
	facts->line_count = scan.tokens.line_count;
	if (scan.has_arms)
		fl_text_arms_scan(facts, text, length);
	free(scan.scopes);
}

void fl_text_facts_free(struct fl_text_facts *facts)
{
	free(facts->lines);
	free(facts->bodies);
	free(facts->arms);
	free(facts->folds);
}
