/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * invent_more.c: made-up decisions, endings and tests, with names as nasty as a program may give them.
 */
#include "invent.h"

#include <string.h>

#include "util/memory.h"

/* In decide.c: `a > 1 && b < 2` in line 3. Of its three ways two were: the second condition is not
 * shown to matter. */
void fl_invent_decision(struct fl_build *build, size_t file)
{
	struct raw_condition conditions[] = {
		{.place = {.span = {{3, 9}, {3, 14}}, .taken = {5, 2}}, .next = {0, 2 + 1}},
		{.place = {.span = {{3, 18}, {3, 23}}, .taken = {0, 2}}, .next = {0, 1}},
	};
	const struct fl_path_facts paths[] = {{0, 2}, {2, 5}}; /* TT twice, F- five times */
	for (size_t i = 0; i < 2; i++)
		fl_build_branch(build, file, &conditions[i].place);
	fl_build_decision(build, file,
		&(struct fl_decision_facts){
			.conditions = conditions, .condition_count = 2, .paths = paths, .path_count = 2});
}

static const struct fl_file *find(const struct fl_model *model, const char *path)
{
	for (size_t i = 0; i < model->file_count; i++)
		if (!strcmp(model->files[i].path, path))
			return &model->files[i];
	return NULL;
}

static struct fl_stack stack(
	struct fl_model *model, const struct fl_file *file, const uint32_t *lines, size_t count)
{
	struct fl_stack stack = {fl_arena_array(model->arena, count, sizeof *stack.frames), count};
	for (size_t i = 0; i < count; i++)
		stack.frames[i] =
			(struct fl_frame){.function = i ? "main" : "choose<script>window.hacked = 1</script>",
				.file = file->path,
				.disk_path = file->disk_path,
				.line = lines[i],
				.column = 2,
				.module = "app <b>"};
	return stack;
}

/* A crash in two threads, a status, and two ways to the same exit(0). */
void fl_invent_endings(struct fl_model *model)
{
	static const uint32_t crashed[] = {7, 15}, waiting[] = {17}, left[] = {12, 18}, left_too[] = {12, 15};
	static const struct fl_ending made[] = {
		{.cause = "signal", .number = 11, .title = "SIGSEGV", .processes = 2},
		{.cause = "exit", .number = 3, .title = "exit(3)", .processes = 1},
		{.cause = "exit", .number = 0, .title = "exit(0)", .processes = 4},
		{.cause = "exit", .number = 0, .title = "exit(0)", .processes = 1},
	};
	const size_t count = sizeof made / sizeof *made;
	const struct fl_file *file = find(model, "src/ordinary.c");
	if (!file)
		return;
	struct fl_ending *items = fl_arena_array(model->arena, count, sizeof *items);
	for (size_t i = 0; i < count; i++) {
		items[i] = made[i];
		items[i].pid = 4711;
		items[i].program = "/build/app <b>";
		items[i].label = i < 2 ? "soak & run" : "";
		items[i].thread_count = i ? 1 : 2;
		items[i].threads = fl_arena_array(model->arena, 2, sizeof *items->threads);
		items[i].threads[0].name = "";
		items[i].threads[0].stack = stack(model, file, !i ? crashed : i == 3 ? left_too : left, 2);
	}
	items[0].threads[1].number = 4712;
	items[0].threads[1].name = "<img src=x onerror='window.hacked = 1'>";
	items[0].threads[1].stack = stack(model, file, waiting, 1);
	model->endings = (struct fl_endings){items, count};
}

/* Of ordinary.c, the first `count - i` tests run its i-th line, and nothing else. */
struct fl_tests *fl_invent_tests(const struct fl_model *model, size_t count)
{
	const struct fl_file *file = find(model, "src/ordinary.c");
	struct fl_tests *tests = fl_tests_new(model);
	size_t capacity = 0, sets = 0, lines = file ? file->line_count : 0;
	for (size_t i = 0; i < count; i++) {
		struct fl_test *test = FL_PUSH(tests->tests, tests->test_count, capacity);
		struct fl_line_set *set = FL_PUSH(tests->sets, tests->set_count, sets);
		*test = (struct fl_test){.name = fl_arena_format(tests->arena,
						 "test %02zu <img src=x onerror='window.hacked = 1'>", i)};
		*set = (struct fl_line_set){fl_arena_array(tests->arena, lines + 1, sizeof *set->lines), 0};
		for (size_t j = 0; j < lines && j < count - i; j++)
			set->lines[set->count++] = (uint32_t)(tests->first[file - model->files] + j);
		*FL_PUSH(test->sets, test->set_count, test->set_capacity) = (uint32_t)i;
	}
	fl_tests_finish(tests);
	return tests;
}
