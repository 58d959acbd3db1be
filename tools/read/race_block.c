/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_block.c: see race_block.h. A line is split into fields, the table `words` says what each word does.
 */
#include "read/race_block.h"

#include <errno.h>
#include <furlong/format.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

#define FIELD_LIMIT 8
#define STEP_LIMIT  4096 /* of one report; likewise */
#define FRAME_LIMIT 4096 /* of one stack; the runtime writes fewer */

struct list {
	void *items;
	size_t count, capacity;
};

struct parser {
	struct fl_race_text *text;
	struct fl_race_block *block;
	struct fl_arena *arena;
	const char *fields[FIELD_LIMIT];
	size_t field_count;
	/* What grows, until it moves to the arena. `frames` belong to *stack, `held` to the last access. */
	struct list objects, accesses, held, frames, threads, locks, times, suppressed, missed, bare;
	struct fl_stack *stack;
	bool in_held;
	const char *fault; /* what is wrong with the line; NULL: nothing */
};

static void *push(struct list *list, size_t size)
{
	list->items = fl_grow(list->items, list->count, &list->capacity, size);
	void *item = (char *)list->items + list->count++ * size;
	memset(item, 0, size);
	return item;
}

/* The list's items in the arena; the list is empty then. */
static void *settle(struct parser *p, struct list *list, size_t size, size_t *count)
{
	*count = list->count;
	if (!list->count)
		return NULL;
	void *items = fl_arena_array(p->arena, list->count, size);
	memcpy(items, list->items, list->count * size);
	list->count = 0;
	return items;
}

static struct fl_access *last_access(struct parser *p)
{
	return p->accesses.count ? (struct fl_access *)p->accesses.items + p->accesses.count - 1 : NULL;
}

/* What belonged to the line before the present one is complete. Stacks are named by pointers into lists that
 * grow, so they are settled before anything else is pushed. */
static void settle_stack(struct parser *p)
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

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Percent-decoded, in the arena; a NUL ends it. "%" alone is the empty string. */
static const char *decode(struct fl_arena *arena, const char *from, size_t length)
{
	char *to = fl_arena_bytes(arena, from, length), *out = to;
	for (size_t i = 0; i < length; i++) {
		if (from[i] != '%') {
			*out++ = from[i];
		} else if (i + 2 < length && hex_digit(from[i + 1]) >= 0 && hex_digit(from[i + 2]) >= 0) {
			*out++ = (char)(hex_digit(from[i + 1]) << 4 | hex_digit(from[i + 2]));
			i += 2;
		}
	}
	*out = '\0';
	return to;
}

static uint64_t number(struct parser *p, size_t index, uint64_t limit)
{
	const char *field = p->fields[index];
	char *end;
	errno = 0;
	unsigned long long value = strtoull(field, &end, field[0] == '0' && field[1] == 'x' ? 16 : 10);
	if (errno || *end || end == field || *field == '-' || *field == '+' || value > limit)
		p->fault = "a number is none";
	return value;
}

static const struct fl_object *object(struct parser *p, size_t index)
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

static void read_process(struct parser *p)
{
	p->block->pid = (int32_t)number(p, 1, INT32_MAX);
	p->block->start = number(p, 2, UINT64_MAX);
}

static void read_program(struct parser *p)
{
	p->block->program = p->fields[1];
	p->block->label = p->fields[2];
}

static void read_run(struct parser *p)
{
	p->block->run = p->fields[1];
}

static void read_module(struct parser *p)
{
	if (number(p, 1, UINT32_MAX) != p->objects.count)
		p->fault = "modules are not numbered from 0";
	if (p->block->race)
		p->fault = "a module after the report";
	*(struct fl_object *)push(&p->objects, sizeof(struct fl_object)) =
		(struct fl_object){.path = p->fields[3], .build_id = p->fields[2]};
}

static uint64_t read_key(struct parser *p, size_t index)
{
	char *end;
	uint64_t key = strtoull(p->fields[index], &end, 16);
	if (*end || strlen(p->fields[index]) != 16)
		p->fault = "the key is not 16 hex digits";
	return key;
}

static void read_report(struct parser *p)
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

static void read_access(struct parser *p)
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

static void read_order(struct parser *p)
{
	p->block->race->order = (struct fl_race_order){
		.known = true,
		.heard = number(p, 1, 1),
		.before = number(p, 2, UINT32_MAX),
		.since = number(p, 3, UINT32_MAX),
	};
}

static void read_says(struct parser *p)
{
	p->block->race->says = p->fields[1];
}

static void read_step(struct parser *p)
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
static void read_held(struct parser *p)
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

static void read_frame(struct parser *p)
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

static void read_location(struct parser *p)
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

static void read_freed(struct parser *p)
{
	struct fl_race_location *location = &p->block->race->location;
	if (location->place != FL_PLACE_HEAP)
		p->fault = "freed, but not of the heap";
	location->freed = true;
	location->freed_by = (uint32_t)number(p, 1, UINT32_MAX);
	p->stack = &location->freed_at;
}

static void read_lock(struct parser *p)
{
	struct fl_race_lock *lock = push(&p->locks, sizeof *lock);
	lock->number = (uint32_t)number(p, 1, UINT32_MAX);
	lock->address = number(p, 2, UINT64_MAX);
	p->stack = &lock->created;
}

static void read_thread(struct parser *p)
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

static void read_times(struct parser *p)
{
	struct fl_race_times *times = push(&p->times, sizeof *times);
	times->key = read_key(p, 1);
	times->count = number(p, 2, UINT64_MAX);
}

static void read_suppressed(struct parser *p)
{
	struct fl_race_suppressed *suppressed = push(&p->suppressed, sizeof *suppressed);
	suppressed->key = read_key(p, 1);
	suppressed->by = p->fields[2];
}

static void read_seen(struct parser *p)
{
	struct fl_race_seen *seen = &p->block->seen;
	p->block->has_seen = true;
	seen->checked = number(p, 1, UINT64_MAX);
	seen->local = number(p, 2, UINT64_MAX);
	seen->constant = number(p, 3, UINT64_MAX);
	seen->repeated = number(p, 4, UINT64_MAX);
	seen->left_out = number(p, 5, UINT64_MAX);
}

static void read_missed(struct parser *p)
{
	struct fl_race_missed *missed = push(&p->missed, sizeof *missed);
	missed->what = p->fields[1];
	missed->count = number(p, 2, UINT64_MAX);
}

static void read_bare(struct parser *p)
{
	*(const char **)push(&p->bare, sizeof(const char *)) = p->fields[1];
}

enum part { PART_ANY, PART_REPORT, PART_OF_STACK };

static const struct word {
	const char *name;
	size_t fields; /* at least; the word is one */
	enum part part;
	void (*read)(struct parser *p);
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

/* ---- blocks ------------------------------------------------------------------------------------ */

/* The next line, moved past; NULL at the end, or where what is left has no line feed. */
static const char *next_line(struct fl_race_text *text, size_t *length)
{
	const char *line = text->data + text->at;
	const char *end = text->at < text->size ? memchr(line, '\n', text->size - text->at) : NULL;
	if (!end)
		return NULL;
	*length = (size_t)(end - line);
	text->at += *length + 1;
	text->line++;
	return line;
}

static void split(struct parser *p, const char *line, size_t length)
{
	p->field_count = 0;
	for (const char *end = line + length; p->field_count < FIELD_LIMIT && line <= end;) {
		const char *space = line < end ? memchr(line, ' ', (size_t)(end - line)) : NULL;
		const char *stop = space ? space : end;
		p->fields[p->field_count++] = decode(p->arena, line, (size_t)(stop - line));
		line = stop + 1;
	}
}

static void read_line(struct parser *p, const char *line, size_t length)
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

/* A line that begins a block: "furlong-race VERSION". 0: it does not. */
static int head_version(const char *line, size_t length)
{
	static const char head[] = "furlong-race ";
	if (length < sizeof head || length > sizeof head + 8 || memcmp(line, head, sizeof head - 1))
		return 0;
	int version = 0;
	for (size_t i = sizeof head - 1; i < length; i++) {
		if (line[i] < '0' || line[i] > '9')
			return 0;
		version = version * 10 + (line[i] - '0');
	}
	return version;
}

/* To the next line that begins a block. */
static void skip_to_head(struct fl_race_text *text)
{
	struct fl_race_text before = *text;
	const char *line;
	size_t length;
	while ((line = next_line(text, &length))) {
		if (head_version(line, length)) {
			*text = before;
			return;
		}
		before = *text;
	}
	text->at = text->size;
}

static void finish(struct parser *p)
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

static int read_lines(struct parser *p, struct fl_error *error)
{
	const char *line;
	size_t length;
	struct fl_race_text before = *p->text;
	while ((line = next_line(p->text, &length))) {
		if (length == 3 && !memcmp(line, "end", 3)) {
			finish(p);
			return 1;
		}
		if (head_version(line, length)) {
			*p->text = before;
			break;
		}
		read_line(p, line, length);
		if (p->fault)
			return fl_error_set(error, FL_EXIT_DATA, "%s:%zu: not race data: '%.40s': %s",
				p->text->path, p->text->line, p->fields[0], p->fault);
		before = *p->text;
	}
	return fl_error_set(error, FL_EXIT_DATA,
		"%s:%zu: a block of race data without its end; the file was cut off or written by others",
		p->text->path, p->text->line);
}

int fl_race_block_read(struct fl_race_text *text, struct fl_race_block *block, struct fl_arena *arena,
	struct fl_error *error)
{
	struct parser p = {.text = text, .block = block, .arena = arena};
	size_t length = 0;
	*block = (struct fl_race_block){.program = "", .label = "", .run = ""};
	if (text->at >= text->size)
		return 0;
	const char *line = next_line(text, &length);
	int version = line ? head_version(line, length) : 0, result;
	if (version >= FURLONG_RACE_VERSION_OLDEST && version <= FURLONG_RACE_VERSION)
		result = read_lines(&p, error);
	else if (version)
		result = fl_error_set(error, FL_EXIT_DATA,
			"%s:%zu: race data of version %d; this tool reads versions %d to %d", text->path,
			text->line, version, FURLONG_RACE_VERSION_OLDEST, FURLONG_RACE_VERSION);
	else
		result = fl_error_set(
			error, FL_EXIT_DATA, "%s:%zu: not race data", text->path, text->line + !line);
	if (result < 0)
		skip_to_head(text);
	struct list *lists[] = {&p.objects, &p.accesses, &p.held, &p.frames, &p.threads, &p.locks, &p.times,
		&p.suppressed, &p.missed, &p.bare};
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		free(lists[i]->items);
	return result;
}
