/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * handoff.c: an order of threads that the detector does not see: built without the flag.
 */
#include <sched.h>

static int turn;
static void *place;
static volatile long used;

/* So that no compiler leaves out the reading of it. */
void use(long value)
{
	used = value;
}

void leave(void *here)
{
	place = here;
}

void *left(void)
{
	return place;
}

void turn_is(int number)
{
	while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) != number)
		sched_yield();
}

void turn_next(void)
{
	__atomic_add_fetch(&turn, 1, __ATOMIC_RELEASE);
}
