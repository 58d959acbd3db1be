/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_lines.c: see race_lines.h. A line is split into fields, the table `words` says what each word does.
 */
#include "read/race_lines.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "read/race_field.h"
#include "util/memory.h"

#define STEP_LIMIT  4096 /* of one report; the runtime writes fewer */
#define FRAME_LIMIT 4096 /* of one stack; likewise */

static void *push(struct race_list *list, size_t size)
{
	list->items = fl_grow(list->items, list->count, &list->capacity, size);
	void *item = (char *)list->items + list->count++ * size;
	memset(item, 0, size);
	return item;
}

/* The list's items in the arena; the list is empty then. */
static void *settle(struct race_lines *p, struct race_list *list, size_t size, size_t *count)
{
	*count = list->count;
	if (!list->count)
		return NULL;
	void *items = fl_arena_array(p->arena, list->count, size);
	memcpy(items, list->items, list->count * size);
	list->count = 0;
	return items;
}

static struct fl_access *last_access(struct race_lines *p)
{
	return p->accesses.count ? (struct fl_access *)p->accesses.items + p->accesses.count - 1 : NULL;
}

/* What belonged to the line before the present one is complete. Stacks are named by pointers into lists that
 * grow, so they are settled before anything else is pushed. */
static void settle_stack(struct race_lines *p)
{
	if (p->stack)
		p->stack->frames = settle(p, &p->frames, sizeof(struct fl_frame), &p->stack->count);
	p->stack = NULL;
	if (p->in_held) {
		struct fl_access *access = last_access(p);
		access->held = settle(p, &p->held, sizeof(struct fl_held), &access->held_count);
	}
	p->in_held = false;
}

/* ---- fields ------------------------------------------------------------------------------------ */

static uint64_t number(struct race_lines *p, size_t index, uint64_t limit)
{
	const char *field = p->fields[index];
	char *end;
	errno = 0;
	unsigned long long value = strtoull(field, &end, field[0] == '0' && field[1] == 'x' ? 16 : 10);
	if (errno || *end || end == field || *field == '-' || *field == '+' || value > limit)
		p->fault = "a number is none";
	return value;
}

static const struct fl_object *object(struct race_lines *p, size_t index)
{
	uint64_t at = number(p, index, UINT32_MAX);
	if (p->fault || at < p->block->object_count)
		return p->fault ? NULL : &p->block->objects[at];
	p->fault = "a module that no line before names";
	return NULL;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* ---- lines ------------------------------------------------------------------------------------- */

static void read_process(struct race_lines *p)
{
	p->block->pid = (int32_t)number(p, 1, INT32_MAX);
	p->block->start = number(p, 2, UINT64_MAX);
}

static void read_program(struct race_lines *p)
{
	p->block->program = p->fields[1];
	p->block->label = p->fields[2];
}

static void read_run(struct race_lines *p)
{
	p->block->run = p->fields[1];
}

static void read_module(struct race_lines *p)
{
	if (number(p, 1, UINT32_MAX) != p->objects.count)
		p->fault = "modules are not numbered from 0";
	if (p->block->race)
		p->fault = "a module after the report";
	*(struct fl_object *)push(&p->objects, sizeof(struct fl_object)) =
		(struct fl_object){.path = p->fields[3], .build_id = p->fields[2]};
}

static uint64_t read_key(struct race_lines *p, size_t index)
{
	char *end;
	uint64_t key = strtoull(p->fields[index], &end, 16);
	if (*end || strlen(p->fields[index]) != 16)
		p->fault = "the key is not 16 hex digits";
	return key;
}

static void read_report(struct race_lines *p)
{
	if (p->block->race) {
		p->fault = "two reports in one block";
		return;
	}
	struct fl_race *race = fl_arena_alloc(p->arena, sizeof *race);
	race->kind = p->fields[1];
	race->processes = 1;
	race->times = 1;
	p->block->key = read_key(p, 2);
	p->block->objects = settle(p, &p->objects, sizeof(struct fl_object), &p->block->object_count);
	p->block->race = race;
}

static void read_access(struct race_lines *p)
{
	const char *op = p->fields[1];
	struct fl_access *access = push(&p->accesses, sizeof *access);
	access->atomic = !strncmp(op, "atomic-", 7);
	access->op = access->atomic ? op + 7 : op;
	if (strcmp(access->op, "write") && strcmp(access->op, "read") && strcmp(access->op, "free"))
		p->fault = "an access is write, read, atomic-write, atomic-read or free";
	if (p->accesses.count > 2 || ((struct fl_access *)p->accesses.items)->title)
		p->fault = "more than two accesses";
	access->size = number(p, 2, UINT64_MAX);
	access->address = number(p, 3, UINT64_MAX);
	access->thread = (uint32_t)number(p, 4, UINT32_MAX);
	p->stack = &access->stack;
}

static void read_order(struct race_lines *p)
{
	p->block->race->order = (struct fl_race_order){
		.known = true,
		.heard = number(p, 1, 1),
		.before = number(p, 2, UINT32_MAX),
		.since = number(p, 3, UINT32_MAX),
	};
}

static void read_says(struct race_lines *p)
{
	p->block->race->says = p->fields[1];
}

static void read_step(struct race_lines *p)
{
	if (p->accesses.count >= STEP_LIMIT ||
		(p->accesses.count && !((struct fl_access *)p->accesses.items)->title)) {
		p->fault = "a step where accesses are, or one too many";
		return;
	}
	struct fl_access *step = push(&p->accesses, sizeof *step);
	step->op = "";
	step->thread = (uint32_t)number(p, 1, UINT32_MAX);
	step->title = p->fields[2];
	p->stack = &step->stack;
}

/* Does not end the access, as its frames follow. */
static void read_held(struct race_lines *p)
{
	if (!last_access(p) || p->stack != &last_access(p)->stack) {
		p->fault = "a lock that no access holds";
		return;
	}
	struct fl_held *held = push(&p->held, sizeof *held);
	held->lock = (uint32_t)number(p, 1, UINT32_MAX);
	held->write = !strcmp(p->fields[2], "write");
	if (!held->write && strcmp(p->fields[2], "read"))
		p->fault = "a lock is held for write or read";
	p->in_held = true;
}

static void read_frame(struct race_lines *p)
{
	if (!p->stack || p->frames.count >= FRAME_LIMIT) {
		p->fault = p->stack ? "a stack without end" : "a frame that belongs to nothing";
		return;
	}
	struct fl_frame *frame = push(&p->frames, sizeof *frame);
	if (!strcmp(p->fields[1], "...")) {
		frame->cut = true;
		return;
	}
	if (p->field_count < 3) {
		p->fault = "a frame without its offset";
		return;
	}
	if (strcmp(p->fields[1], "-")) {
		frame->object = object(p, 1);
		frame->module = frame->object ? base_name(frame->object->path) : NULL;
	}
	frame->offset = number(p, 2, UINT64_MAX);
}

static void read_location(struct race_lines *p)
{
	struct fl_race_location *location = &p->block->race->location;
	const char *kind = p->fields[1];
	size_t fields = p->field_count;
	if (location->place != FL_PLACE_UNKNOWN) {
		p->fault = "two locations";
	} else if (!strcmp(kind, "heap") && fields >= 5) {
		location->place = FL_PLACE_HEAP;
		location->size = number(p, 2, UINT64_MAX);
		location->address = number(p, 3, UINT64_MAX);
		location->thread = (uint32_t)number(p, 4, UINT32_MAX);
		p->stack = &location->allocated;
	} else if (!strcmp(kind, "global") && fields >= 4) {
		location->place = FL_PLACE_GLOBAL;
		location->object = object(p, 2);
		location->module = location->object ? base_name(location->object->path) : NULL;
		location->offset = number(p, 3, UINT64_MAX);
		location->address = fields >= 5 ? number(p, 4, UINT64_MAX) : 0;
	} else if ((!strcmp(kind, "stack") || !strcmp(kind, "tls")) && fields >= 3) {
		location->place = *kind == 's' ? FL_PLACE_STACK : FL_PLACE_TLS;
		location->thread = (uint32_t)number(p, 2, UINT32_MAX);
	} else if (!strcmp(kind, "descriptor") && fields >= 3) {
		location->place = FL_PLACE_DESCRIPTOR;
		location->address = number(p, 2, INT32_MAX);
	} else {
		p->fault = "a location is heap, global, stack, tls or descriptor, with its facts";
	}
}

static void read_freed(struct race_lines *p)
{
	struct fl_race_location *location = &p->block->race->location;
	if (location->place != FL_PLACE_HEAP)
		p->fault = "freed, but not of the heap";
	location->freed = true;
	location->freed_by = (uint32_t)number(p, 1, UINT32_MAX);
	p->stack = &location->freed_at;
}

static void read_lock(struct race_lines *p)
{
	struct fl_race_lock *lock = push(&p->locks, sizeof *lock);
	lock->number = (uint32_t)number(p, 1, UINT32_MAX);
	lock->address = number(p, 2, UINT64_MAX);
	p->stack = &lock->created;
}

static void read_thread(struct race_lines *p)
{
	struct fl_race_thread *thread = push(&p->threads, sizeof *thread);
	thread->number = (uint32_t)number(p, 1, UINT32_MAX);
	thread->tid = (int32_t)number(p, 2, INT32_MAX);
	thread->running = !strcmp(p->fields[3], "running");
	if (!thread->running && strcmp(p->fields[3], "finished"))
		p->fault = "a thread is running or finished";
	thread->parent = (uint32_t)number(p, 4, UINT32_MAX);
	thread->name = p->fields[5];
	p->stack = &thread->created;
}

static void read_times(struct race_lines *p)
{
	struct fl_race_times *times = push(&p->times, sizeof *times);
	times->key = read_key(p, 1);
	times->count = number(p, 2, UINT64_MAX);
}

static void read_suppressed(struct race_lines *p)
{
	struct fl_race_suppressed *suppressed = push(&p->suppressed, sizeof *suppressed);
	suppressed->key = read_key(p, 1);
	suppressed->by = p->fields[2];
}

static void read_seen(struct race_lines *p)
{
	struct fl_race_seen *seen = &p->block->seen;
	p->block->has_seen = true;
	seen->checked = number(p, 1, UINT64_MAX);
	seen->local = number(p, 2, UINT64_MAX);
	seen->constant = number(p, 3, UINT64_MAX);
	seen->repeated = number(p, 4, UINT64_MAX);
	seen->left_out = number(p, 5, UINT64_MAX);
}

static void read_missed(struct race_lines *p)
{
	struct fl_race_missed *missed = push(&p->missed, sizeof *missed);
	missed->what = p->fields[1];
	missed->count = number(p, 2, UINT64_MAX);
}

static void read_bare(struct race_lines *p)
{
	*(const char **)push(&p->bare, sizeof(const char *)) = p->fields[1];
}

enum part { PART_ANY, PART_REPORT, PART_OF_STACK };

static const struct word {
	const char *name;
	size_t fields; /* at least; the word is one */
	enum part part;
	void (*read)(struct race_lines *p);
} words[] = {
	{"process", 3, PART_ANY, read_process},
	{"program", 3, PART_ANY, read_program},
	{"run", 2, PART_ANY, read_run},
	{"module", 4, PART_ANY, read_module},
	{"report", 3, PART_ANY, read_report},
	{"access", 5, PART_REPORT, read_access},
	{"order", 4, PART_REPORT, read_order},
	{"says", 2, PART_REPORT, read_says},
	{"step", 3, PART_REPORT, read_step},
	{"held", 3, PART_OF_STACK, read_held},
	{"frame", 2, PART_OF_STACK, read_frame},
	{"location", 3, PART_REPORT, read_location},
	{"freed", 2, PART_REPORT, read_freed},
	{"lock", 3, PART_REPORT, read_lock},
	{"thread", 6, PART_REPORT, read_thread},
	{"suppressed", 3, PART_ANY, read_suppressed},
	{"times", 3, PART_ANY, read_times},
	{"seen", 6, PART_ANY, read_seen},
	{"missed", 3, PART_ANY, read_missed},
	{"bare", 2, PART_ANY, read_bare},
};

static void split(struct race_lines *p, const char *line, size_t length)
{
	p->field_count = 0;
	for (const char *end = line + length; p->field_count < RACE_FIELDS && line <= end;) {
		const char *space = line < end ? memchr(line, ' ', (size_t)(end - line)) : NULL;
		const char *stop = space ? space : end;
		p->fields[p->field_count++] = fl_race_field(p->arena, line, (size_t)(stop - line));
		line = stop + 1;
	}
}

void fl_race_lines_read(struct race_lines *p, const char *line, size_t length)
{
	split(p, line, length);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		const struct word *word = &words[i];
		if (strcmp(word->name, p->fields[0]))
			continue;
		if (p->field_count < word->fields)
			p->fault = "fields are missing";
		else if (word->part != PART_ANY && !p->block->race)
			p->fault = "it stands before any report";
		if (word->part != PART_OF_STACK)
			settle_stack(p);
		if (!p->fault)
			word->read(p);
		return;
	}
}

void fl_race_lines_finish(struct race_lines *p)
{
	struct fl_race_block *block = p->block;
	settle_stack(p);
	if (!block->race)
		block->objects = settle(p, &p->objects, sizeof(struct fl_object), &block->object_count);
	block->times = settle(p, &p->times, sizeof(struct fl_race_times), &block->times_count);
	block->suppressed =
		settle(p, &p->suppressed, sizeof(struct fl_race_suppressed), &block->suppressed_count);
	block->missed = settle(p, &p->missed, sizeof(struct fl_race_missed), &block->missed_count);
	block->bare = settle(p, &p->bare, sizeof(const char *), &block->bare_count);
	if (!block->race)
		return;
	block->race->accesses = settle(p, &p->accesses, sizeof(struct fl_access), &block->race->access_count);
	/* The variable that an access is in: its begin is a matter of symbols. */
	if (block->race->location.place == FL_PLACE_GLOBAL && !block->race->location.address &&
		block->race->access_count)
		block->race->location.address = block->race->accesses[0].address;
	block->race->threads =
		settle(p, &p->threads, sizeof(struct fl_race_thread), &block->race->thread_count);
	block->race->locks = settle(p, &p->locks, sizeof(struct fl_race_lock), &block->race->lock_count);
	block->race->pid = block->pid;
	block->race->program = block->program;
	block->race->label = block->label;
}

void fl_race_lines_free(struct race_lines *p)
{
	struct race_list *lists[] = {&p->objects, &p->accesses, &p->held, &p->frames, &p->threads, &p->locks,
		&p->times, &p->suppressed, &p->missed, &p->bare};
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		free(lists[i]->items);
}
