/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test_delta.c: the chooser of deltas, for address spaces as they are met.
 */
#include "unit.h"

#include "coverage/delta.c"

#define GIB ((uintptr_t)1 << 30)
#define TIB ((uintptr_t)1 << 40)

static const struct fl_sys_space pie = {
	.lowest = 0x555555554000, .highest = 0x7ffff7fff000, .ceiling = 0x7fffff6fe000, .loader = true};
static const struct fl_sys_space fixed = {
	.lowest = 0x400000, .highest = 0x7f1234567000, .ceiling = 0x7ff123456000, .loader = true};
static const struct fl_sys_space fixed_unrandomised = {
	.lowest = 0x400000, .highest = 0x7ffff7fff000, .ceiling = 0x7fffff6fe000, .loader = true};
static const struct fl_sys_space fixed_static = {
	.lowest = 0x400000, .highest = 0x4c8000, .ceiling = 0x7ff123456000, .loader = false};
static const struct fl_sys_space small = {.lowest = 0x5555550000,
	.highest = 0x7fb7ff0000,
	.ceiling = 0x7fbfff0000,
	.loader = true}; /* 39 bits */

static int compare(const void *a, const void *b)
{
	intptr_t x = *(const intptr_t *)a, y = *(const intptr_t *)b;

	return (x > y) - (x < y);
}

/* The first n candidates differ and keep at least `apart` from each other; all lie in [low, high]. */
static void check(const struct fl_sys_space *space, bool negative_ok, int attempt, int n, intptr_t low,
	intptr_t high, uintptr_t apart)
{
	struct fl_delta_plan plan = fl_delta_plan_make(space, negative_ok, attempt);
	intptr_t *deltas = calloc((size_t)n, sizeof(*deltas));

	assert_int_not_equal(plan.sign, 0);
	for (int i = 0; i < n; i++) {
		deltas[i] = fl_delta_candidate(&plan, (uint32_t)i);
		assert_true(deltas[i] >= low && deltas[i] <= high);
		assert_int_not_equal(deltas[i], 0);
		assert_int_equal(deltas[i] % 65536, 0);
	}
	qsort(deltas, (size_t)n, sizeof(*deltas), compare);
	for (int i = 1; i < n; i++)
		assert_true((uintptr_t)(deltas[i] - deltas[i - 1]) >= apart);
	free(deltas);
}

static void test_position_independent(void **state)
{
	(void)state;
	check(&pie, true, 0, 1000, -(intptr_t)(34 * TIB), -(intptr_t)(5 * TIB), 27 * GIB);
	check(&pie, true, 0, 100000, -(intptr_t)(34 * TIB), -(intptr_t)(5 * TIB), GIB / 8);
}

static void test_fixed_address_goes_up_between_libraries_and_stack(void **state)
{
	intptr_t room = (intptr_t)(fixed.ceiling - fixed.highest);

	(void)state;
	check(&fixed, true, 0, 1000, room / 2 - 65536, room, 64 << 20);
	room = (intptr_t)(fixed_unrandomised.ceiling - fixed_unrandomised.highest);
	check(&fixed_unrandomised, true, 0, 500, room / 2 - 65536, room, 65536);
}

static void test_static_program_has_all_the_space(void **state)
{
	(void)state;
	check(&fixed_static, true, 0, 2000, (intptr_t)(31 * TIB), (intptr_t)(64 * TIB), 8 * GIB);
}

static void test_no_negative_base(void **state)
{
	intptr_t room = (intptr_t)(pie.ceiling - pie.highest);

	(void)state;
	check(&pie, false, 0, 500, room / 2 - 65536, room, 65536);
}

static void test_small_address_space(void **state)
{
	(void)state;
	check(&small, true, 0, 1000, -(intptr_t)(small.lowest / 2), -(intptr_t)GIB, 32 << 20);
}

/* As under ThreadSanitizer, which leaves a program what is above it or little below it, and 1.16 TiB from
 * 0x555555554000 on, up to 1 TiB of which are chance. */
static void test_other_places_when_the_first_are_taken(void **state)
{
	intptr_t room = (intptr_t)(pie.ceiling - pie.highest);

	(void)state;
	check(&pie, true, 1, 500, room / 2 - 65536, room, 65536);
	check(&pie, true, 2, 1000, -(intptr_t)(GIB * 128), -(intptr_t)(GIB * 64), 32 << 20);
	check(&pie, false, 1, 50, room / 16 - 65536, room / 8, 65536);
	room = (intptr_t)(fixed.ceiling - fixed.highest);
	check(&fixed, true, 1, 1000, room / 16 - 65536, room / 8, 32 << 20);
	assert_true(pie.lowest + TIB + (uintptr_t)room / 8 < 0x568000000000);
	assert_int_equal(fl_delta_plan_make(&pie, false, 2).sign, 0);
	assert_int_equal(fl_delta_plan_make(&fixed, true, 2).sign, 0);
	assert_int_equal(fl_delta_plan_make(&small, true, 2).sign, -1);
}

static void test_no_room(void **state)
{
	const struct fl_sys_space none = {
		.lowest = 0x400000, .highest = 0x7ffff7fff000, .ceiling = 0x7ffff8000000, .loader = true};
	const struct fl_sys_space odd = {
		.lowest = 0x400000, .highest = 0x7ffff7fff000, .ceiling = 0x1000, .loader = true};

	(void)state;
	assert_int_equal(fl_delta_plan_make(&none, true, 0).sign, 0);
	assert_int_equal(fl_delta_plan_make(&odd, true, 0).sign, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_position_independent),
		cmocka_unit_test(test_fixed_address_goes_up_between_libraries_and_stack),
		cmocka_unit_test(test_static_program_has_all_the_space),
		cmocka_unit_test(test_no_negative_base),
		cmocka_unit_test(test_small_address_space),
		cmocka_unit_test(test_other_places_when_the_first_are_taken),
		cmocka_unit_test(test_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
