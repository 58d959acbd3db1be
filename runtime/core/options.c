/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * options.c: FURLONG_OPTIONS="key=value:key=value". Grammar as TSan's: separated by colon, comma or white
 * space, a value may be quoted by ' or ".
 */
#include "core/options.h"

#include "core/print.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum kind { KIND_BOOL, KIND_NUMBER, KIND_TEXT };

static const struct option {
	const char *name, *help;
	enum kind kind;
	bool tsan;
	size_t offset;
} option_table[] = {
#define OPTION(name, kind, tsan, help)         {#name, help, kind, tsan, offsetof(struct fl_options, name)},
#define OPTION_BOOL(name, value, tsan, help)   OPTION(name, KIND_BOOL, tsan, help)
#define OPTION_NUMBER(name, value, tsan, help) OPTION(name, KIND_NUMBER, tsan, help)
#define OPTION_TEXT(name, value, tsan, help)   OPTION(name, KIND_TEXT, tsan, help)
#include "core/options.def"
#undef OPTION_BOOL
#undef OPTION_NUMBER
#undef OPTION_TEXT
};

#define OPTION_COUNT (sizeof(option_table) / sizeof(*option_table))

struct fl_options fl_options = {
#define OPTION_BOOL(name, value, tsan, help)   .name = value,
#define OPTION_NUMBER(name, value, tsan, help) .name = value,
#define OPTION_TEXT(name, value, tsan, help)   .name = value,
#include "core/options.def"
#undef OPTION_BOOL
#undef OPTION_NUMBER
#undef OPTION_TEXT
};

/* Edit distance, for short words. */
static size_t distance(const char *a, size_t a_length, const char *b)
{
	size_t row[33], b_length = strlen(b);

	if (b_length > 32 || a_length > 32)
		return 99;
	for (size_t j = 0; j <= b_length; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			size_t best = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			best = row[j] + 1 < best ? row[j] + 1 : best;
			row[j] = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
		}
	}
	return row[b_length];
}

static void warn_unknown(const char *key, size_t length)
{
	size_t best = 0, best_distance = 99;

	for (size_t i = 0; i < OPTION_COUNT; i++) {
		size_t d = distance(key, length, option_table[i].name);
		if (d < best_distance) {
			best = i;
			best_distance = d;
		}
	}
	fl_print_message(
		"unknown option '%.*s' in FURLONG_OPTIONS; the nearest known one is '%s' (help=1 lists all)",
		(int)(length < 64 ? length : 64), key, option_table[best].name);
}

static bool read_bool(const char *value, size_t length, bool *into)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = {
		{"1", true}, {"0", false}, {"true", true}, {"false", false}, {"yes", true}, {"no", false}};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i].word) == length && !memcmp(words[i].word, value, length)) {
			*into = words[i].value;
			return true;
		}
	return false;
}

static bool read_number(const char *value, size_t length, int *into)
{
	int number = 0;

	if (length && value[length - 1] == '%')
		length--;
	if (!length || length > 6)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (value[i] < '0' || value[i] > '9')
			return false;
		number = number * 10 + (value[i] - '0');
	}
	*into = number;
	return true;
}

static void set(const struct option *option, const char *value, size_t length)
{
	char *field = (char *)&fl_options + option->offset;

	switch (option->kind) {
	case KIND_BOOL:
		if (!read_bool(value, length, (bool *)field))
			fl_print_message("option '%s' wants 0 or 1, not '%.*s'", option->name,
				(int)(length < 64 ? length : 64), value);
		break;
	case KIND_NUMBER:
		if (!read_number(value, length, (int *)field))
			fl_print_message("option '%s' wants a number from 0 to 999999, not '%.*s'",
				option->name, (int)(length < 64 ? length : 64), value);
		break;
	case KIND_TEXT:
		if (length >= FL_OPTIONS_TEXT_BYTES) {
			fl_print_message("the value of option '%s' is longer than %d bytes", option->name,
				FL_OPTIONS_TEXT_BYTES - 1);
			break;
		}
		memcpy(field, value, length);
		field[length] = 0;
		break;
	}
}

static void set_by_name(const char *key, size_t key_length, const char *value, size_t length, bool only_tsan)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (strlen(option_table[i].name) != key_length ||
			memcmp(option_table[i].name, key, key_length))
			continue;
		if (!only_tsan || option_table[i].tsan)
			set(&option_table[i], value, length);
		return;
	}
	if (!only_tsan)
		warn_unknown(key, key_length);
}

static bool is_separator(char c)
{
	return c == ':' || c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void fl_options_parse(const char *s, bool only_tsan)
{
	for (;;) {
		const char *key, *value = "1";
		size_t key_length, length = 1;

		while (is_separator(*s))
			s++;
		if (!*s)
			return;
		for (key = s; *s && *s != '=' && !is_separator(*s);)
			s++;
		key_length = (size_t)(s - key);
		if (*s == '=') {
			char quote = s[1] == '"' || s[1] == '\'' ? s[1] : 0;

			s += quote ? 2 : 1;
			for (value = s; *s && (quote ? *s != quote : !is_separator(*s));)
				s++;
			length = (size_t)(s - value);
			s += quote && *s;
		}
		set_by_name(key, key_length, value, length, only_tsan);
	}
}

static void set_from_environment(const char *variable, const char *option)
{
	const char *value = getenv(variable);

	if (value && *value)
		set_by_name(option, strlen(option), value, strlen(value), false);
}

static void print_all(void)
{
	fl_print_message("options, FURLONG_OPTIONS=\"key=value:key=value\" (default in parentheses):");
#define OPTION_BOOL(name, value, tsan, help)                                                                 \
	fl_print_message("  %s=%d (%d)  %s", #name, fl_options.name, value, help);
#define OPTION_NUMBER(name, value, tsan, help)                                                               \
	fl_print_message("  %s=%d (%d)  %s", #name, fl_options.name, value, help);
#define OPTION_TEXT(name, value, tsan, help)                                                                 \
	fl_print_message("  %s=%s (%s)  %s", #name, fl_options.name, value, help);
#include "core/options.def"
#undef OPTION_BOOL
#undef OPTION_NUMBER
#undef OPTION_TEXT
}

/* Maybe the program's. */
const char *__tsan_default_options(void) __attribute__((weak));

void fl_options_init(void)
{
	const char *tsan = getenv("TSAN_OPTIONS"), *own = getenv("FURLONG_OPTIONS");

	if (__tsan_default_options)
		fl_options_parse(__tsan_default_options(), true);
	if (tsan)
		fl_options_parse(tsan, true);
	set_from_environment("FURLONG_DATA", "dir");
	set_from_environment("FURLONG_LABEL", "label");
	set_from_environment("FURLONG_RUN", "run");
	if (own)
		fl_options_parse(own, false);
	if (fl_options.help)
		print_all();
}
