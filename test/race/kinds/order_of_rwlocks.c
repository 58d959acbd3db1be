/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * order_of_rwlocks.c: a reader that wants to write elsewhere, and a writer there that wants to write here.
 *
 * finds: lock-order-inversion two@ba two@b one@ab one@a
 */
#include "case.h"

SHARED pthread_rwlock_t a = PTHREAD_RWLOCK_INITIALIZER, b = PTHREAD_RWLOCK_INITIALIZER;

static void *one(void *argument)
{
	pthread_rwlock_rdlock(&a); /* @a */
	pthread_rwlock_rdlock(&b); /* @ab */
	pthread_rwlock_unlock(&b);
	pthread_rwlock_unlock(&a);
	make_step();
	return argument;
}

static void *two(void *argument)
{
	await_step(1);
	if (RIGHT)
		pthread_rwlock_rdlock(&b);
	else
		pthread_rwlock_wrlock(&b); /* @b */
	if (RIGHT)
		pthread_rwlock_rdlock(&a);
	else
		pthread_rwlock_wrlock(&a); /* @ba */
	pthread_rwlock_unlock(&a);
	pthread_rwlock_unlock(&b);
	return argument;
}

int main(void)
{
	pthread_t first = start(one, NULL), second = start(two, NULL);
	finish(first);
	finish(second);
}
