/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * baseline.c: see baseline.h.
 */
#include "read/baseline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "util/files.h"
#include "util/memory.h"

int64_t fl_baseline_date(const char *text)
{
	struct tm day = {0};
	const char *end = strptime(text, "%Y-%m-%d", &day);
	enum { DAY = 24 * 60 * 60 };
	return end && !*end ? (int64_t)timegm(&day) + DAY : -1;
}

static const char *unescape(const char *text, struct fl_arena *arena)
{
	char *result = fl_arena_alloc(arena, strlen(text) + 1), *out = result;
	while (*text) {
		bool blank = !strncmp(text, "%20", 3);
		*out++ = blank ? ' ' : *text;
		text += blank ? 3 : 1;
	}
	return result;
}

static int wrong(const struct fl_baseline *baseline, unsigned line, const char *what, const char *word,
	struct fl_error *error)
{
	return fl_error_set(error, FL_EXIT_USAGE, "%s:%u: %s '%s'", baseline->path, line, what, word);
}

static int read_word(struct fl_baseline *baseline, struct fl_accepted *entry, const char *word,
	struct fl_arena *arena, struct fl_error *error)
{
	const struct {
		const char *key;
		const char **value;
	} keys[] = {{"owner=", &entry->owner}, {"until=", &entry->until}, {"functions=", &entry->functions},
		{"texts=", &entry->texts}};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (strncmp(word, keys[i].key, strlen(keys[i].key)))
			continue;
		*keys[i].value = unescape(word + strlen(keys[i].key), arena);
		if (keys[i].value == &entry->until && (entry->expires = fl_baseline_date(entry->until)) < 0)
			return wrong(
				baseline, entry->line, "until wants YYYY-MM-DD, not", entry->until, error);
		return 0;
	}
	return wrong(baseline, entry->line, "what is", word, error);
}

static int read_line(struct fl_baseline *baseline, char *line, unsigned number, struct fl_arena *arena,
	struct fl_error *error)
{
	enum { DIGITS = 32 };
	char *hash = strchr(line, '#'), *state = NULL;
	struct fl_accepted entry = {.line = number,
		.functions = "",
		.texts = "",
		.owner = "",
		.until = "",
		.reason = "",
		.expires = INT64_MAX};
	if (hash) {
		*hash++ = '\0';
		hash += strspn(hash, " \t");
		entry.reason = fl_arena_bytes(arena, hash, strcspn(hash, "\r\n"));
	}
	char *word = strtok_r(line, " \t\r\n", &state);
	if (!word)
		return 0;
	if (strspn(word, "0123456789abcdef") != DIGITS || word[DIGITS])
		return wrong(baseline, number,
			"a fingerprint has 32 hex digits (`furlong races --json`), not", word, error);
	entry.fingerprint = fl_arena_bytes(arena, word, DIGITS);
	while ((word = strtok_r(NULL, " \t\r\n", &state)))
		if (read_word(baseline, &entry, word, arena, error))
			return -1;
	*FL_PUSH(baseline->entries, baseline->count, baseline->capacity) = entry;
	return 0;
}

int fl_baseline_read(
	struct fl_baseline *baseline, const char *path, struct fl_arena *arena, struct fl_error *error)
{
	*baseline = (struct fl_baseline){.path = path};
	FILE *file = fopen(path, "re");
	if (!file)
		return fl_error_set(error, FL_EXIT_USAGE, "cannot read %s: %s", path, strerror(errno));
	char *line = NULL;
	size_t capacity = 0;
	int result = 0;
	for (unsigned number = 1; !result && getline(&line, &capacity, file) >= 0; number++)
		result = read_line(baseline, line, number, arena, error);
	free(line);
	fclose(file);
	return result;
}

void fl_baseline_free(struct fl_baseline *baseline)
{
	free(baseline->entries);
	*baseline = (struct fl_baseline){0};
}

static void write_word(FILE *out, const char *key, const char *value)
{
	if (!value || !*value)
		return;
	fprintf(out, " %s=", key);
	for (; *value; value++)
		if (*value == ' ')
			fputs("%20", out);
		else
			putc((unsigned char)*value < 0x20 ? '?' : *value, out);
}

static const struct fl_accepted *entry_of(const struct fl_baseline *baseline, const struct fl_race *race)
{
	for (size_t i = 0; i < baseline->count; i++)
		if (baseline->entries[i].race == race)
			return &baseline->entries[i];
	return NULL;
}

static void write_race(FILE *out, const struct fl_accepted *entry, const struct fl_race *race,
	const char *owner, const char *until, struct fl_arena *arena)
{
	fputs(race->fingerprint, out);
	write_word(out, "owner", entry ? entry->owner : owner);
	write_word(out, "until", entry ? entry->until : until);
	write_word(out, "functions", fl_race_functions_key(race, arena));
	write_word(out, "texts", fl_race_texts_key(race, arena));
	fputs(" # ", out);
	const char *reason = entry && *entry->reason ? entry->reason : fl_race_brief(race, arena);
	for (; *reason; reason++)
		putc((unsigned char)*reason < 0x20 ? '?' : *reason, out);
	putc('\n', out);
}

int fl_baseline_write(const struct fl_baseline *baseline, const struct fl_model *model, const char *path,
	const char *owner, const char *until, struct fl_error *error)
{
	struct fl_output output;
	if (fl_output_open(&output, path, error))
		return -1;
	fputs("# Accepted races: FINGERPRINT [owner=NAME] [until=YYYY-MM-DD] ... [# reason]\n",
		output.stream);
	for (size_t i = 0; i < model->races.race_count; i++) {
		const struct fl_race *race = &model->races.races[i];
		const struct fl_accepted *entry = entry_of(baseline, race);
		if (entry || !race->suppressed_by)
			write_race(output.stream, entry, race, owner, until, model->arena);
	}
	return fl_output_close(&output, error);
}
