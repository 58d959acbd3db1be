/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test_race_spool.c: reports of any size go through the ring in order and whole, whenever the other side
 * comes to them, and those that it did not answer move to the next ring. The other side is a tool that reads
 * the same memory by itself, as format.h says.
 */
#include "unit.h"

#include "race_parts.h"

/* So small that it turns all the time. */
#undef FL_TINY
#define FL_TINY(usual, tiny) (tiny)
#include "race/report_spool.c"

enum { STEPS = 20000, RESTARTS = 50 };

void fl_report_race(const struct fl_race_found *found)
{
	(void)found;
}

static struct {
	struct furlong_spool *shared;
	uint64_t bytes;
	unsigned next; /* number of the report that it has not seen */
} tool;

static char letter_of(unsigned number, size_t at)
{
	return (char)('a' + (number * 7 + at) % 26);
}

static void check_bytes(const char *bytes, size_t size, unsigned number, size_t from)
{
	for (size_t i = 0; i < size; i++)
		assert_int_equal(bytes[i], letter_of(number, from + i));
}

static void start_tool(unsigned next)
{
	struct fl_report_out options = {.text = (char *)"option of\n", .length = 10};
	int fd = fl_spool_open(&options, 5);
	struct stat st;

	assert_true(fd >= 0 && !fstat(fd, &st));
	if (tool.shared)
		fl_sys_unmap(tool.shared, tool.bytes);
	tool.bytes = (uint64_t)st.st_size;
	tool.shared = NULL;
	assert_int_equal(fl_sys_map((void **)&tool.shared, tool.bytes, FL_SYS_MAP_ANYWHERE, fd, 0), 0);
	close(fd);
	tool.next = next;
	assert_memory_equal((char *)tool.shared + tool.shared->options_at, "option of\n", 10);
}

static bool tool_answers(void)
{
	struct furlong_spool *shared = tool.shared;
	const uint64_t *places = (void *)((char *)shared + shared->places_at);
	uint64_t at = places[shared->answered % shared->places];
	struct furlong_spool_report *report = (void *)((char *)shared + shared->ring_at + at);
	char *words = (char *)(report + 1);
	size_t said;

	if (shared->answered == shared->asked)
		return false;
	said = report->block_bytes + report->text_bytes;
	assert_true(at + sizeof(*report) + said + report->answer_bytes <= shared->ring_bytes);
	assert_int_equal(report->cookie, tool.next);
	check_bytes(words, said, tool.next, 0);
	snprintf(words + said, report->answer_bytes, "%u", tool.next);
	report->verdict = 1 + tool.next % 2;
	tool.next++;
	shared->answered++;
	return true;
}

static bool put_report(unsigned number, size_t size)
{
	static char bytes[FL_SPOOL_ANSWER * 100];
	size_t block = size / 3;

	assert_true(size <= sizeof(bytes));
	for (size_t i = 0; i < size; i++)
		bytes[i] = letter_of(number, i);
	return fl_spool_put(&(struct fl_spool_report){
		.cookie = number,
		.block = bytes,
		.block_bytes = block,
		.text = bytes + block,
		.text_bytes = size - block,
		.answer_bytes = FL_SPOOL_ANSWER,
	});
}

/* False: the oldest is not answered, or there is none. */
static bool take_report(unsigned number)
{
	struct fl_spool_report words;

	if (!fl_spool_look(&words) || !words.is_answered)
		return false;
	assert_int_equal(words.cookie, number);
	assert_int_equal(words.verdict, 1 + number % 2);
	check_bytes(words.block, words.block_bytes, number, 0);
	check_bytes(words.text, words.text_bytes, number, words.block_bytes);
	assert_int_equal(atoi(words.answer), number);
	fl_spool_take();
	return true;
}

/* Sizes, and who is how far behind, as chance has it; full now and then. */
static void go_through(unsigned restarts)
{
	unsigned asked = 0, taken = 0, full = 0;

	start_tool(0);
	for (unsigned step = 1; step <= STEPS; step++) {
		size_t size = rand() % 8 ? (size_t)(rand() % 3000) : (size_t)(rand() % 12000);
		unsigned answers = (unsigned)rand() % 3;

		if (put_report(asked, size))
			asked++;
		else
			full++;
		while (answers-- && tool_answers())
			;
		while (rand() % 4 && take_report(taken))
			taken++;
		assert_int_equal(fl_spool_waiting(), asked - taken);
		if (restarts && step % (STEPS / restarts) == 0) {
			while (take_report(taken)) /* as whoever starts another tool does */
				taken++;
			start_tool(taken);
		}
	}
	while (tool_answers())
		;
	while (take_report(taken))
		taken++;
	assert_int_equal(taken, asked);
	assert_true(full > STEPS / 100 && asked > STEPS / 2);
	fl_spool_drop();
}

static void test_all_in_order(void **state)
{
	(void)state;
	go_through(0);
}

static void test_what_nobody_answered_moves(void **state)
{
	(void)state;
	go_through(RESTARTS);
}

/* One now and then stays where the last one was. */
static void test_a_ring_that_is_empty_begins_anew(void **state)
{
	(void)state;
	start_tool(0);
	for (unsigned i = 0; i < 100; i++) {
		assert_true(put_report(i, 2000) && tool_answers() && take_report(i));
		assert_true(report_spool.next < 4000);
	}
	assert_false(put_report(100, SPOOL_RING_BYTES));
	assert_true(put_report(100, 100) && tool_answers() && take_report(100));
	fl_spool_drop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_in_order),
		cmocka_unit_test(test_what_nobody_answered_moves),
		cmocka_unit_test(test_a_ring_that_is_empty_begins_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
