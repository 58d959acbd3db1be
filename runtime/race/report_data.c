/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * report_data.c: reports as race data (format.h), and the file they go to. The file is opened for each block,
 * as the program may close what it does not know.
 */
#include "race/report.h"

#include "core/place.h"
#include "core/print.h"
#include "core/sys.h"
#include "furlong/format.h"

#include <fcntl.h>
#include <string.h>

static struct {
	char program[512], path[4096];
	uint64_t start, id;
	bool said; /* that it cannot be written */
	/* Kept open by a process that gave rights up: the name may be out of its reach. */
	bool kept;
	int kept_fd;
	dev_t kept_device;
	ino_t kept_inode;
} report_file;

static void data_note_program(const struct fl_sys_object *object, void *data)
{
	bool *found = data;
	uint64_t hash = 0xcbf29ce484222325u;

	if (*found)
		return;
	*found = true; /* the loader lists the program first */
	memcpy(report_file.program, object->path, sizeof(report_file.program));
	for (const char *c = *object->build_id ? object->build_id : object->path; *c; c++)
		hash = (hash ^ (uint8_t)*c) * 0x100000001b3u;
	report_file.id = hash;
}

void fl_report_data_init(void)
{
	bool found = false;

	report_file.start = fl_sys_time_ns();
	if (!*report_file.program)
		fl_sys_objects_look(data_note_program, &found);
}

void fl_report_data_head(struct fl_report_out *out)
{
	fl_report_put(out, "furlong-race %d\nprocess %d %lu\nprogram", FURLONG_RACE_VERSION, fl_sys_process(),
		report_file.start);
	fl_report_put_field(out, report_file.program);
	fl_report_put_field(
		out, *fl_place_current_test() ? fl_place_current_test() : fl_place_current_label());
	fl_report_put(out, "\n");
	if (!*fl_options.run)
		return;
	fl_report_put(out, "run");
	fl_report_put_field(out, fl_options.run);
	fl_report_put(out, "\n");
}

/* A descriptor, or -errno. */
static int data_open(void)
{
	int rc = fl_place_make();

	if (rc)
		return rc;
	fl_place_name(report_file.path, sizeof(report_file.path), report_file.program, report_file.id,
		FURLONG_RACE_SUFFIX);
	return fl_sys_open(report_file.path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0666);
}

void fl_report_data_keep(void)
{
	struct stat st;
	int fd = report_file.kept ? -1 : data_open();

	if (fd < 0)
		return;
	report_file.kept_fd = fl_sys_move_up(fd);
	report_file.kept = !fl_sys_fstat(report_file.kept_fd, &st);
	report_file.kept_device = st.st_dev;
	report_file.kept_inode = st.st_ino;
}

/* The program may have closed it, and opened something else. */
static bool data_is_kept(void)
{
	struct stat st;

	return report_file.kept && !fl_sys_fstat(report_file.kept_fd, &st) &&
	       st.st_dev == report_file.kept_device && st.st_ino == report_file.kept_inode;
}

int fl_report_data_open(void)
{
	int fd = data_is_kept() ? report_file.kept_fd : data_open();

	/* Not one that is never closed: who reads the file waits. */
	if (fd >= 0 && !report_file.kept)
		fl_sys_mark_used(fd);
	return fd;
}

void fl_report_data_close(int fd)
{
	if (fd >= 0 && !(data_is_kept() && fd == report_file.kept_fd))
		fl_sys_close(fd);
}

void fl_report_data_append(const struct fl_report_out *block)
{
	int fd = fl_report_data_open();
	long rc = fd < 0 ? fd : fl_sys_write(fd, block->text, block->length);

	fl_report_data_close(fd);
	if (rc < 0 && !report_file.said) {
		report_file.said = true;
		fl_print_message(
			"cannot write race data below %s: %s; `furlong report` will not know of them",
			fl_place_dir(), fl_print_error((int)rc));
	}
}

/* ---- the form ---------------------------------------------------------------------------------------- */

static void data_held(struct fl_report *report, const struct fl_report_side *side)
{
	for (size_t i = 0; i < side->held_count; i++)
		fl_report_put(report->out, "held %u %s\n", side->held[i].lock,
			side->held[i].write ? "write" : "read");
}

static void data_access(struct fl_report *report, const struct fl_report_side *side)
{
	const char *op = side->free ? "free" : side->write ? "write" : "read";

	fl_report_put(report->out, "access %s%s %lu 0x%lx %u\n", side->atomic && !side->free ? "atomic-" : "",
		op, side->size, side->address, side->thread);
	data_held(report, side);
}

static void data_order(struct fl_report *report, const struct fl_report_order *order)
{
	fl_report_put(report->out, "order %d %u %u\n", order->heard, order->before, order->since);
}

static void data_says(struct fl_report *report, const char *text)
{
	fl_report_put(report->out, "says");
	fl_report_put_field(report->out, text);
	fl_report_put(report->out, "\n");
}

static void data_step(struct fl_report *report, const struct fl_report_side *side)
{
	fl_report_put(report->out, "step %u", side->thread);
	fl_report_put_field(report->out, side->title);
	fl_report_put(report->out, "\n");
	data_held(report, side);
}

static uint32_t data_number(struct fl_report *report, struct fl_report_object *object)
{
	if (!object->number)
		object->number = (uint32_t)++report->objects->numbered;
	return object->number - 1;
}

static void data_location(struct fl_report *report, const struct fl_where *where)
{
	struct fl_report_object *object;

	switch (where->kind) {
	case FL_WHERE_HEAP:
		fl_report_put(report->out, "location heap %lu 0x%lx %u\n", where->size, where->begin,
			where->thread);
		return;
	case FL_WHERE_STACK:
	case FL_WHERE_TLS:
		fl_report_put(report->out, "location %s %u\n", where->kind == FL_WHERE_TLS ? "tls" : "stack",
			where->thread);
		return;
	case FL_WHERE_DESCRIPTOR:
		fl_report_put(report->out, "location descriptor %d\n", where->descriptor);
		return;
	case FL_WHERE_UNKNOWN:
		object = fl_report_object_at(report->objects, report->address);
		if (object)
			fl_report_put(report->out, "location global %u 0x%lx 0x%lx\n",
				data_number(report, object), report->address - object->bias, report->address);
		return;
	}
}

static void data_lock(struct fl_report *report, const struct fl_race_lock *lock)
{
	fl_report_put(report->out, "lock %u 0x%lx\n", lock->uid, lock->address);
}

static void data_thread(struct fl_report *report, const struct fl_race_person *person)
{
	fl_report_put(report->out, "thread %u %d %s %u", person->uid, person->tid,
		person->running ? "running" : "finished", person->parent);
	fl_report_put_field(report->out, person->name);
	fl_report_put(report->out, "\n");
}

static void data_frame(
	struct fl_report *report, size_t number, struct fl_report_object *object, uint64_t offset)
{
	(void)number;
	if (object)
		fl_report_put(report->out, "frame %u 0x%lx\n", data_number(report, object), offset);
	else
		fl_report_put(report->out, "frame - 0x%lx\n", offset);
}

static void data_cut(struct fl_report *report)
{
	fl_report_put(report->out, "frame ...\n");
}

static void data_stack_end(struct fl_report *report)
{
	(void)report;
}

static const struct fl_report_sink data_sink = {
	.access = data_access,
	.order = data_order,
	.says = data_says,
	.step = data_step,
	.location = data_location,
	.lock = data_lock,
	.thread = data_thread,
	.frame = data_frame,
	.cut = data_cut,
	.stack_end = data_stack_end,
};

static void data_modules(struct fl_report_objects *objects, struct fl_report_out *out)
{
	for (uint32_t number = 1; number <= objects->numbered; number++)
		for (size_t i = 0; i < objects->count; i++) {
			const struct fl_report_object *object = &objects->items[i];

			if (object->number != number)
				continue;
			fl_report_put(out, "module %u", number - 1);
			fl_report_put_field(out, object->build_id);
			fl_report_put_field(out, object->path);
			fl_report_put(out, "\n");
		}
}

/* Which objects are named is known only when the frames are written. */
void fl_report_data(struct fl_report *report, struct fl_report_out *out)
{
	struct fl_report_out body = {0};

	report->out = &body;
	report->sink = &data_sink;
	fl_report_walk(report);
	fl_report_data_head(out);
	data_modules(report->objects, out);
	fl_report_put(out, "report");
	fl_report_put_field(out, report->kind);
	fl_report_put(out, " %016lx\n", report->key);
	if (body.text)
		fl_report_put_bytes(out, body.text, body.length);
	fl_report_put(out, "end\n");
	fl_report_out_clear(&body);
}
