/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Structures are copied as wholes in and out of shared places: assignment, memcpy, memmove, memset, qsort. */
#include <string.h>

#include "correct.h"

struct record {
	int key;
	char payload[52];
	double weight;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct record records[20];
static int count;

static int by_key(const void *a, const void *b)
{
	return ((const struct record *)a)->key - ((const struct record *)b)->key;
}

static void *work(void *argument)
{
	int me = (int)(intptr_t)argument;
	for (int n = 0; n < 200; n++) {
		struct record mine;
		memset(&mine, me, sizeof(mine));
		mine.key = (n * 31 + me) % 97;
		mine.weight = mine.key / 2.0;
		pthread_mutex_lock(&lock);
		if (count < 20) {
			records[count++] = mine;
			qsort(records, (size_t)count, sizeof(records[0]), by_key);
		} else {
			memcpy(&mine, &records[n % 20], sizeof(mine));
			memmove(&records[n % 20], &records[n % 20 + 1], sizeof(mine) * (size_t)(19 - n % 20));
			count--;
		}
		pthread_mutex_unlock(&lock);
		REQUIRE(mine.weight == mine.key / 2.0 && memcmp(&mine.payload[0], &mine.payload[1], 51) == 0);
	}
	return NULL;
}

int main(void)
{
	in_threads(4, work);
	for (int n = 1; n < count; n++)
		REQUIRE(records[n - 1].weight == records[n - 1].key / 2.0);
	return 0;
}
