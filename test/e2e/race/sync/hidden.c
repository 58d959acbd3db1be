/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * hidden.c: hidden.h, by spinning.
 */
#include "hidden.h"

#include <sched.h>
#include <stdio.h>

static int given[64] = {1};

void hidden_give(int turn)
{
	__atomic_store_n(&given[turn], 1, __ATOMIC_RELEASE);
}

int hidden_is_given(int turn)
{
	return __atomic_load_n(&given[turn], __ATOMIC_ACQUIRE);
}

void hidden_wait(int turn)
{
	while (!hidden_is_given(turn))
		sched_yield();
}

long hidden_rss_kb(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	long size, resident = -1;

	if (!file)
		return -1;
	if (fscanf(file, "%ld %ld", &size, &resident) != 2)
		resident = -1;
	fclose(file);
	return resident * 4;
}
