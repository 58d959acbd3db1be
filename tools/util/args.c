/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * args.c: see args.h.
 */
#include "util/args.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

static void push(struct fl_words *words, const char *word)
{
	*FL_PUSH(words->items, words->count, words->capacity) = word;
}

static int store_percent(
	const struct fl_option *option, const char *value, double *destination, struct fl_error *error)
{
	char *end;
	double percent = strtod(value, &end);
	if (*end == '%')
		end++;
	if (end == value || *end || !isfinite(percent) || percent < 0 || percent > 100)
		return fl_error_set(error, FL_EXIT_USAGE, "--%s wants a percentage from 0 to 100, not '%s'",
			option->name, value);
	*destination = percent;
	return 0;
}

static int store_number(
	const struct fl_option *option, const char *value, int64_t *destination, struct fl_error *error)
{
	char *end;
	errno = 0;
	long long number = strtoll(value, &end, 10);
	if (!isdigit((unsigned char)*value) || *end || errno)
		return fl_error_set(
			error, FL_EXIT_USAGE, "--%s wants a number, not '%s'", option->name, value);
	*destination = number;
	return 0;
}

static int store(const struct fl_option *option, const char *value, void *settings, struct fl_error *error)
{
	void *destination = (char *)settings + option->offset;
	switch (option->kind) {
	case FL_OPTION_FLAG:
		*(bool *)destination = true;
		return 0;
	case FL_OPTION_STRING:
	case FL_OPTION_PATH:
		*(const char **)destination = value;
		return 0;
	case FL_OPTION_WORDS:
		push(destination, value);
		return 0;
	case FL_OPTION_PERCENT:
		return store_percent(option, value, destination, error);
	case FL_OPTION_NUMBER:
		break;
	}
	return store_number(option, value, destination, error);
}

static const struct fl_option *find(
	const struct fl_options *options, unsigned verbs, const char *name, size_t length)
{
	for (size_t i = 0; i < options->count; i++) {
		const struct fl_option *option = &options->items[i];
		if (option->verbs & verbs && strlen(option->name) == length &&
			!memcmp(option->name, name, length))
			return option;
	}
	return NULL;
}

static int unknown(const struct fl_options *options, unsigned verbs, const char *dashes, const char *name,
	const char *where, struct fl_error *error)
{
	struct fl_words names = {0};
	for (size_t i = 0; i < options->count; i++)
		if (options->items[i].verbs & verbs)
			push(&names, options->items[i].name);
	const char *nearest = fl_text_nearest(name, names.items, names.count);
	free(names.items);
	return fl_error_set(error, FL_EXIT_USAGE, "%sunknown option %s%s%s%s%s", where, dashes, name,
		nearest ? "; did you mean " : "", nearest ? dashes : "", nearest ? nearest : "");
}

/* One `--name`, `--name=value` or `--name value`; *next is the word after it. */
static int parse_long(const struct fl_options *options, unsigned verb, const char *word, char *const **next,
	void *settings, struct fl_error *error)
{
	size_t length = strcspn(word, "=");
	const struct fl_option *option = find(options, verb, word, length);
	const char *value = word[length] ? word + length + 1 : NULL;
	if (!option)
		return unknown(options, verb, "--", fl_arena_bytes(options->arena, word, length), "", error);
	if (!option->argument && value)
		return fl_error_set(error, FL_EXIT_USAGE, "--%s takes no value", option->name);
	if (option->argument && !value) {
		if (!**next)
			return fl_error_set(error, FL_EXIT_USAGE, "--%s wants a value: --%s %s", option->name,
				option->name, option->argument);
		value = *(*next)++;
	}
	return store(option, value, settings, error);
}

static int parse_letter(const struct fl_options *options, unsigned verb, const char *word, char *const **next,
	void *settings, struct fl_error *error)
{
	for (size_t i = 0; i < options->count; i++) {
		const struct fl_option *option = &options->items[i];
		if (!(option->verbs & verb) || option->letter != *word)
			continue;
		if (!option->argument && word[1])
			return fl_error_set(error, FL_EXIT_USAGE, "-%c takes no value", *word);
		if (!option->argument)
			return store(option, NULL, settings, error);
		if (word[1])
			return store(option, word + 1, settings, error);
		if (!**next)
			return fl_error_set(error, FL_EXIT_USAGE, "-%c wants a value: -%c %s", *word, *word,
				option->argument);
		return store(option, *(*next)++, settings, error);
	}
	return fl_error_set(error, FL_EXIT_USAGE, "unknown option -%s", word);
}

int fl_args_parse(const struct fl_options *options, unsigned verb, char *const *argv, bool stop_at_word,
	void *settings, struct fl_words *rest, struct fl_error *error)
{
	while (*argv) {
		const char *word = *argv;
		if (word[0] != '-' || !word[1]) {
			if (stop_at_word)
				break;
			push(rest, word);
			argv++;
			continue;
		}
		argv++;
		if (!strcmp(word, "--"))
			break;
		int failed = word[1] == '-' ? parse_long(options, verb, word + 2, &argv, settings, error)
					    : parse_letter(options, verb, word + 1, &argv, settings, error);
		if (failed)
			return -1;
	}
	for (; *argv; argv++)
		push(rest, *argv);
	return 0;
}

static char *trim(char *text)
{
	while (isspace((unsigned char)*text))
		text++;
	char *end = text + strlen(text);
	while (end > text && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	return text;
}

static bool truth(const char *value)
{
	return strcmp(value, "no") && strcmp(value, "false") && strcmp(value, "off") && strcmp(value, "0");
}

/* `value` as the option wants it, when it stood in the file `path`. */
static const char *from_config(
	const struct fl_options *options, const struct fl_option *option, const char *path, const char *value)
{
	const char *slash = strrchr(path, '/');
	if (option->kind == FL_OPTION_PATH && *value != '/' && strcmp(value, "-") && slash)
		return fl_arena_format(options->arena, "%.*s/%s", (int)(slash - path), path, value);
	return fl_arena_format(options->arena, "%s", value);
}

static int read_config_line(const struct fl_options *options, unsigned verb, const char *path,
	unsigned number, char *line, void *settings, struct fl_error *error)
{
	char where[512];
	snprintf(where, sizeof where, "%s:%u: ", path, number);
	char *key = trim(line);
	if (!*key || *key == '#')
		return 0;
	char *equals = strchr(key, '=');
	if (!equals)
		return fl_error_set(error, FL_EXIT_USAGE, "%sexpected `key = value`, found '%s'", where, key);
	*equals = '\0';
	char *value = trim(equals + 1);
	key = trim(key);
	if (!find(options, ~0u, key, strlen(key)))
		return unknown(options, ~0u, "", key, where, error);
	const struct fl_option *option = find(options, verb, key, strlen(key));
	if (!option || (option->kind == FL_OPTION_FLAG && !truth(value)))
		return 0;
	if (store(option, from_config(options, option, path, value), settings, error)) {
		struct fl_error inner = *error;
		return fl_error_set(error, inner.code, "%s%.400s", where, inner.text);
	}
	return 0;
}

int fl_args_read_config(const struct fl_options *options, unsigned verb, const char *path, void *settings,
	struct fl_error *error)
{
	FILE *file = fopen(path, "re");
	if (!file)
		return fl_error_set(error, FL_EXIT_USAGE, "cannot read %s: %s", path, strerror(errno));
	char *line = NULL;
	size_t capacity = 0;
	int result = 0;
	for (unsigned number = 1; !result && getline(&line, &capacity, file) >= 0; number++)
		result = read_config_line(options, verb, path, number, line, settings, error);
	free(line);
	fclose(file);
	return result;
}
