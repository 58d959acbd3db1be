/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_page.c: the page of a race: what happened in one sentence, both stacks side by side with the source
 * around each frame; race_origins.c and race_after.c write what stands below.
 */
#include "race_page.h"

#include <ctype.h>
#include <string.h>

#include "race_below.h"
#include "race_stack.h"
#include "util/memory.h"

/* "wrote 4 bytes" */
static void emit_deed(struct fl_emit *out, const struct fl_access *access)
{
	static const struct {
		const char *op, *past;
	} deeds[] = {{"write", "wrote"}, {"read", "read"}, {"free", "freed"}};
	const char *past = access->op;
	for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
		if (!strcmp(deeds[i].op, access->op))
			past = deeds[i].past;
	fl_emit_string(out, past);
	if (access->atomic)
		EMIT(out, " (atomically)");
	if (!access->size)
		return;
	EMIT(out, " ");
	fl_emit_grouped(out, access->size);
	if (access->size == 1)
		EMIT(out, " byte");
	else
		EMIT(out, " bytes");
}

/* "Thread <b>T2 'worker'</b>" */
static void emit_thread(struct fl_race_writer *writer, const struct fl_race *race, size_t index)
{
	struct fl_emit *out = writer->page.out;
	uint32_t number = race->accesses[index].thread;
	const char *title = fl_race_thread_title(race, number, writer->arena);
	if (index)
		fl_emit_string(out, number ? "thread " : "the ");
	else
		fl_emit_string(out, number ? "Thread " : "The ");
	EMIT(out, "<b>");
	fl_emit_string(out, title);
	EMIT(out, "</b>");
}

static bool holds_any(const struct fl_race *race)
{
	for (size_t i = 0; i < race->access_count; i++)
		if (race->accesses[i].held_count)
			return true;
	return false;
}

static void emit_sentence(struct fl_race_writer *writer, const struct fl_race *race)
{
	struct fl_emit *out = writer->page.out;
	EMIT(out, "<p class=lead>");
	if (!fl_race_is_of_accesses(race)) {
		if (race->says) {
			fl_emit_string(out, race->says);
		} else {
			fl_emit_string(out, fl_race_capital(fl_race_title(race->kind), writer->arena));
			EMIT(out, ".");
		}
		EMIT(out, "</p>\n");
		return;
	}
	for (size_t i = 0; i < race->access_count; i++) {
		if (i)
			EMIT(out, " and ");
		emit_thread(writer, race, i);
		EMIT(out, " ");
		emit_deed(out, &race->accesses[i]);
	}
	if (race->access_count > 1)
		EMIT(out, " of the same memory, and nothing orders one before the other");
	EMIT(out, ". ");
	if (fl_race_has_common_lock(race))
		EMIT(out, "Both held a lock in common, but not in a way that excludes the other.");
	else if (holds_any(race))
		EMIT(out, "They held no lock in common.");
	else
		EMIT(out, "Neither held a lock.");
	EMIT(out, "</p>\n");
}

static void emit_fact(struct fl_emit *out, const char *name, const char *value)
{
	EMIT(out, "<div><dt>");
	fl_emit_string(out, name);
	EMIT(out, "<dd>");
	fl_emit_string(out, value);
	EMIT(out, "</div>\n");
}

static void emit_object(struct fl_race_writer *writer, const struct fl_race *race)
{
	struct fl_emit *out = writer->page.out;
	if (!race->subject.type)
		return;
	EMIT(out, "<div><dt>Object<dd>Field <code>");
	fl_emit_string(out, race->subject.field);
	EMIT(out, "</code> of <code>");
	fl_emit_string(out, race->subject.type);
	EMIT(out, "</code></div>\n");
}

static void emit_facts(struct fl_race_writer *writer, const struct fl_race *race)
{
	struct fl_emit *out = writer->page.out;
	struct fl_arena *arena = writer->arena;
	const char *slash = strrchr(race->program, '/');
	EMIT(out, "<dl class=facts>\n");
	emit_object(writer, race);
	if (fl_race_is_of_accesses(race) || race->location.place)
		emit_fact(out, "Memory", fl_race_capital(fl_race_location_title(race, arena), arena));
	emit_fact(out, "Happened",
		fl_arena_format(arena, "%llu time%s in %u process%s", (unsigned long long)race->times,
			race->times == 1 ? "" : "s", race->processes, race->processes == 1 ? "" : "es"));
	emit_fact(out, "Program", slash && slash[1] ? slash + 1 : race->program);
	if (race->label && *race->label)
		emit_fact(out, race->processes == 1 ? "Test" : "First in test", race->label);
	if (race->suppressed_by)
		emit_fact(out, "Suppressed by", race->suppressed_by);
	EMIT(out, "<div><dt>Fingerprint<dd><code>");
	fl_emit_text(out, race->fingerprint, strnlen(race->fingerprint, 12));
	EMIT(out, "</code></div>\n</dl>\n");
}

static void emit_common(struct fl_emit *out, const struct fl_race *race)
{
	if (fl_race_is_of_accesses(race))
		EMIT(out, " (in both)");
}

static void emit_held(
	struct fl_race_writer *writer, const struct fl_race *race, const struct fl_access *access)
{
	struct fl_emit *out = writer->page.out;
	EMIT(out, "<p class=held>Locks held: ");
	if (!access->held_count)
		EMIT(out, "none");
	for (size_t i = 0; i < access->held_count; i++) {
		uint32_t lock = access->held[i].lock;
		if (i)
			EMIT(out, ", ");
		if (fl_race_find_lock(race, lock)) {
			EMIT(out, "<a href=#M");
			fl_emit_number(out, lock);
			EMIT(out, ">");
		}
		EMIT(out, "M");
		fl_emit_number(out, lock);
		if (fl_race_find_lock(race, lock))
			EMIT(out, "</a>");
		if (!access->held[i].write)
			EMIT(out, " (for reading)");
		if (fl_race_lock_is_common(race, lock))
			emit_common(out, race);
	}
	EMIT(out, "</p>\n");
}

static void emit_doer(
	struct fl_race_writer *writer, const struct fl_race *race, const struct fl_access *access)
{
	struct fl_emit *out = writer->page.out;
	bool known = fl_race_find_thread(race, access->thread);
	EMIT(out, " <span>by ");
	if (known) {
		EMIT(out, "<a href=#T");
		fl_emit_number(out, access->thread);
		EMIT(out, ">");
	}
	fl_emit_string(out, fl_race_thread_title(race, access->thread, writer->arena));
	if (known)
		EMIT(out, "</a>");
	EMIT(out, "</span>");
}

static void emit_access(struct fl_race_writer *writer, const struct fl_race *race, size_t index)
{
	struct fl_emit *out = writer->page.out;
	const struct fl_access *access = &race->accesses[index];
	const char *title = fl_race_access_title(access, writer->arena);
	EMIT(out, "<section class=access aria-labelledby=access");
	fl_emit_number(out, index);
	EMIT(out, "><h2 id=access");
	fl_emit_number(out, index);
	EMIT(out, ">");
	if (index && !access->title) {
		char *lower = fl_arena_bytes(writer->arena, title, strlen(title));
		*lower = (char)tolower((unsigned char)*lower);
		title = fl_arena_format(writer->arena, "Previous %s", lower);
	}
	fl_emit_string(out, title);
	if (!access->title)
		emit_doer(writer, race, access);
	EMIT(out, "</h2>\n");
	emit_held(writer, race, access);
	fl_race_stack_emit(writer, &access->stack, FL_RACE_ACCESS);
	EMIT(out, "</section>\n");
}

/* In the order of the list. */
static void emit_ways(struct fl_race_writer *writer, size_t index)
{
	const struct fl_races *races = &writer->page.report->model->races;
	const uint32_t *order = writer->page.report->groups.order;
	struct fl_emit *out = writer->page.out;
	index = writer->page.report->groups.rank[index];
	if (races->race_count < 2)
		return;
	EMIT(out, "<nav class=ways aria-label=\"Other races\">");
	if (index) {
		EMIT(out, "<a rel=prev ");
		fl_race_href(&writer->page, &races->races[order[index - 1]]);
		EMIT(out, ">← Previous race</a> ");
	}
	if (index + 1 < races->race_count) {
		EMIT(out, "<a rel=next ");
		fl_race_href(&writer->page, &races->races[order[index + 1]]);
		EMIT(out, ">→ Next race</a>");
	}
	EMIT(out, "</nav>\n");
}

static void emit_page(struct fl_race_writer *writer, size_t index)
{
	const struct fl_race *race = &writer->page.report->model->races.races[index];
	struct fl_emit *out = writer->page.out;
	const char *kind = fl_race_capital(fl_race_title(race->kind), writer->arena);
	writer->page.title = fl_race_brief(race, writer->arena);
	fl_page_begin(&writer->page, "access0");
	EMIT(out, "<h1 id=title>");
	fl_emit_string(out, kind);
	if (race->subject.expression) {
		EMIT(out, " on <code>");
		fl_emit_string(out, race->subject.expression);
		EMIT(out, "</code>");
	}
	EMIT(out, " <small>");
	fl_emit_string(out, writer->page.title);
	EMIT(out, "</small></h1>\n");
	emit_sentence(writer, race);
	emit_facts(writer, race);
	emit_ways(writer, index);
	EMIT(out, "<div class=pair>\n");
	for (size_t i = 0; i < race->access_count; i++)
		emit_access(writer, race, i);
	EMIT(out, "</div>\n");
	fl_race_picture_emit(writer, race);
	fl_race_origins_emit(writer, race);
	fl_race_others_emit(writer, race);
	fl_race_silence_emit(writer, race);
	fl_page_end(&writer->page);
}

static int write_one(struct fl_race_writer *writer, size_t index, struct fl_error *error)
{
	const struct fl_report *report = writer->page.report;
	char path[FL_PAGE_PATH_BYTES];
	fl_race_path(&report->model->races.races[index], path);
	if (fl_page_open(writer->page.out, report, path, error))
		return -1;
	writer->arena = fl_arena_new();
	emit_page(writer, index);
	fl_arena_free(writer->arena);
	return fl_page_close(writer->page.out, error);
}

int fl_race_write_all(struct fl_emit *out, const struct fl_report *report, struct fl_error *error)
{
	struct fl_race_writer writer = {.page = {out, report, FL_PAGE_BELOW, 0, NULL, FL_PAGE_WHOLE}};
	int status = 0;
	for (size_t i = 0; i < report->model->races.race_count && !status; i++)
		status = write_one(&writer, i, error);
	fl_excerpts_free(&writer.excerpts);
	return status;
}
