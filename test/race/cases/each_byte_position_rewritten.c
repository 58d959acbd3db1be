/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * each_byte_position_rewritten.c: one thread fills 512 words byte by byte, another rewrites one byte of each,
 * at every position in turn.
 *
 * addresses: 512
 */
#include "case.h"

enum { WORDS = 512 };
SHARED unsigned char bytes[WORDS * 8];

NOINLINE static void fill(void)
{
	for (int i = 0; i < WORDS * 8; i++) {
		bytes[i] = (unsigned char)(i * 3);
		STAY();
	}
}

static void *worker(void *argument)
{
	fill();
	make_step();
	return argument;
}

int main(void)
{
	pthread_t thread = start(worker, NULL);
	await_step(1);
	if (RIGHT)
		finish(thread);
	for (int i = 0; i < WORDS; i++)
		bytes[i * 8 + i * 5 % 8] = 1;
	if (!RIGHT)
		finish(thread);
}
