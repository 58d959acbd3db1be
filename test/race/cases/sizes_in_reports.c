/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sizes_in_reports.c: whatever the size of a range or a block that is freed, reports give it to the byte.
 *
 * race: write @fill fill worker / read @filled look main
 * race: read @copy copy worker / write @copied spoil main
 * race: free @small give worker / read @freed look_at_freed main
 * race: free @large give_large worker / read @freed_large look_at_large main
 * race: free @empty give_none worker / read @freed_none look_at_none main
 * says: rite of size 1009 at
 * says: ead of size 70001 at
 * says: ree of size 777 at
 * says: ree of size 100003 at
 * says: ree of size 9 at
 */
#include "case.h"

#include <stdlib.h>
#include <string.h>

SHARED char filled[1009], from[70001], to[70001];
static size_t fill_size = 1009, copy_size = 70001;

NOINLINE static void fill(void)
{
	memset(filled, 1, fill_size); /* @fill */
	STAY();
}

NOINLINE static void copy(void)
{
	memcpy(to, from, copy_size); /* @copy */
	STAY();
}

NOINLINE static void give(char *block)
{
	free(block); /* @small */
	STAY();
}

NOINLINE static void give_large(char *block)
{
	free(block); /* @large */
	STAY();
}

NOINLINE static void give_none(char *block)
{
	free(block); /* @empty */
	STAY();
}

NOINLINE static int look(void)
{
	return filled[1000]; /* @filled */
}

NOINLINE static void spoil(void)
{
	from[70000] = 1; /* @copied */
	STAY();
}

NOINLINE static int look_at_freed(char *block)
{
	return block[776]; /* @freed */
}

NOINLINE static int look_at_large(char *block)
{
	return block[100002]; /* @freed_large */
}

NOINLINE static int look_at_none(char *block)
{
	return block[8]; /* @freed_none */
}

static char *blocks[3];

static void *worker(void *unused)
{
	if (RIGHT)
		await_step(1);
	fill();
	copy();
	give(blocks[0]);
	give_large(blocks[1]);
	give_none(blocks[2]);
	make_step();
	return unused;
}

int main(void)
{
	volatile int sum = 0;

	blocks[0] = malloc(777);
	blocks[1] = calloc(1, 100003);
	blocks[2] = realloc(malloc(3), 9);
	memset(blocks[0], 0, 777);
	memset(blocks[2], 0, 9);
	if (RIGHT) {
		spoil();
		sum = look_at_freed(blocks[0]) + look_at_large(blocks[1]) + look_at_none(blocks[2]);
	}
	pthread_t thread = start(worker, NULL);
	if (RIGHT) {
		make_step();
		finish(thread);
		sum += look();
		return sum != 1;
	}
	await_step(1);
	sum = look();
	spoil();
	sum += look_at_freed(blocks[0]) + look_at_large(blocks[1]) + look_at_none(blocks[2]);
	finish(thread);
	return 0;
}
