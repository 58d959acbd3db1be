/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * tsan_report.c: a report as the functions of <sanitizer/tsan_interface.h> tell it, to a program's
 * __tsan_on_report or a debugger. It is put together only for a program that has such a function, as one more
 * form of reports (report.h), and holds during that call.
 */
#include "race/annotate.h"
#include "race/finding.h"

#include <string.h>

#define TOLD_FRAMES 64
#define TOLD_PARTS  16 /* of each sort */

struct told_stack {
	void *frames[TOLD_FRAMES];
	size_t count;
};

struct told_part {
	struct fl_report_side side;
	struct fl_where where;
	struct fl_race_lock lock;
	struct fl_race_person person;
	struct told_stack stack;
};

enum told_sort { TOLD_STACK, TOLD_ACCESS, TOLD_LOCATION, TOLD_LOCK, TOLD_THREAD, TOLD_SORTS };

struct told {
	const char *kind;
	uintptr_t address;
	size_t count[TOLD_SORTS];
	struct told_part parts[TOLD_SORTS][TOLD_PARTS];
	struct told_part beyond; /* what there is no room for */
	struct told_part *last;
};

static __thread struct told *told_now;

/* ---- the form ---- */

static struct told_part *told_add(enum told_sort sort)
{
	struct told *told = told_now;

	told->last = told->count[sort] < TOLD_PARTS ? &told->parts[sort][told->count[sort]++] : &told->beyond;
	told->last->stack.count = 0;
	return told->last;
}

static void told_access(struct fl_report *report, const struct fl_report_side *side)
{
	(void)report;
	told_add(TOLD_ACCESS)->side = *side;
}

static void told_says(struct fl_report *report, const char *text)
{
	(void)report;
	(void)text;
}

static void told_step(struct fl_report *report, const struct fl_report_side *side)
{
	(void)report;
	told_add(TOLD_STACK)->side = *side;
}

static void told_location(struct fl_report *report, const struct fl_where *where)
{
	(void)report;
	told_add(TOLD_LOCATION)->where = *where;
}

static void told_lock(struct fl_report *report, const struct fl_race_lock *lock)
{
	(void)report;
	told_add(TOLD_LOCK)->lock = *lock;
}

static void told_thread(struct fl_report *report, const struct fl_race_person *person)
{
	(void)report;
	told_add(TOLD_THREAD)->person = *person;
}

static void told_frame(
	struct fl_report *report, size_t number, struct fl_report_object *object, uint64_t offset)
{
	struct told_stack *stack = &told_now->last->stack;

	(void)report;
	(void)number;
	if (stack->count < TOLD_FRAMES)
		stack->frames[stack->count++] = (void *)(offset + (object ? object->bias : 0));
}

static void told_nothing(struct fl_report *report)
{
	(void)report;
}

static const struct fl_report_sink told_sink = {
	.access = told_access,
	.says = told_says,
	.step = told_step,
	.location = told_location,
	.lock = told_lock,
	.thread = told_thread,
	.frame = told_frame,
	.cut = told_nothing,
	.stack_end = told_nothing,
};

void fl_tsan_tell(struct fl_report *report)
{
	struct told *told = __tsan_on_report && !told_now ? fl_pool_take(sizeof(*told)) : NULL;

	if (!told)
		return;
	memset(told, 0, sizeof(*told));
	told->kind = report->kind;
	told->address = report->address;
	told_now = told;
	report->sink = &told_sink;
	fl_report_walk(report);
}

void fl_tsan_told(void)
{
	struct told *told = told_now;

	if (!told)
		return;
	__tsan_on_report(told);
	told_now = NULL;
	fl_pool_give(told, sizeof(*told));
}

/* ---- what is asked ---- */

void *__tsan_get_current_report(void);
int __tsan_get_report_data(void *report, const char **description, int *count, int *stack_count,
	int *mop_count, int *loc_count, int *mutex_count, int *thread_count, int *unique_tid_count,
	void **sleep_trace, unsigned long trace_size);
int __tsan_get_report_stack(void *report, unsigned long index, void **trace, unsigned long trace_size);
int __tsan_get_report_mop(void *report, unsigned long index, int *tid, void **address, int *size, int *write,
	int *atomic, void **trace, unsigned long trace_size);
int __tsan_get_report_loc(void *report, unsigned long index, const char **type, void **address, void **start,
	unsigned long *size, int *tid, int *fd, int *suppressable, void **trace, unsigned long trace_size);
int __tsan_get_report_mutex(void *report, unsigned long index, uint64_t *id, void **address, int *destroyed,
	void **trace, unsigned long trace_size);
int __tsan_get_report_thread(void *report, unsigned long index, int *tid, uint64_t *os_id, int *running,
	const char **name, int *parent, void **trace, unsigned long trace_size);
int __tsan_get_report_unique_tid(void *report, unsigned long index, int *tid);

FL_PUBLIC void *__tsan_get_current_report(void)
{
	return told_now;
}

static const struct told_part *told_part(
	void *report, enum told_sort sort, unsigned long index, void **trace, unsigned long trace_size)
{
	const struct told *told = report;
	const struct told_part *part = told && index < told->count[sort] ? &told->parts[sort][index] : NULL;

	for (unsigned long i = 0; part && i < trace_size; i++)
		trace[i] = i < part->stack.count ? part->stack.frames[i] : NULL;
	return part;
}

FL_PUBLIC int __tsan_get_report_data(void *report, const char **description, int *count, int *stack_count,
	int *mop_count, int *loc_count, int *mutex_count, int *thread_count, int *unique_tid_count,
	void **sleep_trace, unsigned long trace_size)
{
	const struct told *told = report;

	if (!told)
		return 0;
	*description = told->kind;
	*count = 0;
	*stack_count = (int)told->count[TOLD_STACK];
	*mop_count = (int)told->count[TOLD_ACCESS];
	*loc_count = (int)told->count[TOLD_LOCATION];
	*mutex_count = (int)told->count[TOLD_LOCK];
	*thread_count = (int)told->count[TOLD_THREAD];
	*unique_tid_count = (int)told->count[TOLD_THREAD];
	for (unsigned long i = 0; i < trace_size; i++)
		sleep_trace[i] = NULL;
	return 1;
}

FL_PUBLIC int __tsan_get_report_stack(
	void *report, unsigned long index, void **trace, unsigned long trace_size)
{
	return told_part(report, TOLD_STACK, index, trace, trace_size) != NULL;
}

FL_PUBLIC int __tsan_get_report_mop(void *report, unsigned long index, int *tid, void **address, int *size,
	int *write, int *atomic, void **trace, unsigned long trace_size)
{
	const struct told_part *part = told_part(report, TOLD_ACCESS, index, trace, trace_size);

	if (!part)
		return 0;
	*tid = (int)part->side.thread;
	*address = (void *)part->side.address;
	*size = (int)part->side.size;
	*write = part->side.write;
	*atomic = part->side.atomic;
	return 1;
}

FL_PUBLIC int __tsan_get_report_loc(void *report, unsigned long index, const char **type, void **address,
	void **start, unsigned long *size, int *tid, int *fd, int *suppressable, void **trace,
	unsigned long trace_size)
{
	static const char *const types[] = {
		[FL_WHERE_UNKNOWN] = "global",
		[FL_WHERE_HEAP] = "heap",
		[FL_WHERE_STACK] = "stack",
		[FL_WHERE_TLS] = "tls",
		[FL_WHERE_DESCRIPTOR] = "fd",
	};
	const struct told_part *part = told_part(report, TOLD_LOCATION, index, trace, trace_size);

	if (!part)
		return 0;
	*type = types[part->where.kind];
	*address = (void *)((const struct told *)report)->address;
	*start = (void *)part->where.begin;
	*size = part->where.size;
	*tid = (int)part->where.thread;
	*fd = part->where.descriptor;
	*suppressable = part->where.kind == FL_WHERE_UNKNOWN;
	return 1;
}

FL_PUBLIC int __tsan_get_report_mutex(void *report, unsigned long index, uint64_t *id, void **address,
	int *destroyed, void **trace, unsigned long trace_size)
{
	const struct told_part *part = told_part(report, TOLD_LOCK, index, trace, trace_size);

	if (!part)
		return 0;
	*id = part->lock.uid;
	*address = (void *)part->lock.address;
	*destroyed = part->lock.destroyed;
	return 1;
}

FL_PUBLIC int __tsan_get_report_thread(void *report, unsigned long index, int *tid, uint64_t *os_id,
	int *running, const char **name, int *parent, void **trace, unsigned long trace_size)
{
	const struct told_part *part = told_part(report, TOLD_THREAD, index, trace, trace_size);

	if (!part)
		return 0;
	*tid = (int)part->person.uid;
	*os_id = (uint64_t)part->person.tid;
	*running = part->person.running;
	*name = part->person.name;
	*parent = (int)part->person.parent;
	return 1;
}

FL_PUBLIC int __tsan_get_report_unique_tid(void *report, unsigned long index, int *tid)
{
	const struct told_part *part = told_part(report, TOLD_THREAD, index, NULL, 0);

	if (part)
		*tid = (int)part->person.uid;
	return part != NULL;
}
