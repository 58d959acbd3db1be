/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * first_and_last_instruction_of_a_thread.c: a thread's very first access races with its creator after
 * pthread_create, its last with its creator before pthread_join.
 *
 * race: write @begin worker / write @created created main
 * race: write @end worker / write @joining joining main
 */
#include "case.h"

SHARED int begin, end;

static void *worker(void *argument)
{
	begin = 1; /* @begin */
	make_step();
	end = 1; /* @end */
	return argument;
}

NOINLINE static void created(void)
{
	begin = 2; /* @created */
	STAY();
}

NOINLINE static void joining(void)
{
	end = 2; /* @joining */
	STAY();
}

int main(void)
{
	if (RIGHT)
		created();
	pthread_t thread = start(worker, NULL);
	await_step(1);
	if (!RIGHT) {
		created();
		joining();
	}
	finish(thread);
	if (RIGHT)
		joining();
}
