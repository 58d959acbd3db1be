/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * report_text.c: a report as text without names, for when nobody is there to find them: the layout of
 * tools/write/race_text.c, with object and offset in place of function and line.
 */
#include "race/report.h"

#include "core/options.h"
#include "core/sys.h"

#include <string.h>

static const char *text_product(void)
{
	return strcmp(fl_options.style, "tsan") ? "Furlong" : "ThreadSanitizer";
}

static const char *text_title(const char *kind)
{
	static const char *const titles[][2] = {
		{"data-race", "data race"},
		{"data-race-vptr", "data race on vptr (ctor/dtor vs virtual call)"},
		{"heap-use-after-free-vptr", "heap-use-after-free (virtual call vs free)"},
	};

	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		if (!strcmp(titles[i][0], kind))
			return titles[i][1];
	return kind;
}

static const char *text_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void text_put_thread(struct fl_report *report, uint32_t uid)
{
	if (uid)
		fl_report_put(report->out, "thread T%u", uid);
	else
		fl_report_put(report->out, "main thread");
}

static void text_access(struct fl_report *report, const struct fl_report_side *side)
{
	const char *op = side->free ? "free" : side->write ? "write" : "read";
	bool atomic = side->atomic && !side->free;
	const char *before = side->first ? atomic ? "Atomic " : ""
			     : atomic    ? "Previous atomic "
					 : "Previous ";

	fl_report_put(report->out, "  %s%c%s of size %lu at 0x%lx by ", before,
		*before ? *op : *op - 'a' + 'A', op + 1, side->size, side->address);
	text_put_thread(report, side->thread);
	for (size_t i = 0; i < side->held_count; i++)
		fl_report_put(report->out, "%s%s M%u",
			i ? ", " : " (mutexes: ", side->held[i].write ? "write" : "read", side->held[i].lock);
	fl_report_put(report->out, side->held_count ? "):\n" : ":\n");
}

static void text_says(struct fl_report *report, const char *text)
{
	fl_report_put(report->out, "  %s\n\n", text);
}

static void text_step(struct fl_report *report, const struct fl_report_side *side)
{
	fl_report_put(report->out, "  %s:\n", side->title);
}

static void text_location(struct fl_report *report, const struct fl_where *where)
{
	uintptr_t address = report->address;
	struct fl_report_object *object;

	switch (where->kind) {
	case FL_WHERE_HEAP:
		fl_report_put(report->out, "  Location is heap block of size %lu at 0x%lx allocated by ",
			where->size, where->begin);
		text_put_thread(report, where->thread);
		fl_report_put(report->out, ":\n");
		return;
	case FL_WHERE_STACK:
	case FL_WHERE_TLS:
		fl_report_put(
			report->out, "  Location is %s of ", where->kind == FL_WHERE_TLS ? "TLS" : "stack");
		text_put_thread(report, where->thread);
		fl_report_put(report->out, ".\n\n");
		return;
	case FL_WHERE_DESCRIPTOR:
		fl_report_put(report->out, "  Location is file descriptor %d.\n\n", where->descriptor);
		return;
	case FL_WHERE_UNKNOWN:
		object = fl_report_object_at(report->objects, address);
		if (object)
			fl_report_put(report->out, "  Location is global '<null>' at 0x%lx (%s+0x%lx)\n\n",
				address, text_base(object->path), address - object->bias);
		return;
	}
}

static void text_lock(struct fl_report *report, const struct fl_race_lock *lock)
{
	fl_report_put(report->out, "  Mutex M%u (0x%lx) created at:\n", lock->uid, lock->address);
}

static void text_thread(struct fl_report *report, const struct fl_race_person *person)
{
	const char *quote = *person->name ? "'" : "";

	if (!person->uid)
		return;
	fl_report_put(report->out, "  Thread T%u%s%s%s%s (tid=%d, %s) created by ", person->uid,
		*quote ? " " : "", quote, person->name, quote, person->tid,
		person->running ? "running" : "finished");
	text_put_thread(report, person->parent);
	fl_report_put(report->out, person->birth_context ? " at:\n" : "\n");
}

static void text_frame(
	struct fl_report *report, size_t number, struct fl_report_object *object, uint64_t offset)
{
	fl_report_put(report->out, "    #%lu <null> <null> (%s%s0x%lx)\n", number,
		object ? text_base(object->path) : "", object ? "+" : "", offset);
}

static void text_cut(struct fl_report *report)
{
	fl_report_put(report->out, "    ...\n");
}

static void text_stack_end(struct fl_report *report)
{
	size_t length = report->out->length;

	/* The main thread has nothing to say of its birth. */
	if (length < 2 || report->out->text[length - 1] != '\n' || report->out->text[length - 2] != '\n')
		fl_report_put(report->out, "\n");
}

static const struct fl_report_sink text_sink = {
	.access = text_access,
	.says = text_says,
	.step = text_step,
	.location = text_location,
	.lock = text_lock,
	.thread = text_thread,
	.frame = text_frame,
	.cut = text_cut,
	.stack_end = text_stack_end,
};

void fl_report_text(struct fl_report *report, struct fl_report_out *out)
{
	static const char rule[] = "==================\n";
	struct fl_race_context context = fl_report_first(report);
	uintptr_t pc = (uintptr_t)context.pc - 1;
	struct fl_report_object *object = fl_report_object_at(report->objects, pc);

	report->out = out;
	report->sink = &text_sink;
	fl_report_put(out, "%sWARNING: %s: %s (pid=%d)\n", rule, text_product(), text_title(report->kind),
		fl_sys_process());
	fl_report_walk(report);
	fl_report_put(out, "SUMMARY: %s: %s (%s%s0x%lx)\n%s", text_product(), text_title(report->kind),
		object ? text_base(object->path) : "", object ? "+" : "", object ? pc - object->bias : pc,
		rule);
}
