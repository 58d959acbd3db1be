/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * before.c: many blocks from before the first thread, of which then two threads use one: before BLOCK
 * racy|ordered|gone|joined. `gone`: it was given back, and is another by then. `joined`: it and what lies
 * behind it were given back when there were two threads, and are one large block by then. Prints how much
 * memory the process got for each byte of the blocks.
 */
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resident.h"
#include "turn.h"

enum { BLOCKS = 200000, LARGE = 50000 };
static char *blocks[BLOCKS];
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static int ordered;

static size_t size_of(long block)
{
	return 8 + (size_t)block % 193;
}

/* Every third one goes and comes again, not always where it was. */
static void make_blocks(void)
{
	for (long i = 0; i < BLOCKS; i++)
		blocks[i] = malloc(size_of(i));
	for (long i = 0; i < BLOCKS; i += 3)
		free(blocks[i]);
	for (long i = 0; i < BLOCKS; i += 3)
		blocks[i] = malloc(size_of(i));
}

static void make_another(long i)
{
	free(blocks[i]);
	blocks[i] = calloc(1, size_of(i) + 3);
}

/* All that lie there, so that nothing is between them. */
static char *join_blocks(char *from)
{
	char *large;

	for (long k = 0; k < BLOCKS; k++)
		if (blocks[k] >= from && blocks[k] < from + 4 * LARGE) {
			free(blocks[k]);
			blocks[k] = NULL;
		}
	large = malloc(LARGE);
	if (large < from || large > from + 4 * LARGE)
		abort();
	return large;
}

static void use(char *byte)
{
	if (ordered)
		pthread_mutex_lock(&order);
	++*byte;
	if (ordered)
		pthread_mutex_unlock(&order);
}

static void *second(void *unused)
{
	turn_wait(1);
	use(turn_lent());
	return unused;
}

int main(int argc, char **argv)
{
	long i = argc == 3 ? atol(argv[1]) : 0, before = resident(), bytes = 0;
	pthread_t thread;
	char *byte;

	make_blocks();
	for (long k = 0; k < BLOCKS; k++)
		bytes += (long)malloc_usable_size(blocks[k]) + 8;
	printf("%.2f\n", (double)(resident() - before) / (double)bytes);
	ordered = !strcmp(argv[2], "ordered");
	if (!strcmp(argv[2], "gone"))
		make_another(i);
	byte = blocks[i] + size_of(i) - 1;
	*byte = 0;
	turn_begin();
	pthread_create(&thread, NULL, second, NULL);
	if (!strcmp(argv[2], "joined"))
		byte = join_blocks(blocks[i]) + LARGE / 2;
	use(byte);
	turn_lend(byte);
	turn_give(1);
	pthread_join(thread, NULL);
	for (long k = 0; k < BLOCKS; k++) /* in the end each is found, and given back */
		free(blocks[k]);
	return 0;
}
