/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * eight_adjacent_ints.c: eight functions race on eight neighbours; a report about one must not hide the next.
 *
 * location: Location is global 'ints' of size 32
 * race: write @w0 set_0 worker / read @r0 get_0 main
 * race: write @w1 set_1 worker / read @r1 get_1 main
 * race: write @w2 set_2 worker / read @r2 get_2 main
 * race: write @w3 set_3 worker / read @r3 get_3 main
 * race: write @w4 set_4 worker / read @r4 get_4 main
 * race: write @w5 set_5 worker / read @r5 get_5 main
 * race: write @w6 set_6 worker / read @r6 get_6 main
 * race: write @w7 set_7 worker / read @r7 get_7 main
 */
#include "case.h"

SHARED int ints[8];

NOINLINE static void set_0(void)
{
	ints[0] = 0; /* @w0 */
	STAY();
}

NOINLINE static int get_0(void)
{
	return ints[0]; /* @r0 */
}

NOINLINE static void set_1(void)
{
	ints[1] = 1; /* @w1 */
	STAY();
}

NOINLINE static int get_1(void)
{
	return ints[1]; /* @r1 */
}

NOINLINE static void set_2(void)
{
	ints[2] = 2; /* @w2 */
	STAY();
}

NOINLINE static int get_2(void)
{
	return ints[2]; /* @r2 */
}

NOINLINE static void set_3(void)
{
	ints[3] = 3; /* @w3 */
	STAY();
}

NOINLINE static int get_3(void)
{
	return ints[3]; /* @r3 */
}

NOINLINE static void set_4(void)
{
	ints[4] = 4; /* @w4 */
	STAY();
}

NOINLINE static int get_4(void)
{
	return ints[4]; /* @r4 */
}

NOINLINE static void set_5(void)
{
	ints[5] = 5; /* @w5 */
	STAY();
}

NOINLINE static int get_5(void)
{
	return ints[5]; /* @r5 */
}

NOINLINE static void set_6(void)
{
	ints[6] = 6; /* @w6 */
	STAY();
}

NOINLINE static int get_6(void)
{
	return ints[6]; /* @r6 */
}

NOINLINE static void set_7(void)
{
	ints[7] = 7; /* @w7 */
	STAY();
}

NOINLINE static int get_7(void)
{
	return ints[7]; /* @r7 */
}

static void *worker(void *argument)
{
	set_0();
	set_1();
	set_2();
	set_3();
	set_4();
	set_5();
	set_6();
	set_7();
	make_step();
	return argument;
}

int main(void)
{
	pthread_t thread = start(worker, NULL);
	await_step(1);
	if (RIGHT)
		finish(thread);
	int sum = get_0() + get_1() + get_2() + get_3() + get_4() + get_5() + get_6() + get_7();
	if (!RIGHT)
		finish(thread);
	return sum == 28 ? 0 : 1;
}
