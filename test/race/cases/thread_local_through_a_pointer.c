/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * thread_local_through_a_pointer.c: a race on a thread-local variable that another thread has the address of.
 *
 * location: Location is TLS of thread T1
 * race: write @own own worker / write @foreign foreign main
 */
#include "case.h"

SHARED _Thread_local int variable;
SHARED int *address;

NOINLINE static void own(int *p)
{
	*p = 1; /* @own */
	STAY();
}

NOINLINE static void foreign(int *p)
{
	*p = 2; /* @foreign */
	STAY();
}

static void *worker(void *argument)
{
	__atomic_store_n(&address, &variable, __ATOMIC_RELEASE);
	if (RIGHT) {
		make_step();
		await_step(2);
		while (__atomic_load_n(&address, __ATOMIC_ACQUIRE))
			;
	}
	own(&variable);
	make_step();
	await_step(3);
	return argument;
}

int main(void)
{
	pthread_t thread = start(worker, NULL);
	await_step(1);
	foreign(__atomic_load_n(&address, __ATOMIC_ACQUIRE));
	__atomic_store_n(&address, NULL, __ATOMIC_RELEASE);
	make_step();
	make_step();
	finish(thread);
}
