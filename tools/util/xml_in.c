/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * xml_in.c: see xml_in.h.
 */
#include "util/xml_in.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

void xml_in_begin(struct xml_in *in, const char *bytes, size_t size)
{
	*in = (struct xml_in){.at = bytes, .end = bytes + size};
}

static bool starts(const struct xml_in *in, const char *text)
{
	size_t length = strlen(text);
	return (size_t)(in->end - in->at) >= length && !memcmp(in->at, text, length);
}

/* Moves past the next `text`. */
static bool pass(struct xml_in *in, const char *text)
{
	const char *found = memmem(in->at, (size_t)(in->end - in->at), text, strlen(text));
	if (!found)
		in->wrong = "it ends too early";
	in->at = found ? found + strlen(text) : in->end;
	return found;
}

/* A document type may hold declarations in brackets. */
static bool pass_doctype(struct xml_in *in)
{
	int depth = 0;
	for (; in->at < in->end; in->at++) {
		depth += *in->at == '[' ? 1 : *in->at == ']' ? -1 : 0;
		if (*in->at == '>' && depth <= 0)
			return in->at++, true;
	}
	in->wrong = "it ends too early";
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The end of a tag is a > outside of quotes. */
static bool read_tag(struct xml_in *in)
{
	char quote = 0;
	in->at++;
	in->closing = in->at < in->end && *in->at == '/';
	in->at += in->closing;
	in->name = in->at;
	while (in->at < in->end && !is_blank(*in->at) && *in->at != '>' && *in->at != '/')
		in->at++;
	in->name_length = (size_t)(in->at - in->name);
	in->attributes = in->at;
	while (in->at < in->end && (quote || *in->at != '>')) {
		if (quote ? *in->at == quote : *in->at == '"' || *in->at == '\'')
			quote = quote ? 0 : *in->at;
		in->at++;
	}
	if (in->at >= in->end) {
		in->wrong = "it ends within a tag";
		return false;
	}
	in->empty = in->at[-1] == '/';
	in->attributes_end = in->at - in->empty;
	in->at++;
	return true;
}

bool xml_in_tag(struct xml_in *in)
{
	while (!in->wrong) {
		const char *next = memchr(in->at, '<', (size_t)(in->end - in->at));
		if (!next)
			return false;
		in->at = next;
		bool good = true;
		if (starts(in, "<!--"))
			good = pass(in, "-->");
		else if (starts(in, "<![CDATA["))
			good = pass(in, "]]>");
		else if (starts(in, "<?"))
			good = pass(in, "?>");
		else if (starts(in, "<!"))
			good = pass_doctype(in);
		else
			return read_tag(in);
		if (!good)
			return false;
	}
	return false;
}

bool xml_in_is(const struct xml_in *in, const char *name)
{
	return strlen(name) == in->name_length && !memcmp(name, in->name, in->name_length);
}

static size_t put_utf8(char *out, unsigned long c)
{
	size_t count = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};
	for (size_t i = count; i-- > 1; c >>= 6)
		out[i] = (char)(0x80 | (c & 63));
	out[0] = (char)(first[count] | c);
	return count;
}

static const char *unescape(const char *text, size_t length, struct fl_arena *arena)
{
	static const struct {
		const char *entity;
		char meaning;
	} known[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
	char *result = fl_arena_alloc(arena, length + 1), *out = result;
	for (const char *p = text, *end = text + length; p < end;) {
		size_t entity = 0;
		const char *semicolon = *p == '&' ? memchr(p, ';', (size_t)(end - p)) : NULL;
		while (semicolon && entity < 5 &&
			strncmp(p, known[entity].entity, (size_t)(semicolon - p) + 1))
			entity++;
		if (semicolon && p[1] == '#') {
			bool hexadecimal = p[2] == 'x';
			unsigned long c = strtoul(p + 2 + hexadecimal, NULL, hexadecimal ? 16 : 10);
			if (c && c < 0x110000)
				out += put_utf8(out, c); /* never longer than what it stands for */
			p = semicolon + 1;
		} else if (semicolon && entity < 5) {
			*out++ = known[entity].meaning;
			p = semicolon + 1;
		} else {
			*out++ = *p++;
		}
	}
	return result;
}

/* The value of an attribute, as it stands; NULL: there is none. */
static const char *find(const struct xml_in *in, const char *name, size_t *length)
{
	size_t name_length = strlen(name);
	const char *p = in->attributes;
	while (p < in->attributes_end) {
		while (p < in->attributes_end && (is_blank(*p) || *p == '/'))
			p++;
		const char *key = p;
		while (p < in->attributes_end && *p != '=' && !is_blank(*p))
			p++;
		size_t key_length = (size_t)(p - key);
		while (p < in->attributes_end && *p != '"' && *p != '\'')
			p++;
		if (p >= in->attributes_end)
			return NULL;
		const char *value = p + 1, *close = memchr(value, *p, (size_t)(in->attributes_end - value));
		if (!close)
			return NULL;
		*length = (size_t)(close - value);
		if (key_length == name_length && !memcmp(key, name, name_length))
			return value;
		p = close + 1;
	}
	return NULL;
}

const char *xml_in_attribute(const struct xml_in *in, const char *name, struct fl_arena *arena)
{
	size_t length;
	const char *value = find(in, name, &length);
	return value ? unescape(value, length, arena) : NULL;
}

uint64_t xml_in_number(const struct xml_in *in, const char *name)
{
	size_t length;
	const char *value = find(in, name, &length);
	char digits[24] = "";
	if (!value || length >= sizeof digits || *value == '-')
		return 0;
	memcpy(digits, value, length);
	return strtoull(digits, NULL, 10);
}

const char *xml_in_text(struct xml_in *in, struct fl_arena *arena)
{
	const char *next = memchr(in->at, '<', (size_t)(in->end - in->at));
	const char *begin = in->at, *end = next ? next : in->end;
	while (begin < end && is_blank(*begin))
		begin++;
	while (end > begin && is_blank(end[-1]))
		end--;
	return unescape(begin, (size_t)(end - begin), arena);
}
