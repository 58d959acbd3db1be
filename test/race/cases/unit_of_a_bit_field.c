/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * unit_of_a_bit_field.c: two bit-fields of one unit are one memory location.
 *
 * race: write @a set_a worker / write @b set_b main
 */
#include "case.h"

SHARED struct {
	unsigned a : 3, b : 5;
#ifdef ORDERED
	unsigned : 0; /* what follows is another location */
#endif
	unsigned c : 8;
} fields;

NOINLINE static void set_a(void)
{
	fields.a = 1; /* @a */
	STAY();
}

NOINLINE static void set_b(void)
{
#ifdef ORDERED
	fields.c = 1;
#else
	fields.b = 1; /* @b */
#endif
	STAY();
}

static void *worker(void *argument)
{
	set_a();
	make_step();
	return argument;
}

int main(void)
{
	pthread_t thread = start(worker, NULL);
	await_step(1);
	set_b();
	finish(thread);
}
