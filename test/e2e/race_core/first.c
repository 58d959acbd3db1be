/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * first.c: CASE: two threads meet, ordered or not. Prints nothing; the runtime says on stderr what it saw.
 */
#include "checks.h"

#include <pthread.h>
#include <string.h>

static uint32_t plain[2];
static uint64_t message, flag;
static volatile int turn;
static const char *which;

static void *unordered(void *arg)
{
	(void)arg;
	turn_wait(&turn, 1);
	FRAMED(store4(&plain[0], load4(&plain[0]) + 1));
	return 0;
}

static void *neighbour(void *arg)
{
	(void)arg;
	turn_wait(&turn, 1);
	FRAMED(store4(&plain[1], 3));
	return 0;
}

static void *receiver(void *arg)
{
	unsigned order = *(unsigned *)arg;

	turn_wait(&turn, 1);
	if (atomic_load8(&flag, order))
		FRAMED(load8(&message));
	return 0;
}

static void go(void *(*other)(void *), void (*here)(unsigned), unsigned order)
{
	pthread_t thread;

	pthread_create(&thread, 0, other, &order);
	here(order);
	turn_give(&turn, 1);
	pthread_join(thread, 0);
}

static void write_plain(unsigned order)
{
	(void)order;
	FRAMED(store4(&plain[0], 7));
}

static void send(unsigned order)
{
	store8(&message, 42);
	atomic_store8(&flag, 1, order ? 3 : 0);
}

int main(int argc, char **argv)
{
	which = argc > 1 ? argv[1] : "";
	store4(&plain[0], 1); /* before the first birth: ordered with all */
	if (!strcmp(which, "race"))
		go(unordered, write_plain, 0);
	if (!strcmp(which, "neighbour"))
		go(neighbour, write_plain, 0);
	if (!strcmp(which, "message"))
		go(receiver, send, 2);
	if (!strcmp(which, "relaxed"))
		go(receiver, send, 0);
	return 0;
}
