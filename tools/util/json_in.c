/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * json_in.c: see json_in.h.
 */
#include "util/json_in.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

void json_in_begin(struct json_in *in, const char *bytes, size_t size)
{
	*in = (struct json_in){.begin = bytes, .at = bytes, .end = bytes + size};
}

static void fail(struct json_in *in, const char *wrong)
{
	if (!in->wrong)
		in->wrong = wrong;
	in->at = in->end;
}

/* The next character that is not blank; 0 at the end. */
static char peek(struct json_in *in)
{
	while (in->at < in->end && (*in->at == ' ' || *in->at == '\n' || *in->at == '\t' || *in->at == '\r'))
		in->at++;
	return in->at < in->end ? *in->at : 0;
}

static bool take(struct json_in *in, char wanted)
{
	if (peek(in) != wanted)
		return false;
	in->at++;
	return true;
}

void json_in_open(struct json_in *in, char bracket)
{
	if (take(in, bracket))
		in->first = true;
	else
		fail(in, bracket == '{' ? "an object is missing" : "an array is missing");
}

/* Whether there is more before `close`; leaves the level when not. */
static bool more(struct json_in *in, char close)
{
	if (in->wrong)
		return false;
	if (take(in, close)) {
		in->first = false;
		return false;
	}
	if (!in->first && !take(in, ',')) {
		fail(in, in->at == in->end ? "it ends too early" : "a comma is missing");
		return false;
	}
	in->first = false;
	return true;
}

bool json_in_item(struct json_in *in)
{
	return more(in, ']');
}

static unsigned hex4(struct json_in *in)
{
	char digits[5] = {0}, *end;
	if (in->end - in->at < 4) {
		fail(in, "it ends too early");
		return 0;
	}
	memcpy(digits, in->at, 4);
	unsigned value = (unsigned)strtoul(digits, &end, 16);
	if (*end)
		fail(in, "a bad escape in a string");
	else
		in->at += 4;
	return value;
}

static size_t put_utf8(char *out, uint32_t c)
{
	if (c < 0x80)
		return out[0] = (char)c, 1;
	if (c < 0x800)
		return out[0] = (char)(0xc0 | c >> 6), out[1] = (char)(0x80 | (c & 63)), 2;
	if (c < 0x10000)
		return out[0] = (char)(0xe0 | c >> 12), out[1] = (char)(0x80 | (c >> 6 & 63)),
		       out[2] = (char)(0x80 | (c & 63)), 3;
	return out[0] = (char)(0xf0 | c >> 18), out[1] = (char)(0x80 | (c >> 12 & 63)),
	       out[2] = (char)(0x80 | (c >> 6 & 63)), out[3] = (char)(0x80 | (c & 63)), 4;
}

/* What follows a backslash; NUL becomes U+FFFD, so that strings end where they end. */
static size_t unescape(struct json_in *in, char *out)
{
	static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	char letter = in->at < in->end ? *in->at++ : 0;
	const char *known = letter ? strchr(letters, letter) : NULL;
	if (known)
		return *out = meanings[known - letters], 1;
	if (letter != 'u')
		return fail(in, "a bad escape in a string"), 0;
	uint32_t c = hex4(in);
	if (c >= 0xd800 && c < 0xdc00 && in->end - in->at > 6 && in->at[0] == '\\' && in->at[1] == 'u') {
		in->at += 2;
		c = 0x10000 + ((c - 0xd800) << 10) + ((hex4(in) - 0xdc00) & 0x3ff);
	}
	return put_utf8(out, c ? c : 0xfffd);
}

/* Reads a string into out[0..room), which gets its NUL; what does not fit is dropped. */
static void read_string(struct json_in *in, char *out, size_t room)
{
	size_t used = 0;
	if (!take(in, '"'))
		fail(in, "a string is missing");
	while (in->at < in->end && *in->at != '"') {
		char piece[4];
		size_t length = 1;
		if (*in->at == '\\') {
			in->at++;
			length = unescape(in, piece);
		} else {
			piece[0] = *in->at++;
		}
		if (used + length < room)
			memcpy(out + used, piece, length), used += length;
	}
	out[used] = '\0';
	if (!in->wrong && !take(in, '"'))
		fail(in, "it ends within a string");
}

bool json_in_key(struct json_in *in)
{
	if (!more(in, '}'))
		return false;
	read_string(in, in->key, sizeof in->key);
	if (!in->wrong && !take(in, ':'))
		fail(in, "a colon is missing");
	return !in->wrong;
}

bool json_in_is(const struct json_in *in, const char *key)
{
	return !strcmp(in->key, key);
}

char json_in_kind(struct json_in *in)
{
	char c = peek(in);
	return c == '-' || (c >= '0' && c <= '9') ? '0' : c;
}

/* The characters of a number or a word. */
static size_t word_length(struct json_in *in)
{
	size_t length = 0;
	peek(in);
	while (in->at + length < in->end && in->at[length] && !strchr(" \n\t\r,]}:{[\"", in->at[length]))
		length++;
	return length;
}

uint64_t json_in_number(struct json_in *in)
{
	char text[64] = "";
	size_t length = word_length(in);
	if (json_in_kind(in) != '0' || length >= sizeof text)
		return fail(in, "a number is missing"), 0;
	memcpy(text, in->at, length);
	in->at += length;
	if (*text == '-')
		return 0;
	if (!strpbrk(text, ".eE"))
		return strtoull(text, NULL, 10);
	double value = strtod(text, NULL);
	return value >= 18446744073709551615.0 ? UINT64_MAX : (uint64_t)value;
}

bool json_in_bool(struct json_in *in)
{
	bool value = json_in_kind(in) == 't';
	json_in_skip(in);
	return value;
}

const char *json_in_text(struct json_in *in, struct fl_arena *arena)
{
	const char *end = peek(in) == '"' ? in->at + 1 : in->end;
	while (end < in->end && *end != '"')
		end += *end == '\\' && end + 1 < in->end ? 2 : 1;
	size_t room = in->at < end ? (size_t)(end - in->at) + 1 : 1;
	char *text = fl_arena_alloc(arena, room);
	read_string(in, text, room);
	return text;
}

static void skip_string(struct json_in *in)
{
	for (in->at++; in->at < in->end && *in->at != '"'; in->at++)
		in->at += *in->at == '\\' && in->at + 1 < in->end;
	if (in->at < in->end)
		in->at++;
	else
		fail(in, "it ends within a string");
}

/* Brackets are only counted: whoever wrote them had them right, or what follows will show it. */
void json_in_skip(struct json_in *in)
{
	size_t depth = 0;
	do {
		char c = peek(in);
		if (!c) {
			fail(in, "it ends too early");
			return;
		}
		if (c == '"') {
			skip_string(in);
		} else if (strchr("{[", c)) {
			depth++;
			in->at++;
		} else if (strchr("}]", c)) {
			depth -= depth > 0;
			in->at++;
		} else if (strchr(",:", c)) {
			in->at++;
		} else {
			in->at += word_length(in);
		}
	} while (depth && !in->wrong);
}

size_t json_in_numbers(struct json_in *in, uint64_t *numbers, size_t most)
{
	size_t count = 0;
	for (json_in_open(in, '['); json_in_item(in); count++) {
		if (count >= most || json_in_kind(in) != '0')
			json_in_skip(in);
		else
			numbers[count] = json_in_number(in);
	}
	return count;
}
