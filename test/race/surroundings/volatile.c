/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * volatile.c: volatile WHAT: two threads access `word`: `both` by volatile accesses, `one` only the worker,
 * the main thread plainly. With ORDERED the worker was joined before.
 */
#include "../cases/case.h"

#include <string.h>

SHARED int word;

static void *worker(void *unused)
{
	*(volatile int *)&word = 1; /* @worker */
	make_step();
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread = start(worker, NULL);

	await_step(1);
	if (RIGHT)
		finish(thread);
	if (argc > 1 && !strcmp(argv[1], "both"))
		*(volatile int *)&word = 2;
	else
		word = 2;
	STAY();
	if (!RIGHT)
		finish(thread);
	return 0;
}
