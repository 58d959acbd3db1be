/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * tokens.c: see tokens.h.
 */
#include "read/tokens.h"

#include "util/memory.h"

void fl_tokens_begin(struct tokens *tokens, const char *text, size_t length)
{
	*tokens = (struct tokens){
		.at = text, .end = text + length, .line_start = text, .line = 1, .line_is_fresh = true};
}

void fl_tokens_mark_line(struct tokens *tokens, enum fl_line_text what)
{
	while (tokens->line_count <= tokens->line)
		*FL_PUSH(tokens->lines, tokens->line_count, tokens->line_capacity) = FL_TEXT_NONE;
	if (what > tokens->lines[tokens->line])
		tokens->lines[tokens->line] = (unsigned char)what;
}

static void new_line(struct tokens *tokens)
{
	tokens->line++;
	tokens->line_start = tokens->at;
	tokens->line_is_fresh = true;
}

static bool in_word(char c)
{
	static const bool table[256] = {['0' ... '9'] = true,
		['A' ... 'Z'] = true,
		['a' ... 'z'] = true,
		['_'] = true,
		['$'] = true,
		[0x80 ... 0xff] = true};
	return table[(unsigned char)c];
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool starts(const struct tokens *tokens, const char *word)
{
	size_t length = strlen(word);
	return (size_t)(tokens->end - tokens->at) >= length && !memcmp(tokens->at, word, length);
}

static void step(struct tokens *tokens)
{
	if (*tokens->at++ == '\n')
		new_line(tokens);
}

static void skip_line_comment(struct tokens *tokens)
{
	const char *stop = memchr(tokens->at, '\n', (size_t)(tokens->end - tokens->at));
	tokens->at = stop ? stop : tokens->end;
}

/* The "*" of the next mark that ends one; `end` when there is none. Slashes are rare in comments. */
static const char *find_comment_end(const char *at, const char *end)
{
	const char *slash = at;
	while (slash < end && (slash = memchr(slash + 1, '/', (size_t)(end - slash - 1))))
		if (slash[-1] == '*')
			return slash - 1;
	return end;
}

static void skip_block_comment(struct tokens *tokens)
{
	const char *stop = find_comment_end(tokens->at, tokens->end);
	while ((tokens->at = memchr(tokens->at, '\n', (size_t)(stop - tokens->at))))
		step(tokens);
	tokens->at = stop < tokens->end ? stop + 2 : stop;
}

/* Only the first part of an #if is followed. */
static void enter_directive(struct tokens *tokens)
{
	const char *word = tokens->at + 1;
	while (word < tokens->end && (*word == ' ' || *word == '\t'))
		word++;
	size_t left = (size_t)(tokens->end - word);
	bool zero = left > 4 && !memcmp(word, "if 0", 4);
	if (left > 2 && !memcmp(word, "if", 2)) {
		tokens->skipping += tokens->skipping > 0;
		if (!tokens->skipping && zero)
			tokens->skipping = tokens->never = 1;
	} else if (left > 4 && !memcmp(word, "endif", 5)) {
		tokens->skipping -= tokens->skipping > 0;
	} else if (left > 3 && !memcmp(word, "el", 2) && tokens->skipping <= 1) {
		tokens->skipping = !(tokens->skipping && tokens->never);
		tokens->never = 0;
	}
}

static void skip_directive(struct tokens *tokens)
{
	enter_directive(tokens);
	while (tokens->at < tokens->end) {
		fl_tokens_mark_line(tokens, FL_TEXT_DIRECTIVE);
		const char *stop = memchr(tokens->at, '\n', (size_t)(tokens->end - tokens->at));
		if (!stop) {
			tokens->at = tokens->end;
			return;
		}
		const char *last = stop;
		while (last > tokens->at && (last[-1] == '\r' || last[-1] == ' '))
			last--;
		bool goes_on = last > tokens->at && last[-1] == '\\';
		tokens->at = stop;
		if (!goes_on)
			return;
		step(tokens);
	}
}

static void skip_quoted(struct tokens *tokens, char quote)
{
	for (tokens->at++; tokens->at < tokens->end && *tokens->at != quote && *tokens->at != '\n';
		step(tokens))
		if (*tokens->at == '\\' && tokens->at + 1 < tokens->end)
			tokens->at++;
	if (tokens->at < tokens->end && *tokens->at == quote)
		tokens->at++;
}

static void skip_raw_string(struct tokens *tokens)
{
	char close[20] = ")";
	size_t length = 1;
	for (tokens->at++; tokens->at < tokens->end && *tokens->at != '(' && length < 17; tokens->at++)
		close[length++] = *tokens->at;
	close[length] = '"';
	while (tokens->at < tokens->end && !starts(tokens, close)) {
		fl_tokens_mark_line(tokens, FL_TEXT_CODE);
		step(tokens);
	}
	tokens->at += tokens->at < tokens->end ? length + 1 : 0;
}

static void skip_blanks(struct tokens *tokens)
{
	while (tokens->at < tokens->end) {
		char c = *tokens->at;
		if (c == '\n') {
			step(tokens);
		} else if (is_blank(c) || c == '\\') {
			tokens->at++;
		} else if (c == '/' && starts(tokens, "//")) {
			skip_line_comment(tokens);
		} else if (c == '/' && starts(tokens, "/*")) {
			tokens->at += 2;
			skip_block_comment(tokens);
		} else if (c == '#' && tokens->line_is_fresh) {
			skip_directive(tokens);
		} else {
			return;
		}
	}
}

/* A word or a number, and the raw string that it may be the prefix of. */
static enum token_kind take_word(struct tokens *tokens)
{
	const char *start = tokens->at, *at = start, *end = tokens->end;
	bool number = *at >= '0' && *at <= '9';
	while (at < end && (in_word(*at) || (number && (*at == '.' || *at == '\''))))
		at++;
	tokens->at = at;
	if (at == end || *at != '"' || at[-1] != 'R' || at - start > 3)
		return number ? TOKEN_LITERAL : TOKEN_WORD;
	fl_tokens_mark_line(tokens, FL_TEXT_CODE);
	skip_raw_string(tokens);
	return TOKEN_LITERAL;
}

struct token fl_tokens_next(struct tokens *tokens)
{
	skip_blanks(tokens);
	struct token token = {.kind = TOKEN_END, .text = tokens->at};
	if (tokens->at == tokens->end)
		return token;
	token.at = (struct fl_position){tokens->line, (uint32_t)(tokens->at - tokens->line_start) + 1};
	tokens->line_is_fresh = false;
	if (in_word(*tokens->at)) {
		token.kind = take_word(tokens);
	} else if (*tokens->at == '"' || *tokens->at == '\'') {
		token.kind = TOKEN_LITERAL;
		skip_quoted(tokens, *tokens->at);
	} else {
		token.kind = TOKEN_MARK;
		tokens->at++;
	}
	token.length = (size_t)(tokens->at - token.text);
	return token;
}
