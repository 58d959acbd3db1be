/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * stack_below_qsort.c: a function that the C library calls back has the library and whoever called that below
 * it.
 *
 * race: write @compare compare sort main / write @compare compare sort run
 */
#include "case.h"

#include <stdlib.h>

SHARED int comparisons;

NOINLINE static int compare(const void *a, const void *b)
{
	comparisons++; /* @compare */
	return *(const int *)a - *(const int *)b;
}

NOINLINE static void sort(void)
{
	int numbers[] = {2, 1};

	qsort(numbers, 2, sizeof(numbers[0]), compare);
	STAY();
}

static void *run(void *argument)
{
	sort();
	make_step();
	return argument;
}

int main(void)
{
	pthread_t other = start(run, NULL);

	await_step(1);
	if (RIGHT)
		finish(other);
	sort();
	if (!RIGHT)
		finish(other);
	return 0;
}
