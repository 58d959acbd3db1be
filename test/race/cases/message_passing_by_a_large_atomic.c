/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * message_passing_by_a_large_atomic.c: the message is an atomic structure that the compiler calls the library
 * for. In the racy program nobody releases by it; in the ordered one a store, and then a
 * compare-and-exchange, does.
 *
 * race: write @first send worker / read @received receive main
 * race: write @second send worker / read @received receive main
 * options: -Wl,--no-as-needed -latomic -Wno-atomic-alignment
 */
#include "case.h"

#include <stdatomic.h>
#include <string.h>

struct message {
	long number, words[3];
};

SHARED _Atomic struct message sent;
SHARED int one;
SHARED int two;

NOINLINE static void send(void)
{
	struct message is = {1, {1, 1, 1}}, next = {2, {2, 2, 2}};

	one = 1; /* @first */
	atomic_store_explicit(&sent, is, RIGHT ? memory_order_release : memory_order_relaxed);
	two = 1; /* @second */
	atomic_compare_exchange_strong_explicit(
		&sent, &is, next, RIGHT ? memory_order_release : memory_order_relaxed, memory_order_relaxed);
}

NOINLINE static int receive(const int *what)
{
	return *what; /* @received */
}

static void *worker(void *unused)
{
	send();
	make_step();
	return unused;
}

int main(void)
{
	pthread_t thread = start(worker, NULL);
	await_step(1);
	struct message got = atomic_load_explicit(&sent, memory_order_acquire);
	int sum = receive(&one) + receive(&two);
	finish(thread);
	return got.number != 2 || sum != 2;
}
