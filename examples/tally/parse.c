/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * parse.c: one line of a log to one record. Pure: no memory, no state. */
#include "tally.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Takes off the front of `rest` what stands before `end`, and `end` itself. */
static bool take_until(struct span *rest, char end, struct span *taken)
{
	const char *found = memchr(rest->text, end, rest->length);

	if (!found)
		return false;
	taken->text = rest->text;
	taken->length = (size_t)(found - rest->text);
	rest->length -= taken->length + 1;
	rest->text = found + 1;
	return true;
}

static bool take_number(struct span *rest, uint64_t *number)
{
	size_t digits = 0;

	*number = 0;
	while (digits < rest->length && is_digit(rest->text[digits])) {
		if (*number > (UINT64_MAX - 9) / 10)
			return false;
		*number = *number * 10 + (uint64_t)(rest->text[digits] - '0');
		digits++;
	}
	rest->text += digits;
	rest->length -= digits;
	return digits > 0;
}

static void skip_blanks(struct span *rest)
{
	while (rest->length > 0 && (*rest->text == ' ' || *rest->text == '\t')) {
		rest->text++;
		rest->length--;
	}
}

enum parse_result parse_line(struct span line, struct record *record)
{
	struct span request, ignored;
	uint64_t status;

	skip_blanks(&line);
	if (line.length == 0 || *line.text == '#')
		return PARSE_EMPTY;
	if (!take_until(&line, ' ', &record->host) || !take_until(&line, '"', &ignored) ||
		!take_until(&line, '"', &request))
		return PARSE_NO_REQUEST;
	if (!take_until(&request, ' ', &record->method))
		return PARSE_NO_REQUEST;
	if (!take_until(&request, ' ', &record->path))
		record->path = request; /* HTTP/0.9 names no version */

	skip_blanks(&line);
	if (!take_number(&line, &status) || status > 999)
		return PARSE_BAD_STATUS;
	record->status = (int)status;

	skip_blanks(&line);
	record->bytes = 0;
	if (line.length > 0 && *line.text == '-')
		return PARSE_OK;
	return take_number(&line, &record->bytes) ? PARSE_OK : PARSE_BAD_SIZE;
}

const char *parse_explain(enum parse_result result)
{
	switch (result) {
	case PARSE_OK:
		return "fine";
	case PARSE_EMPTY:
		return "nothing on the line";
	case PARSE_NO_REQUEST:
		return "no request between quotes";
	case PARSE_BAD_STATUS:
		return "the status is not a number";
	case PARSE_BAD_SIZE:
		return "the size is not a number";
	}
	return "unknown";
}
