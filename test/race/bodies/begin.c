/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * begin.c: begin() makes a thread when it is called for the BEGIN_AT-th time; how often it was called is said
 * at the end.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static long calls, at = -1;

static void *nothing(void *argument)
{
	return argument;
}

static void say(void)
{
	fprintf(stderr, "%ld\n", calls);
}

void begin(void)
{
	if (at < 0) {
		const char *text = getenv("BEGIN_AT");
		at = text ? atol(text) : 0;
		atexit(say);
	}
	if (++calls == at) {
		pthread_t thread;
		if (pthread_create(&thread, NULL, nothing, NULL))
			abort();
		pthread_join(thread, NULL);
	}
}
