/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * last.c: see last.h. Runs in signal handlers of a process in any state: takes no lock, calls nothing of the
 * C library that is more than a few instructions, and has its memory from the kernel.
 */
#include "core/last.h"

#include "core/fatal.h"
#include "core/maps.h"
#include "core/options.h"
#include "core/place.h"
#include "core/print.h"
#include "core/sys.h"
#include "core/sys_here.h"
#include "core/unwind.h"
#include "furlong/format.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#define LAST_FRAMES     512
#define LAST_THREADS    128
#define LAST_WAIT_MS    50
#define LAST_BODY_BYTES ((size_t)256 << 10)
#define LAST_HEAD_BYTES ((size_t)64 << 10)

struct last_text {
	char *at, *end;
};

struct last_thread {
	int32_t tid;
	bool there;
	char name[16];
	struct fl_sys_registers registers;
};

/* All of it from the kernel: a thread may have little stack left. */
struct last_memory {
	struct last_thread threads[LAST_THREADS];
	int32_t tids[LAST_THREADS];
	struct fl_frame_place frames[LAST_FRAMES];
	char path[4300], body[LAST_BODY_BYTES], head[LAST_HEAD_BYTES];
};

static struct {
	int32_t process; /* 0: nothing is kept */
	uint64_t start;
	bool done;
	struct last_memory *memory; /* of the ending under way */
} last_state;

static void last_start(void)
{
	last_state.process = fl_sys_process();
	last_state.start = fl_sys_time_ns();
	last_state.done = false;
}

void fl_last_init(void)
{
	if (last_state.process || !fl_options.endings)
		return;
	last_start();
	fl_fatal_init();
	fl_fatal_thread_start();
}

void fl_last_fork_child(void)
{
	if (!last_state.process)
		return;
	last_start();
	fl_fatal_fork_child();
}

bool fl_last_is_mine(void)
{
	return last_state.process == fl_sys_process();
}

/* ---- text ---------------------------------------------------------------------------------------------- */

static void last_put(struct last_text *text, const char *format, ...)
{
	size_t room = (size_t)(text->end - text->at), length;
	va_list args;

	va_start(args, format);
	length = fl_print_list(text->at, room, format, args);
	va_end(args);
	text->at += length < room ? length : 0; /* what does not fit is left out whole */
}

static void last_put_field(struct last_text *text, const char *field)
{
	last_put(text, *field ? " " : " %%");
	for (; *field; field++)
		last_put(text, *field <= ' ' || *field == '%' || *field == 127 ? "%%%02x" : "%c", *field);
}

/* ---- stacks -------------------------------------------------------------------------------------------- */

static uint64_t last_mix(uint64_t key, uint64_t value)
{
	return (key ^ value) * 0x100000001b3u;
}

static struct fl_map_object *object_of(const struct fl_maps *maps, const void *address)
{
	return fl_maps_object(maps, (uintptr_t)address);
}

struct last_library {
	const struct fl_map_object *libc, *runtime, *program;
};

static struct last_library last_library(const struct fl_maps *maps)
{
	return (struct last_library){object_of(maps, fl_sys_of_libc()),
		object_of(maps, (const void *)fl_last_init),
		object_of(maps, (const void *)getauxval(AT_ENTRY))};
}

/* How many of them are worth telling, without what called main or started the thread. */
static size_t last_outermost(const struct fl_maps *maps, const struct last_library *library,
	const struct fl_frame_place *frames, size_t count)
{
	while (count) {
		const struct fl_map_object *object = fl_maps_object(maps, frames[count - 1].pc);
		bool starts = object && object->entry && frames[count - 1].pc - object->entry < 64;
		bool apart = library->libc != library->program;

		if (!starts && !(apart && object && (object == library->libc || object == library->runtime)))
			break;
		count--;
	}
	return count;
}

static bool is_way_out(uintptr_t function)
{
	return function == (uintptr_t)exit || function == (uintptr_t)_exit || function == (uintptr_t)_Exit ||
	       function == (uintptr_t)quick_exit;
}

/* Where the program called what ended it. */
static size_t last_innermost(const struct fl_maps *maps, const struct last_library *library,
	const struct fl_frame_place *frames, size_t count)
{
	size_t first = 0;

	for (size_t i = 0; i < count; i++) {
		const struct fl_map_object *object = fl_maps_object(maps, frames[i].pc);
		bool apart = library->libc != library->program;

		if (apart ? object == library->libc || object == library->runtime
			  : is_way_out(frames[i].function))
			first = i + 1;
		else if (apart)
			break;
	}
	return first;
}

static void last_put_frame(struct last_text *body, const struct fl_maps *maps,
	const struct fl_frame_place *frame, int *named, uint64_t *key)
{
	struct fl_map_object *object = fl_maps_object(maps, frame->pc);

	if (!object) {
		last_put(body, "frame - 0x%lx\n", frame->pc);
		return;
	}
	if (!object->number)
		object->number = ++*named;
	last_put(body, "frame %d 0x%lx\n", object->number - 1, frame->pc - object->bias);
	*key = last_mix(*key, frame->pc - object->bias);
}

enum last_kind { LAST_SIGNAL, LAST_CALL };

/* A thread's stack; false if there is none of the program's. */
static bool last_put_stack(struct last_text *body, const struct fl_maps *maps,
	const struct last_thread *thread, enum last_kind kind, int *named, uint64_t *key)
{
	struct fl_frame_place *frames = last_state.memory->frames;
	struct last_library library = last_library(maps);
	bool cut, is_main = thread->tid == last_state.process;
	size_t count = fl_unwind(maps, &thread->registers, frames, LAST_FRAMES, &cut), first = 0;

	if (!cut)
		count = last_outermost(maps, &library, frames, count);
	if (kind == LAST_CALL)
		first = last_innermost(maps, &library, frames, count);
	if (first >= count)
		return false;
	last_put(body, "step %d", is_main ? 0 : thread->tid);
	last_put_field(body, is_main ? "" : thread->name);
	last_put(body, "\n");
	for (size_t i = first; i < count; i++)
		/* What stands between the program and the C library is nobody's concern. */
		if (library.runtime == library.program ||
			fl_maps_object(maps, frames[i].pc) != library.runtime)
			last_put_frame(body, maps, &frames[i], named, key);
	if (cut)
		last_put(body, "frame ...\n");
	return true;
}

/* ---- the block ----------------------------------------------------------------------------------------- */

static void last_put_head(struct last_text *head, const struct fl_maps *maps, const char *program, int named)
{
	const char *label = fl_place_current_test();

	last_put(head, "furlong-race %d\nprocess %d %lu\nprogram", FURLONG_RACE_VERSION, last_state.process,
		last_state.start);
	last_put_field(head, program);
	last_put_field(head, *label ? label : fl_place_current_label());
	last_put(head, "\nrun");
	last_put_field(head, fl_options.run);
	last_put(head, "\n");
	for (int number = 1; number <= named; number++)
		for (size_t i = 0; i < maps->object_count; i++) {
			if (maps->objects[i].number != number)
				continue;
			last_put(head, "module %d", number - 1);
			last_put_field(head, maps->objects[i].build_id);
			last_put_field(head, maps->objects[i].path);
			last_put(head, "\n");
		}
}

static void last_append(
	const struct fl_map_object *program, const char *text, size_t length, enum last_kind kind)
{
	uint64_t id = 0xcbf29ce484222325u;
	char *path = last_state.memory->path;
	struct stat st;
	int fd;

	for (const char *c = *program->build_id ? program->build_id : program->path; *c; c++)
		id = last_mix(id, (uint8_t)*c);
	fl_place_name(path, sizeof(last_state.memory->path), program->path, id, FURLONG_END_SUFFIX);
	if (fl_place_make())
		return;
	fd = fl_sys_open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0666);
	if (fd < 0)
		return;
	/* Ten thousand that call exit say no more than a thousand. */
	if (fl_sys_fstat(fd, &st) || kind == LAST_SIGNAL || st.st_size < FURLONG_END_ENOUGH)
		fl_sys_write(fd, text, length);
	fl_sys_close(fd);
}

static void last_write(const char *how, const struct fl_maps *maps, size_t threads, enum last_kind kind)
{
	struct last_memory *memory = last_state.memory;
	struct last_text body = {memory->body, memory->body + sizeof(memory->body)},
			 head = {memory->head, memory->head + sizeof(memory->head)};
	const struct fl_map_object *program = object_of(maps, (const void *)getauxval(AT_ENTRY));
	uint64_t key = 0xcbf29ce484222325u;
	int named = 0;
	size_t length;

	if (!program)
		return;
	for (size_t i = 0; i < threads; i++)
		if (memory->threads[i].there &&
			!last_put_stack(&body, maps, &memory->threads[i], kind, &named, &key) && !i)
			return;
	last_put_head(&head, maps, program->path, named);
	last_put(&head, "report");
	last_put_field(&head, how);
	last_put(&head, " %016lx\n", key);
	last_put(&body, "end\n");
	/* One write, so that processes do not cut into each other's. */
	length = (size_t)(head.at - memory->head);
	if (length + (size_t)(body.at - memory->body) > sizeof(memory->body))
		return;
	memmove(memory->body + length, memory->body, (size_t)(body.at - memory->body));
	memcpy(memory->body, memory->head, length);
	last_append(program, memory->body, length + (size_t)(body.at - memory->body), kind);
}

/* ---- threads ------------------------------------------------------------------------------------------- */

/* They never go on: the process is about to be killed. */
static void on_stop(int signal, siginfo_t *info, void *context)
{
	int32_t self = fl_sys_thread();

	(void)signal;
	(void)info;
	for (size_t i = 0; i < LAST_THREADS; i++) {
		struct last_thread *thread = &last_state.memory->threads[i];

		if (thread->tid != self)
			continue;
		fl_sys_registers_of(context, &thread->registers);
		fl_sys_thread_name(thread->name);
		__atomic_store_n(&thread->there, true, __ATOMIC_RELEASE);
	}
	fl_sys_sleep_for_ever();
}

/* Those that do not answer, as they are in the kernel for good, are left out. How many there are. */
static size_t last_stop_others(void)
{
	struct last_memory *memory = last_state.memory;
	size_t count = fl_sys_threads(memory->tids, LAST_THREADS), stopped = 1, there;
	int64_t until = fl_sys_now_ms() + LAST_WAIT_MS;

	for (size_t i = 0; i < count; i++)
		if (memory->tids[i] != memory->threads[0].tid && stopped < LAST_THREADS)
			memory->threads[stopped++].tid = memory->tids[i];
	if (stopped == 1)
		return 1;
	fl_sys_reserved_signal_set(on_stop);
	for (size_t i = 1; i < stopped; i++)
		fl_sys_reserved_signal_send(memory->threads[i].tid);
	for (unsigned round = 0; fl_sys_now_ms() < until; round++) {
		there = 0;
		for (size_t i = 0; i < stopped; i++)
			there += __atomic_load_n(&memory->threads[i].there, __ATOMIC_ACQUIRE);
		if (there == stopped)
			break;
		fl_sys_wait_a_bit(round);
	}
	return stopped;
}

/* Whoever begins to speak of the end; once. */
static bool last_begin(void)
{
	void *memory = NULL;

	if (!fl_last_is_mine() || __atomic_exchange_n(&last_state.done, true, __ATOMIC_ACQ_REL))
		return false;
	if (fl_sys_map(&memory, sizeof(*last_state.memory), FL_SYS_MAP_ANYWHERE, -1, 0))
		return false;
	last_state.memory = memory;
	last_state.memory->threads[0] = (struct last_thread){.tid = fl_sys_thread(), .there = true};
	fl_sys_thread_name(last_state.memory->threads[0].name);
	return true;
}

void fl_last_by_signal(int signal, const void *context)
{
	struct fl_maps maps;
	char how[32];
	size_t threads = 1;

	if (!last_begin())
		return;
	fl_sys_registers_of(context, &last_state.memory->threads[0].registers);
	/* A core shows them as they are. */
	if (!fl_sys_is_traced() && !fl_sys_dumps_core())
		threads = last_stop_others();
	fl_print_to(how, sizeof(how), "signal %d", signal);
	if (fl_maps_look(&maps))
		last_write(how, &maps, threads, LAST_SIGNAL);
}

void fl_last_by_call(const char *function, int status)
{
	struct fl_maps maps;
	char how[32];
	int saved = errno;

	if (!last_begin())
		return;
	fl_sys_registers_here(&last_state.memory->threads[0].registers);
	fl_print_to(how, sizeof(how), "%s %d", function, status);
	if (fl_maps_look(&maps))
		last_write(how, &maps, 1, LAST_CALL);
	fl_maps_forget(&maps);
	fl_sys_unmap(last_state.memory, sizeof(*last_state.memory));
	errno = saved;
}
