/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * hang_of_c11_mutexes.c: two threads hold a mutex of <threads.h> each and wait for the other's.
 *
 * finds: deadlock
 * circle: forward@ab backward@b backward@ba forward@a
 * hangs: yes
 */
#include "case.h"

#include <threads.h>

static mtx_t a, b;

static int forward(void *argument)
{
	(void)argument;
	mtx_lock(&a); /* @a */
	make_step();
	if (!RIGHT)
		await_step(2);
	mtx_lock(&b); /* @ab */
	mtx_unlock(&b);
	mtx_unlock(&a);
	return 0;
}

static int backward(void *argument)
{
	(void)argument;
	if (RIGHT)
		mtx_lock(&a);
	mtx_lock(&b); /* @b */
	make_step();
	if (!RIGHT) {
		await_step(2);
		mtx_lock(&a); /* @ba */
	}
	mtx_unlock(&b);
	mtx_unlock(&a);
	return 0;
}

int main(void)
{
	thrd_t one, two;
	mtx_init(&a, mtx_plain);
	mtx_init(&b, mtx_plain);
	thrd_create(&one, forward, NULL);
	thrd_create(&two, backward, NULL);
	thrd_join(one, NULL);
	thrd_join(two, NULL);
}
