/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test_slot.c: data files come into being whole, slots have one owner at a time, whatever dies.
 */
#include "unit.h"

#include "core/arena.c"
#include "core/options.c"
#include "core/place.c"
#include "core/print.c"
#include "core/sys_linux.c"
#include "core/sys_objects.c"
#include "coverage/file.c"
#include "coverage/layout.c"
#include "coverage/slot.c"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum { COUNTERS = 700 };

static uint64_t counters[COUNTERS], ids[1] = {42};
static struct furlong_coverage_function functions[3];
static uint8_t shapes[100];
static struct fl_module module = {.path = (char *)"/somewhere/program"};
static char directory[] = "/tmp/slotXXXXXX";

static int set_up(void **state)
{
	(void)state;
	module.tables = (struct furlong_coverage_module){counters, counters + COUNTERS, functions,
		functions + 3, shapes, shapes + sizeof(shapes), ids, ids + 1};
	module.id = fl_layout_id(&module.tables, fl_sys_page_size());
	assert_non_null(mkdtemp(directory));
	fl_place_init(directory);
	fl_slot_init();
	return 0;
}

static int tear_down(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	return system(command);
}

/* A process of its own, so that it knows nothing of files that others opened. */
static int in_child(int (*run)(void))
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		fl_slot_init();
		_exit(run());
	}
	waitpid(pid, &status, 0);
	return status;
}

static uint64_t *map_slot(struct fl_file *file, uint32_t *slot)
{
	void *at = NULL;

	if (fl_sys_reserve(&at, file->header->slot_stride, FL_SYS_MAP_ANYWHERE) ||
		fl_slot_map(file, at, slot))
		return NULL;
	return (uint64_t *)((char *)at + file->header->slot_head);
}

static int claim_one_and_count(void)
{
	struct fl_file *file = fl_file_get(&module);
	uint32_t slot;
	uint64_t *mine = file ? map_slot(file, &slot) : NULL;

	if (!mine)
		return 99;
	mine[COUNTERS - 1]++;
	return (int)slot;
}

static void test_dead_owners_slot_is_used_again(void **state)
{
	int first = in_child(claim_one_and_count);

	(void)state;
	assert_int_equal(WEXITSTATUS(first), 1);
	for (int i = 0; i < 20; i++)
		assert_int_equal(in_child(claim_one_and_count), first);
}

static void test_counts_stay_and_go_on(void **state)
{
	struct fl_file *file = fl_file_get(&module);
	uint32_t slot;
	uint64_t *mine = map_slot(file, &slot);

	(void)state;
	assert_int_equal(slot, 1);
	assert_int_equal(mine[COUNTERS - 1], 21);
	assert_int_equal(mine[0], 0);
	fl_slot_release(file, slot);
}

static void test_living_owners_slot_is_left_alone(void **state)
{
	struct fl_file *file = fl_file_get(&module);
	uint32_t first, second;

	(void)state;
	assert_non_null(map_slot(file, &first));
	assert_int_equal(WEXITSTATUS(in_child(claim_one_and_count)), 2);
	assert_non_null(map_slot(file, &second)); /* by us again: our own word is no invitation */
	assert_int_not_equal(first, second);
	fl_slot_release(file, first);
	fl_slot_release(file, second);
}

static void test_own_word_from_before_an_exec(void **state)
{
	struct fl_file *file = fl_file_get(&module);
	uint32_t before, after;

	(void)state;
	assert_non_null(map_slot(file, &before));
	fl_slot_fork_child(file); /* as a fresh image knows nothing */
	assert_non_null(map_slot(file, &after));
	assert_int_equal(before, after);
	fl_slot_release(file, after);
}

static void test_doubt_is_life(void **state)
{
	struct fl_file *file = fl_file_get(&module);
	uint64_t *word = &file->owners[1], was = *word;
	uint32_t own_space = self_owner.name_space;

	(void)state;
	assert_int_not_equal(own_space, 0);
	assert_true(is_free(file, 1, 0));
	assert_true(is_free(file, 1, FURLONG_OWNER(0x3fffffff, own_space)));      /* no such process */
	assert_false(is_free(file, 1, FURLONG_OWNER(0x3fffffff, own_space ^ 1))); /* of another namespace */
	assert_false(is_free(file, 1, FURLONG_OWNER(1, own_space)));
	assert_false(is_free(file, 1, FURLONG_OWNER_COMMON));
	self_owner.name_space = 0;
	assert_false(is_free(file, 1, FURLONG_OWNER(0x3fffffff, own_space)));
	assert_false(is_free(file, 1, self_owner.word));
	fl_slot_init();
	*word = was;
}

static void test_mapping_without_a_descriptor(void **state)
{
	struct fl_file *file = fl_file_get(&module);
	char *path = file->path;
	uint32_t slot;
	uint64_t *mine;

	(void)state;
	file->path = (char *)"/nonexistent";
	mine = map_slot(file, &slot);
	file->path = path;
	assert_non_null(mine);
	mine[3] = 4711;
	fl_slot_release(file, slot);
	mine = map_slot(file, &slot); /* the same one, with a descriptor */
	assert_int_equal(mine[3], 4711);
	mine[3] = 0;
	fl_slot_release(file, slot);
}

static void test_file_is_as_format_says(void **state)
{
	struct furlong_data_header h;
	struct fl_file *file = fl_file_get(&module);
	char name[64] = "";
	FILE *stream = fopen(file->path, "r");

	(void)state;
	assert_int_equal(fread(&h, sizeof(h), 1, stream), 1);
	assert_memory_equal(h.magic, FURLONG_DATA_MAGIC, 8);
	assert_int_equal(h.counters_bytes, sizeof(counters));
	assert_int_equal(h.slot_head, (uintptr_t)counters % 4096);
	assert_int_equal(h.functions_to_map, (intptr_t)shapes - (intptr_t)functions);
	fseek(stream, (long)h.path_offset, SEEK_SET);
	assert_int_equal(fread(name, 1, h.path_bytes, stream), h.path_bytes);
	assert_string_equal(name, "/somewhere/program");
	assert_true(h.slots_used >= 2);
	fclose(stream);
}

/* Many processes at once, each claiming again and again and dying by SIGKILL while it holds slots. */
enum { STORM = 40, HOLD = 5 };

static void test_claims_in_a_storm(void **state)
{
	_Atomic uint64_t *told = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct fl_file *file = fl_file_get(&module);
	uint64_t sum = 0, truth = 0;

	(void)state;
	for (uint32_t i = 0; i < file->header->slots_used; i++)
		sum -= *(uint64_t *)((char *)mmap(NULL, file->header->slot_stride, PROT_READ, MAP_SHARED,
					     open(file->path, O_RDONLY), (off_t)offset_of(file, i)) +
				     file->header->slot_head);
	for (int n = 0; n < STORM; n++) {
		if (fork())
			continue;
		fl_slot_init();
		fl_slot_fork_child(file);
		for (int i = 0; i < HOLD; i++) {
			uint32_t slot;
			volatile uint64_t *mine = map_slot(file, &slot);
			for (int c = 0; c < 20000; c++)
				mine[0]++; /* plain: would lose counts if a slot had two owners */
			told[n] += 20000;
			if (i % 2)
				fl_slot_release(file, slot);
		}
		kill(getpid(), SIGKILL);
	}
	while (wait(NULL) > 0)
		;
	for (int n = 0; n < STORM; n++)
		truth += told[n];
	assert_int_equal(truth, (uint64_t)STORM * HOLD * 20000);
	for (uint32_t i = 0; i < file->header->slots_used; i++)
		sum += *(uint64_t *)((char *)mmap(NULL, file->header->slot_stride, PROT_READ, MAP_SHARED,
					     open(file->path, O_RDONLY), (off_t)offset_of(file, i)) +
				     file->header->slot_head);
	assert_int_equal(sum, truth);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dead_owners_slot_is_used_again),
		cmocka_unit_test(test_counts_stay_and_go_on),
		cmocka_unit_test(test_living_owners_slot_is_left_alone),
		cmocka_unit_test(test_own_word_from_before_an_exec),
		cmocka_unit_test(test_doubt_is_life),
		cmocka_unit_test(test_mapping_without_a_descriptor),
		cmocka_unit_test(test_file_is_as_format_says),
		cmocka_unit_test(test_claims_in_a_storm),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
