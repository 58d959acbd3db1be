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

/* What a byte may begin. Every other is a mark. */
enum class { MARK, BLANK, LINE, WORD, QUOTE, SLASH, HASH, BRACKET };

static enum class class_of(char c) {
	static const unsigned char table[256] = {['\t'] = BLANK,
		['\v' ... '\r'] = BLANK,
		[' '] = BLANK,
		['\\'] = BLANK,
		['\n'] = LINE,
		['0' ... '9'] = WORD,
		['A' ... 'Z'] = WORD,
		['a' ... 'z'] = WORD,
		['_'] = WORD,
		['$'] = WORD,
		[0x80 ... 0xff] = WORD,
		['"'] = QUOTE,
		['\''] = QUOTE,
		['/'] = SLASH,
		['#'] = HASH,
		['['] = BRACKET};
	return table[(unsigned char)c];
}

static bool in_word(char c)
{
	return class_of(c) == WORD;
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

static const char *skip_spaces(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return at;
}

/* Only the first part of an #if is followed. */
static void enter_directive(struct tokens *tokens, const char *word)
{
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

/* Whether another file's text comes here. */
static bool includes(const char *word, const char *end)
{
	static const char *const words[] = {"include", "import", "embed"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if ((size_t)(end - word) > strlen(words[i]) && !memcmp(word, words[i], strlen(words[i])))
			return true;
	return false;
}

static void skip_directive(struct tokens *tokens)
{
	const char *word = skip_spaces(tokens->at + 1, tokens->end);
	enter_directive(tokens, word);
	if (includes(word, tokens->end))
		fl_tokens_mark_line(tokens, FL_TEXT_INCLUDE);
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

/* Passes a mark that nobody asks for. */
static void pass_mark(struct tokens *tokens)
{
	if (tokens->punctuated != tokens->line)
		fl_tokens_mark_line(tokens, FL_TEXT_PUNCTUATION);
	tokens->punctuated = tokens->line;
	tokens->line_is_fresh = false;
	tokens->passed = tokens->at++;
}

/* Comments and directives, too. False: there is a mark. */
static bool skip_hidden(struct tokens *tokens, enum class class)
{
	if (class == SLASH && starts(tokens, "//")) {
		skip_line_comment(tokens);
	} else if (class == SLASH && starts(tokens, "/*")) {
		tokens->at += 2;
		skip_block_comment(tokens);
	} else if (class == HASH && tokens->line_is_fresh) {
		skip_directive(tokens);
	} else {
		return false;
	}
	return true;
}

/* Up to the next token. */
static void skip_blanks(struct tokens *tokens)
{
	while (tokens->at < tokens->end) {
		enum class class = class_of(*tokens->at);
		switch (class) {
		case BLANK:
			tokens->at++;
			break;
		case LINE:
			step(tokens);
			break;
		case SLASH:
		case HASH:
			if (skip_hidden(tokens, class))
				break;
			/* fallthrough */
		case MARK:
			if (!tokens->passes_marks)
				return;
			pass_mark(tokens);
			break;
		case WORD:
		case QUOTE:
		case BRACKET:
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
	enum class class = class_of(*tokens->at);
	if (class == WORD) {
		token.kind = take_word(tokens);
	} else if (class == QUOTE) {
		token.kind = TOKEN_LITERAL;
		skip_quoted(tokens, *tokens->at);
	} else {
		token.kind = TOKEN_MARK;
		tokens->at++;
	}
	token.length = (size_t)(tokens->at - token.text);
	return token;
}
