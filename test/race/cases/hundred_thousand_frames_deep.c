/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * hundred_thousand_frames_deep.c: 100 000 frames below the racing access; its stack is right, and so is the
 * next after all have returned.
 *
 * race: write @deep touch down down down / write @main add_last main
 * race: write @after after worker / write @main2 add_main main
 */
#include "case.h"

SHARED int shared, other;

NOINLINE static void touch(void)
{
	shared = 1; /* @deep */
	STAY();
}

NOINLINE static int down(int depth)
{
	int result = 1;
	if (depth)
		result += down(depth - 1);
	else
		touch();
	STAY();
	return result;
}

NOINLINE static void after(void)
{
	other = 1; /* @after */
	STAY();
}

NOINLINE static void add_last(void)
{
	shared = 2; /* @main */
	STAY();
}

NOINLINE static void add_main(void)
{
	other = 2; /* @main2 */
	STAY();
}

static void *worker(void *argument)
{
	int depth = down(100000);
	after();
	make_step();
	return depth == 100001 ? argument : NULL;
}

int main(void)
{
	pthread_attr_t attributes;
	pthread_t thread;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 256 << 20);
	pthread_create(&thread, &attributes, worker, NULL);
	await_step(1);
	if (RIGHT)
		finish(thread);
	add_last();
	add_main();
	if (!RIGHT)
		finish(thread);
}
