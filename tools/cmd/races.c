/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * races.c: `furlong races`: a list of them, or one with both stacks.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/pager.h"
#include "read/baseline.h"
#include "util/memory.h"
#include "util/progress.h"
#include "write/json_out.h"
#include "write/write.h"

enum { LEAST_DIGITS = 4, SHOWN_DIGITS = 12, MOST_DIGITS = 32 };

static const char red[] = "\033[1;31m", blue[] = "\033[1;34m", faint[] = "\033[2m", off[] = "\033[0m";

/* Whether a word is the beginning of a fingerprint rather than the name of data. */
static bool is_fingerprint(const char *word)
{
	size_t digits = strspn(word, "0123456789abcdefABCDEF");
	return !word[digits] && digits >= LEAST_DIGITS && digits <= MOST_DIGITS && access(word, F_OK);
}

static const struct fl_race *find(const struct fl_races *races, const char *beginning, struct fl_error *error)
{
	const struct fl_race *found = NULL;
	for (size_t i = 0; i < races->race_count; i++) {
		if (strncasecmp(races->races[i].fingerprint, beginning, strlen(beginning)))
			continue;
		if (found) {
			fl_error_set(error, FL_EXIT_USAGE, "%s may be %s or %s; say more of it", beginning,
				found->fingerprint, races->races[i].fingerprint);
			return NULL;
		}
		found = &races->races[i];
	}
	if (!found)
		fl_error_set(error, FL_EXIT_USAGE, "no race %s in the data; `furlong races` lists them",
			beginning);
	return found;
}

/* Untrusted: names come from programs and file systems. */
static void put_text(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		putchar((unsigned char)text[i] < 0x20 || text[i] == 0x7f ? '?' : text[i]);
}

static int kind_width(const struct fl_races *races)
{
	size_t width = strlen("kind");
	for (size_t i = 0; i < races->race_count; i++)
		if (strlen(races->races[i].kind) > width)
			width = strlen(races->races[i].kind);
	return (int)width;
}

static void list_race(
	const struct fl_settings *settings, const struct fl_race *race, uint32_t runs, int width, bool color)
{
	const char *kind = fl_race_title(race->kind);
	const char *on = !color ? "" : race->suppressed_by ? faint : red;
	printf("%.*s  %6" PRIu64 " %9" PRIu32 "  ", SHOWN_DIGITS, race->fingerprint, race->times,
		race->processes);
	if (runs > 1)
		printf("%4" PRIu32 "/%-4" PRIu32 "  ", race->runs, runs);
	printf("%s%-*s%s  ", on, width, kind, color ? off : "");
	const char *where = fl_race_brief(race, settings->arena);
	put_text(where, strlen(where));
	const char *object = fl_race_object(race, settings->arena);
	if (object) {
		printf("%s  on ", color ? faint : "");
		put_text(object, strlen(object));
		fputs(color ? off : "", stdout);
	}
	if (race->suppressed_by) {
		fputs("  (suppressed by ", stdout);
		put_text(race->suppressed_by, strlen(race->suppressed_by));
		putchar(')');
	}
	putchar('\n');
}

static void list_races(const struct fl_settings *settings, const struct fl_races *races)
{
	bool color = fl_color_wanted(STDOUT_FILENO);
	int width = kind_width(races);
	fl_pager_begin();
	if (races->race_count)
		printf("%-*s  %6s %9s  %s%-*s  %s\n", SHOWN_DIGITS, "fingerprint", "times", "processes",
			races->runs > 1 ? "     runs  " : "", width, "kind", "where");
	for (size_t i = 0; i < races->race_count; i++)
		list_race(settings, &races->races[i], races->runs, width, color);
	fl_write_race_summary(stdout, races, 0, NULL);
	fl_pager_end();
}

/* A line of a report: the heading of the whole, of a stack, or a frame. */
static const char *color_of(const char *line)
{
	if (!strncmp(line, "WARNING", 7) || !strncmp(line, "SUMMARY", 7))
		return red;
	if (!strncmp(line, "  ", 2) && line[2] != ' ' && line[2] != '#')
		return blue;
	return "";
}

static void print_colored(const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		const char *on = color_of(text);
		fputs(on, stdout);
		put_text(text, length);
		fputs(*on ? off : "", stdout);
		putchar('\n');
		text += length + (text[length] == '\n');
	}
}

static void show_race(const struct fl_settings *settings, const struct fl_race *race)
{
	const char *text = fl_race_text(race, settings->arena);
	fl_pager_begin();
	if (fl_color_wanted(STDOUT_FILENO))
		print_colored(text);
	else
		fputs(text, stdout);
	printf("fingerprint: %s\nhappened: %" PRIu64 " time%s in %" PRIu32 " process%s of ",
		race->fingerprint, race->times, race->times == 1 ? "" : "s", race->processes,
		race->processes == 1 ? "" : "es");
	put_text(race->program, strlen(race->program));
	putchar('\n');
	if (race->label && *race->label) {
		fputs("label: ", stdout);
		put_text(race->label, strlen(race->label));
		putchar('\n');
	}
	if (race->suppressed_by) {
		fputs("suppressed by: ", stdout);
		put_text(race->suppressed_by, strlen(race->suppressed_by));
		putchar('\n');
	}
	fl_pager_end();
}

static void print_json(const struct fl_races *races, const struct fl_race *only)
{
	struct json_out json = {.stream = stdout};
	struct fl_races one = *races;
	if (only) {
		one.races = (struct fl_race *)(uintptr_t)only;
		one.race_count = 1;
		one.suppressed = only->suppressed_by != NULL;
	}
	fl_write_json_races(&json, NULL, only ? &one : races);
	putchar('\n');
}

static int show(const struct fl_settings *settings, const struct fl_races *races, const char *wanted,
	struct fl_error *error)
{
	const struct fl_race *one = NULL;
	if (!races->looked)
		return fl_error_set(error, FL_EXIT_DATA,
			"no race data: no program of these data was built with the race flag; `furlong flags "
			"race` prints it");
	if (wanted && !(one = find(races, wanted, error)))
		return -1;
	if (settings->as_json)
		print_json(races, one);
	else if (one)
		show_race(settings, one);
	else
		list_races(settings, races);
	return 0;
}

/* Writes what counts to the file of accepted races; what it says already stays, but for races that are gone.
 */
static int accept(const struct fl_settings *settings, struct fl_model *model, struct fl_error *error)
{
	struct fl_baseline baseline = {0};
	if (!model->races.looked)
		return show(settings, &model->races, NULL, error);
	if (settings->until && fl_baseline_date(settings->until) < 0)
		return fl_error_set(
			error, FL_EXIT_USAGE, "--until wants YYYY-MM-DD, not '%s'", settings->until);
	int result = access(settings->accept, F_OK)
			     ? 0
			     : fl_baseline_read(&baseline, settings->accept, model->arena, error);
	size_t before = fl_races_open(&model->races);
	if (!result) {
		fl_baseline_apply(&baseline, model, INT64_MIN); /* expired ones stay, and stay expired */
		result = fl_baseline_write(
			&baseline, model, settings->accept, settings->owner, settings->until, error);
	}
	size_t fresh = fl_races_open(&model->races);
	if (!result)
		fprintf(stderr, "%s: %zu race%s accepted, %zu of them new\n", settings->accept, before,
			before == 1 ? "" : "s", fresh);
	fl_baseline_free(&baseline);
	return result;
}

int fl_cmd_races(struct fl_settings *settings, struct fl_error *error)
{
	struct fl_words inputs = settings->words;
	const char *wanted = inputs.count && is_fingerprint(inputs.items[0]) ? inputs.items[0] : NULL;
	struct fl_model *model;
	if (wanted) {
		inputs.items++;
		inputs.count--;
	}
	if (fl_common_load(settings, &inputs, &model, error))
		return error->code;
	int result = settings->accept ? accept(settings, model, error)
				      : show(settings, &model->races, wanted, error);
	if (settings->baseline && !result)
		fl_common_notes(model, 6);
	if (result)
		result = error->code;
	fl_model_free(model);
	return result;
}
