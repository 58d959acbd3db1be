/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * hang_of_two_gmutexes.c: the same by the mutexes of GLib's library, which wait by means of their own.
 *
 * finds: deadlock
 * circle: forward@ab backward@b backward@ba forward@a
 * hangs: yes
 * options: -lglib-2.0
 */
#include "case.h"

/* As <glib.h> has them: zeros are an unlocked mutex. */
void g_mutex_lock(void *mutex);
void g_mutex_unlock(void *mutex);

SHARED void *a, *b;

static void *forward(void *argument)
{
	g_mutex_lock(&a); /* @a */
	make_step();
	if (!RIGHT)
		await_step(2);
	g_mutex_lock(&b); /* @ab */
	g_mutex_unlock(&b);
	g_mutex_unlock(&a);
	return argument;
}

static void *backward(void *argument)
{
	if (RIGHT)
		g_mutex_lock(&a);
	g_mutex_lock(&b); /* @b */
	make_step();
	if (!RIGHT) {
		await_step(2);
		g_mutex_lock(&a); /* @ba */
	}
	g_mutex_unlock(&b);
	g_mutex_unlock(&a);
	return argument;
}

int main(void)
{
	pthread_t one = start(forward, NULL), two = start(backward, NULL);
	finish(one);
	finish(two);
}
