/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * calls.c: "calls COUNT" calls the C library CALLS times COUNT times over; alone it prints CALLS. */
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CALLS = 14 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char text[64];
static volatile size_t sink;

static int by_size(const void *a, const void *b)
{
	return *(const char *)a - *(const char *)b;
}

int main(int argc, char **argv)
{
	const char *volatile word = "furlong";

	if (argc < 2) {
		printf("%d\n", CALLS);
		return 0;
	}
	for (long n = atol(argv[1]); n; n--) {
		jmp_buf here;
		void *block = malloc(sink % 64 + 16);

		block = realloc(block, sink % 64 + 32);
		memcpy(text, word, sink % 4 + 4);
		sink += strlen(word) + strspn(word, "frul") + (memcmp(text, word, sink % 4 + 4) == 0);
		sink += (size_t)snprintf(text, sizeof(text), "%s", word);
		qsort(text, 7, 1, by_size);
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
		if (!_setjmp(here))
			longjmp(here, 1);
		free(block);
		free(calloc(1, 16));
	}
	return 0;
}
