/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * pairs.h: two threads, `first` and then `second`, handed over by hidden.h. Both get the number of an object
 * of the kind under test: in the correct twin it is 0 for both, and that object is all that orders them. In
 * the racy twin `second` uses object 1, which is unlocked, open or posted from the start: nothing orders them
 * then.
 */
#ifndef PAIRS_H
#define PAIRS_H

#include "hidden.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

struct pair {
	const char *name;
	void (*first)(int object);
	void (*second)(int object);
	int together; /* the second has to be on its way for the first to go on: no turn between them */
};

static volatile int pair_racy;
static const struct pair *pair_now;
static long shared; /* what may race */

static void *pair_first(void *arg)
{
	pair_now->first(0);
	hidden_give(1);
	return arg;
}

static void *pair_second(void *arg)
{
	if (!pair_now->together)
		hidden_wait(1);
	pair_now->second(pair_racy);
	return arg;
}

static int pair_run(const struct pair *pairs, int argc, char **argv)
{
	pthread_t first, second;

	for (const struct pair *pair = pairs; pair->name; pair++)
		if (argc < 2)
			puts(pair->name);
		else if (!strcmp(pair->name, argv[1]))
			pair_now = pair;
	if (argc < 2)
		return 0;
	if (!pair_now || argc < 3)
		return 2;
	pair_racy = !strcmp(argv[2], "racy");
	pthread_create(&first, NULL, pair_first, NULL);
	pthread_create(&second, NULL, pair_second, NULL);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	return 0;
}

#endif
