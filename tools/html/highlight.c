/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * highlight.c: see highlight.h. What starts at a byte is decided without changing the state (look), so that
 * plain text can be gathered up to the next token that is not plain.
 */
#include "highlight.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "keywords.h"

/* DULL bytes stand for themselves wherever they are; of the others look() must be asked. */
enum { DULL, WORD, SHARP };

static const unsigned char byte_class[256] = {
	['a' ... 'z'] = WORD,
	['A' ... 'Z'] = WORD,
	['0' ... '9'] = WORD,
	['_'] = WORD,
	['$'] = WORD,
	[0x80 ... 0xff] = WORD,
	['"'] = SHARP,
	['\''] = SHARP,
	['/'] = SHARP,
	['#'] = SHARP,
	['<'] = SHARP,
	['.'] = SHARP,
};

static bool is_word(char c)
{
	return byte_class[(unsigned char)c] == WORD;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\f' || c == '\v';
}

void fl_highlight_init(struct fl_highlight *state, enum fl_language language)
{
	fl_keyword_prepare();
	*state = (struct fl_highlight){.language = language};
}

void fl_highlight_line(struct fl_highlight *state, const char *line, size_t length)
{
	if (!state->continued) {
		state->directive = state->header_name = false;
		bool survives = (state->open == FL_TOKEN_COMMENT && !state->line_comment) ||
				(state->open == FL_TOKEN_STRING && state->quote == ')');
		if (!survives)
			state->open = FL_TOKEN_TEXT;
	}
	while (length && is_blank(line[length - 1]))
		length--;
	state->continued = length && line[length - 1] == '\\';
}

/* Where the block comment that is open at `at` ends, and whether it does. */
static size_t end_comment(struct fl_highlight *state, const char *line, size_t length, size_t at)
{
	if (state->line_comment)
		return length;
	const char *end = line + length, *slash = line + at;
	while (slash < end && (slash = memchr(slash + 1, '/', (size_t)(end - slash - 1)))) {
		if (slash[-1] != '*')
			continue;
		state->open = FL_TOKEN_TEXT;
		return (size_t)(slash - line) + 1;
	}
	return length;
}

static size_t end_raw_string(struct fl_highlight *state, const char *line, size_t length, size_t at)
{
	size_t size = strlen(state->delimiter);
	while (at < length) {
		const char *close = memchr(line + at, ')', length - at);
		if (!close)
			return length;
		at = (size_t)(close - line) + 1;
		if (length - at > size && !memcmp(line + at, state->delimiter, size) &&
			line[at + size] == '"') {
			state->open = FL_TOKEN_TEXT;
			return at + size + 1;
		}
	}
	return length;
}

static size_t end_string(struct fl_highlight *state, const char *line, size_t length, size_t at)
{
	if (state->quote == ')')
		return end_raw_string(state, line, length, at);
	for (; at < length; at++) {
		if (line[at] == '\\') {
			at++;
		} else if (line[at] == state->quote) {
			state->open = FL_TOKEN_TEXT;
			return at + 1;
		}
	}
	return length;
}

static size_t end_open(struct fl_highlight *state, const char *line, size_t length, size_t at)
{
	if (state->open == FL_TOKEN_COMMENT)
		return end_comment(state, line, length, at);
	return end_string(state, line, length, at);
}

static size_t word_end(const char *line, size_t length, size_t at)
{
	while (at < length && is_word(line[at]))
		at++;
	return at;
}

/* A preprocessing number: 0x1p-3, 1'000'000, 1e+5f. */
static size_t number_end(const char *line, size_t length, size_t at)
{
	for (; at < length; at++) {
		bool separator = line[at] == '\'' && at + 1 < length && is_word(line[at + 1]);
		bool sign = (line[at] == '+' || line[at] == '-') && strchr("eEpP", line[at - 1]);
		if (!is_word(line[at]) && line[at] != '.' && !separator && !sign)
			break;
	}
	return at;
}

/* Whether word[0..size) may stand before a quote: 0, or 'R' for a raw string, or 'L' for any other. */
static char string_prefix(const char *word, size_t size)
{
	static const char prefixes[][4] = {"L", "u", "U", "u8", "R", "LR", "uR", "UR", "u8R"};
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (size == strlen(prefixes[i]) && !memcmp(word, prefixes[i], size))
			return word[size - 1] == 'R' ? 'R' : 'L';
	return 0;
}

static bool first_on_line(const char *line, size_t at)
{
	while (at && is_blank(line[at - 1]))
		at--;
	return at == 0;
}

/* What starts at `at`, outside of everything; and for words and numbers, where it ends. */
static enum fl_token look(
	const struct fl_highlight *state, const char *line, size_t length, size_t at, size_t *end)
{
	char c = line[at], next = at + 1 < length ? line[at + 1] : '\0';
	*end = at + 1;
	if (is_digit(c) || (c == '.' && is_digit(next))) {
		*end = number_end(line, length, at + 1);
		return FL_TOKEN_TEXT;
	}
	if (is_word(c)) {
		*end = word_end(line, length, at);
		if (*end < length && (line[*end] == '"' || line[*end] == '\'')) {
			char prefix = string_prefix(line + at, *end - at);
			if (prefix && !(prefix == 'R' && line[*end] == '\''))
				return FL_TOKEN_STRING;
		}
		bool keyword = fl_keyword_find(line + at, *end - at, state->language == FL_LANGUAGE_CXX);
		return keyword ? FL_TOKEN_KEYWORD : FL_TOKEN_TEXT;
	}
	if (c == '"' || c == '\'')
		return FL_TOKEN_STRING;
	if (c == '/' && (next == '/' || next == '*'))
		return FL_TOKEN_COMMENT;
	if (c == '#' && !state->directive && first_on_line(line, at))
		return FL_TOKEN_DIRECTIVE;
	if (c == '<' && state->header_name && memchr(line + at, '>', length - at))
		return FL_TOKEN_STRING;
	return FL_TOKEN_TEXT;
}

static size_t take_directive(struct fl_highlight *state, const char *line, size_t length, size_t at)
{
	size_t start = at + 1;
	while (start < length && is_blank(line[start]))
		start++;
	size_t end = word_end(line, length, start);
	static const char *const with_header[] = {"include", "include_next", "import", "embed"};
	for (size_t i = 0; i < sizeof with_header / sizeof *with_header; i++)
		if (end - start == strlen(with_header[i]) &&
			!memcmp(line + start, with_header[i], end - start))
			state->header_name = true;
	state->directive = true;
	return end > start ? end : at + 1;
}

/* Begins the raw string whose quote is at `quote`; false when what follows is not a delimiter. */
static bool begin_raw(struct fl_highlight *state, const char *line, size_t length, size_t quote)
{
	size_t size = 0;
	for (size_t at = quote + 1; at < length && size < sizeof state->delimiter; at++, size++) {
		if (line[at] == '(') {
			state->delimiter[size] = '\0';
			state->quote = ')';
			return true;
		}
		if (is_blank(line[at]) || line[at] == ')' || line[at] == '\\' || line[at] == '"')
			return false;
		if (size < sizeof state->delimiter - 1)
			state->delimiter[size] = line[at];
	}
	return false;
}

static size_t take_string(struct fl_highlight *state, const char *line, size_t length, size_t at)
{
	if (line[at] == '<')
		return (size_t)((const char *)memchr(line + at, '>', length - at) - line) + 1;
	size_t quote = word_end(line, length, at);
	bool raw = quote > at && line[quote - 1] == 'R' && begin_raw(state, line, length, quote);
	if (!raw)
		state->quote = line[quote];
	state->open = FL_TOKEN_STRING;
	return end_string(state, line, length, quote + 1);
}

static size_t take_comment(struct fl_highlight *state, const char *line, size_t length, size_t at)
{
	state->open = FL_TOKEN_COMMENT;
	state->line_comment = line[at + 1] == '/';
	return end_comment(state, line, length, at + 2);
}

/* Keywords that only blanks part are one run: `static const int`. */
static size_t end_keywords(const struct fl_highlight *state, const char *line, size_t length, size_t end)
{
	for (;;) {
		size_t next = end, after;
		while (next < length && is_blank(line[next]))
			next++;
		if (next == length || look(state, line, length, next, &after) != FL_TOKEN_KEYWORD)
			return end;
		end = after;
	}
}

size_t fl_highlight_run(
	struct fl_highlight *state, const char *line, size_t length, size_t at, enum fl_token *kind)
{
	*kind = FL_TOKEN_TEXT;
	if (state->language == FL_LANGUAGE_NONE)
		return length;
	if (state->open != FL_TOKEN_TEXT) {
		*kind = state->open;
		return end_open(state, line, length, at);
	}
	size_t end;
	*kind = look(state, line, length, at, &end);
	switch (*kind) {
	case FL_TOKEN_KEYWORD:
		return end_keywords(state, line, length, end);
	case FL_TOKEN_COMMENT:
		return take_comment(state, line, length, at);
	case FL_TOKEN_STRING:
		return take_string(state, line, length, at);
	case FL_TOKEN_DIRECTIVE:
		return take_directive(state, line, length, at);
	case FL_TOKEN_TEXT:
		break;
	}
	for (size_t next; end < length; end = next) {
		next = end + 1;
		if (byte_class[(unsigned char)line[end]] != DULL &&
			look(state, line, length, end, &next) != FL_TOKEN_TEXT)
			break;
	}
	return end;
}

enum fl_language fl_highlight_language(const char *path, bool header_is_cxx)
{
	static const char cxx[] =
		" cc cp cpp cxx c++ cppm ixx hh hpp hxx h++ inl ipp tpp txx tcc cu cuh mm ii ";
	static const char other[] = " rs f f77 f90 f95 f03 f08 for d di go swift zig ads adb pas s asm S py ";
	const char *slash = strrchr(path, '/');
	const char *dot = strrchr(slash ? slash : path, '.');
	char word[16] = " ";
	if (!dot || strlen(dot) > 6)
		return dot || header_is_cxx ? FL_LANGUAGE_CXX : FL_LANGUAGE_C;
	strcat(strcat(word, dot + 1), " ");
	if (strstr(other, word))
		return FL_LANGUAGE_NONE;
	if (!strcmp(dot, ".C") || !strcmp(dot, ".H") || strcasestr(cxx, word))
		return FL_LANGUAGE_CXX;
	return strcmp(dot, ".c") && header_is_cxx ? FL_LANGUAGE_CXX : FL_LANGUAGE_C;
}
