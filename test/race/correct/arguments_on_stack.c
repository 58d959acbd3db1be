/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Threads get pointers into their creator's frame and answer there; frames come again at the same addresses.
 */
#include "correct.h"

struct request {
	const int *numbers;
	int count;
	long sum;
	struct request *detail;
};

static void *add(void *argument)
{
	struct request *request = argument;
	int doubled[8];
	for (int n = 0; n < request->count; n++)
		doubled[n] = 2 * request->numbers[n];
	request->sum = 0;
	for (int n = 0; n < request->count; n++)
		request->sum += doubled[n];
	if (request->detail)
		add(request->detail);
	return request;
}

static long ask(int seed)
{
	int numbers[8];
	for (int n = 0; n < 8; n++)
		numbers[n] = seed + n;
	struct request inner = {numbers, 4, 0, NULL}, outer = {numbers, 8, 0, &inner},
		       other = {numbers + 4, 4, 0, NULL};
	pthread_t threads[2];
	REQUIRE(pthread_create(&threads[0], NULL, add, &outer) == 0);
	REQUIRE(pthread_create(&threads[1], NULL, add, &other) == 0);
	void *result;
	REQUIRE(pthread_join(threads[0], &result) == 0 && result == &outer);
	REQUIRE(pthread_join(threads[1], &result) == 0 && result == &other);
	REQUIRE(outer.sum == inner.sum + other.sum);
	return outer.sum;
}

static long deeper(int seed, int depth)
{
	char frame[64];
	frame[depth % 64] = (char)seed;
	return depth ? deeper(seed, depth - 1) : ask(seed) + frame[0] - (char)seed;
}

int main(void)
{
	for (int seed = 0; seed < 60; seed++)
		REQUIRE(deeper(seed, seed % 7 ? seed % 7 : 0) >= 2 * (8 * seed + 28) - 256);
	return 0;
}
