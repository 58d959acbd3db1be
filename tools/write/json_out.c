/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * json_out.c: see json_out.h.
 */
#include "write/json_out.h"

#include "util/text.h"

static void quote(FILE *out, const char *text)
{
	putc_unlocked('"', out);
	for (const unsigned char *p = (const unsigned char *)text; *p;) {
		unsigned length = fl_text_utf8(p);
		if (*p == '"' || *p == '\\') {
			putc_unlocked('\\', out);
			putc_unlocked(*p++, out);
		} else if (*p < 0x20) {
			fprintf(out, "\\u%04x", *p++);
		} else if (!length) { /* a byte that is no text */
			fputs("\\ufffd", out);
			p++;
		} else {
			while (length--)
				putc_unlocked(*p++, out);
		}
	}
	putc_unlocked('"', out);
}

static void digits(FILE *out, uint64_t number)
{
	char buffer[24], *p = buffer + sizeof buffer;
	do
		*--p = (char)('0' + number % 10);
	while (number /= 10);
	fwrite_unlocked(p, 1, (size_t)(buffer + sizeof buffer - p), out);
}

static void begin(struct json_out *json, const char *key)
{
	if (json->comma)
		putc_unlocked(',', json->stream);
	json->comma = true;
	if (!key)
		return;
	putc_unlocked('"', json->stream);
	fputs_unlocked(key, json->stream);
	fputs_unlocked("\":", json->stream);
}

void json_open(struct json_out *json, const char *key, char bracket)
{
	begin(json, key);
	putc_unlocked(bracket, json->stream);
	json->comma = false;
}

void json_close(struct json_out *json, char bracket)
{
	putc_unlocked(bracket, json->stream);
	json->comma = true;
}

void json_number(struct json_out *json, const char *key, uint64_t number)
{
	begin(json, key);
	digits(json->stream, number);
}

void json_text(struct json_out *json, const char *key, const char *text)
{
	begin(json, key);
	quote(json->stream, text);
}

void json_bool(struct json_out *json, const char *key, bool value)
{
	begin(json, key);
	fputs_unlocked(value ? "true" : "false", json->stream);
}

void json_null(struct json_out *json, const char *key)
{
	begin(json, key);
	fputs_unlocked("null", json->stream);
}

void json_fraction(struct json_out *json, const char *key, double value)
{
	begin(json, key);
	fprintf(json->stream, "%.10g", value);
}

void json_newline(struct json_out *json)
{
	if (json->comma) {
		putc_unlocked(',', json->stream);
		json->comma = false;
	}
	putc_unlocked('\n', json->stream);
}
