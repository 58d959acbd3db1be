/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * invent_races.c: made-up races in a model's files, with names as nasty as a program may give them.
 *
 * A table of stacks, put together to races that show each thing a page can show: both sides in one line, a
 * memory that was allocated and freed, locks in common and not, library frames above and below, recursion, a
 * deep stack, code without names, a source that is gone, one that is suppressed.
 */
#include "invent.h"

#include <string.h>

#include "util/memory.h"

enum { DEEP = 60 };

static const struct fl_object program = {"/build/app <b>", "00"};
static const struct fl_object library = {"/usr/lib/libc.so.6", "01"};

struct scene {
	struct fl_model *model;
	const struct fl_file *file; /* where the program's own frames are */
	size_t made;
};

static struct fl_frame own(const struct scene *scene, const char *function, uint32_t line, uint32_t column)
{
	return (struct fl_frame){.function = function,
		.file = scene->file->path,
		.disk_path = scene->file->disk_path,
		.line = line,
		.column = column,
		.text = fl_arena_format(scene->model->arena, "line %u", line),
		.object = &program,
		.module = "app <b>",
		.offset = 0x1000 + line};
}

static struct fl_frame foreign(const char *function)
{
	return (struct fl_frame){.function = function,
		.file = function ? "/usr/include/c++/12/bits/<i>gone.h" : NULL,
		.disk_path = function ? "/usr/include/c++/12/bits/<i>gone.h" : NULL,
		.line = function ? 591 : 0,
		.object = &library,
		.module = "libc.so.6",
		.offset = 0x891f4,
		.system = true};
}

static struct fl_stack stack_of(const struct scene *scene, const struct fl_frame *frames, size_t count)
{
	struct fl_stack stack = {fl_arena_array(scene->model->arena, count, sizeof *frames), count};
	memcpy(stack.frames, frames, count * sizeof *frames);
	return stack;
}

/* An access through a library function, in an inlined function, below two frames of libraries. */
static struct fl_stack stack_access(const struct scene *scene, uint32_t line, bool through_library)
{
	struct fl_frame frames[6];
	size_t count = 0;
	if (through_library)
		frames[count++] = foreign("memcpy");
	frames[count] = own(scene, "twice(int)", line, 9);
	frames[count++].inlined = true;
	frames[count++] = own(scene, "std::map<std::string, shop::item<int> >::choose(int, int)", 11, 5);
	frames[count++] = foreign("std::function<void (int)>::operator()(int) const");
	frames[count++] = foreign(NULL);
	return stack_of(scene, frames, count);
}

static struct fl_stack stack_birth(const struct scene *scene)
{
	const struct fl_frame frames[] = {
		foreign("std::thread::_M_start_thread"), foreign("emplace_back"), own(scene, "main", 18, 2)};
	return stack_of(scene, frames, 3);
}

/* Recursion, then many, then what is not known. */
static struct fl_stack stack_deep(const struct scene *scene)
{
	struct fl_frame frames[DEEP + 3];
	frames[0] = frames[1] = own(scene, "again<script>window.hacked = 1</script>", 12, 3);
	for (uint32_t i = 0; i < DEEP; i++)
		frames[2 + i] = own(scene, fl_arena_format(scene->model->arena, "level%u", i), i % 20 + 1, 1);
	frames[DEEP + 2] = (struct fl_frame){.cut = true};
	return stack_of(scene, frames, DEEP + 3);
}

static struct fl_held *hold(const struct scene *scene, uint32_t lock, bool write)
{
	struct fl_held *held = fl_arena_array(scene->model->arena, 1, sizeof *held);
	*held = (struct fl_held){lock, write};
	return held;
}

static struct fl_race *begin(struct scene *scene)
{
	struct fl_races *races = &scene->model->races;
	struct fl_arena *arena = scene->model->arena;
	struct fl_race *race = &races->races[races->race_count++];
	static const char *const names[] = {"worker <script>window.hacked = 1</script>", "\"'&\033[31m"};
	*race = (struct fl_race){.kind = "data-race",
		.pid = 4711,
		.processes = 1,
		.times = 1,
		.program = program.path,
		.label = ""};
	race->accesses = fl_arena_array(arena, 2, sizeof *race->accesses);
	race->access_count = 2;
	race->threads = fl_arena_array(arena, 2, sizeof *race->threads);
	race->thread_count = 2;
	for (uint32_t i = 0; i < 2; i++) {
		race->threads[i] = (struct fl_race_thread){
			.number = i + 1, .tid = 4712 + (int32_t)i, .running = !i, .name = names[i]};
		race->threads[i].created = stack_birth(scene);
		race->accesses[i] = (struct fl_access){
			.op = i ? "read" : "write", .size = 8, .address = 0x7b0400001000, .thread = i + 1};
	}
	return race;
}

static void end(struct scene *scene, struct fl_race *race)
{
	struct fl_arena *arena = scene->model->arena;
	const struct fl_frame *top = fl_race_top(&race->accesses[0].stack);
	race->fingerprint = fl_race_fingerprint(race, arena);
	race->summary = top ? fl_arena_format(arena, "%s:%u:%u in %s", top->file, top->line, top->column,
				      top->function)
			    : "unknown";
	scene->made++;
}

static void make_global(struct scene *scene, uint32_t line, uint64_t times)
{
	struct fl_race *race = begin(scene);
	race->times = times;
	race->accesses[0].stack = stack_access(scene, line, true);
	race->accesses[1].stack = stack_access(scene, line, false);
	race->accesses[1].op = "write"; /* both sides do the same in the same line */
	race->location = (struct fl_race_location){.place = FL_PLACE_GLOBAL,
		.size = 112,
		.name = "items<img src=x onerror='window.hacked = 1'>",
		.object = &program,
		.module = "app <b>",
		.offset = 0x4010};
	end(scene, race);
}

static void make_heap(struct scene *scene)
{
	struct fl_race *race = begin(scene);
	race->kind = "heap-use-after-free";
	race->accesses[0].stack = stack_access(scene, 14, false);
	race->accesses[1].stack = stack_deep(scene);
	race->accesses[1].op = "free";
	race->accesses[0].atomic = true;
	for (size_t i = 0; i < 2; i++) {
		race->accesses[i].held = hold(scene, 1, i);
		race->accesses[i].held_count = 1;
	}
	race->locks = fl_arena_array(scene->model->arena, 1, sizeof *race->locks);
	race->locks[0] = (struct fl_race_lock){1, 0x7b0400002000, stack_birth(scene)};
	race->lock_count = 1;
	race->location = (struct fl_race_location){.place = FL_PLACE_HEAP,
		.size = 16,
		.address = 0x7b0400001000,
		.thread = 1,
		.allocated = stack_birth(scene),
		.freed = true,
		.freed_by = 2,
		.freed_at = stack_deep(scene)};
	race->order = (struct fl_race_order){.known = true, .heard = true, .before = 2, .since = 1};
	race->subject = (struct fl_subject){"conn<b>->state", "struct <i>conn", "state"};
	race->label = "nightly <b>";
	end(scene, race);
}

/* No names, no lines, no locks on one side; accepted by a line of a file. */
static void make_suppressed(struct scene *scene)
{
	const struct fl_frame nameless = {.object = &library, .module = "libc.so.6", .offset = 0x10};
	struct fl_race *race = begin(scene);
	race->accesses[0].stack = stack_of(scene, &nameless, 1);
	race->accesses[1].held = hold(scene, 7, true); /* whose birth is not known */
	race->accesses[1].held_count = 1;
	race->accesses[1].thread = 0;
	race->suppressed_by = "race:<script>window.hacked = 1</script>";
	end(scene, race);
	scene->model->races.suppressed++;
}

void fl_invent_races(struct fl_model *model, size_t count)
{
	struct scene scene = {.model = model};
	struct fl_races *races = &model->races;
	races->looked = true;
	races->processes = 2;
	races->races = fl_arena_array(model->arena, count + 3, sizeof *races->races);
	for (size_t i = 0; i < model->file_count && !scene.file; i++)
		if (strstr(model->files[i].path, "ordinary"))
			scene.file = &model->files[i];
	if (!scene.file)
		return;
	make_heap(&scene);
	for (size_t i = 0; i < count; i++)
		make_global(&scene, 7 + (uint32_t)(i % 13), 1 + 1000 * i);
	make_suppressed(&scene);
}
