/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * cmocka.h: each test of cmocka counts under its name. Include it after <cmocka.h>, in the source that runs
 * the group; the call stays as it is.
 */
#ifndef FURLONG_CMOCKA_H
#define FURLONG_CMOCKA_H

#include <cmocka.h>
#include <furlong/furlong.h>
#include <stdlib.h>

struct furlong_cmocka {
	const struct CMUnitTest *test;
	CMFixtureFunction setup, teardown; /* of the group */
	void *state;                       /* that it made: cmocka would give it to tests before their own */
};
static struct furlong_cmocka furlong_cmocka_group;

static int furlong_cmocka_begin_group(void **state)
{
	int result = furlong_cmocka_group.setup ? furlong_cmocka_group.setup(state) : 0;
	furlong_cmocka_group.state = *state;
	*state = NULL;
	return result;
}

static int furlong_cmocka_end_group(void **state)
{
	*state = furlong_cmocka_group.state;
	return furlong_cmocka_group.teardown ? furlong_cmocka_group.teardown(state) : 0;
}

/* The state that a test begins with is its own, else the group's. */
static int furlong_cmocka_begin(void **state)
{
	const struct CMUnitTest *test = (const struct CMUnitTest *)*state;
	furlong_coverage_label(test->name);
	*state = test->initial_state ? test->initial_state : furlong_cmocka_group.state;
	furlong_cmocka_group.test = test;
	return test->setup_func ? test->setup_func(state) : 0;
}

static int furlong_cmocka_end(void **state)
{
	const struct CMUnitTest *test = furlong_cmocka_group.test;
	int result = test->teardown_func ? test->teardown_func(state) : 0;
	furlong_coverage_label("");
	return result;
}

static inline int furlong_cmocka_run(const char *name, const struct CMUnitTest *tests, size_t count,
	CMFixtureFunction setup, CMFixtureFunction teardown)
{
	struct CMUnitTest *wrapped = (struct CMUnitTest *)calloc(count + 1, sizeof *wrapped);
	if (!wrapped)
		return _cmocka_run_group_tests(name, tests, count, setup, teardown);
	for (size_t i = 0; i < count; i++) {
		wrapped[i].name = tests[i].name;
		wrapped[i].test_func = tests[i].test_func;
		wrapped[i].setup_func = furlong_cmocka_begin;
		wrapped[i].teardown_func = furlong_cmocka_end;
		wrapped[i].initial_state = (void *)(uintptr_t)&tests[i];
	}
	furlong_cmocka_group.setup = setup;
	furlong_cmocka_group.teardown = teardown;
	int result = _cmocka_run_group_tests(
		name, wrapped, count, furlong_cmocka_begin_group, furlong_cmocka_end_group);
	free(wrapped);
	return result;
}

#undef cmocka_run_group_tests
#define cmocka_run_group_tests(tests, setup, teardown)                                                       \
	furlong_cmocka_run(#tests, tests, sizeof(tests) / sizeof((tests)[0]), setup, teardown)
#undef cmocka_run_group_tests_name
#define cmocka_run_group_tests_name(name, tests, setup, teardown)                                            \
	furlong_cmocka_run(name, tests, sizeof(tests) / sizeof((tests)[0]), setup, teardown)

#endif
