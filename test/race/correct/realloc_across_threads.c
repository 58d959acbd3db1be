/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A growing array goes round: whoever holds the lock may move it by realloc. Aligned blocks come along. */
#include <string.h>

#include "correct.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long *array;
static size_t length, capacity;

static void *work(void *argument)
{
	long me = (long)(intptr_t)argument;
	for (int n = 0; n < 500; n++) {
		pthread_mutex_lock(&lock);
		if (length == capacity) {
			capacity = capacity ? capacity * 2 : 4;
			array = realloc(array, capacity * sizeof(*array));
			REQUIRE(array);
		}
		array[length++] = me;
		if (length == 700) {
			long *copy;
			REQUIRE(posix_memalign((void **)&copy, 64, length * sizeof(*copy)) == 0);
			memcpy(copy, array, length * sizeof(*copy));
			free(array);
			array = copy;
			capacity = length;
		}
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

int main(void)
{
	in_threads(4, work);
	long counts[4] = {0};
	for (size_t n = 0; n < length; n++)
		counts[array[n]]++;
	for (int n = 0; n < 4; n++)
		REQUIRE(counts[n] == 500);
	free(array);
	return 0;
}
