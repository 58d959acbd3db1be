/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * c11_threads.c: <threads.h>: thrd, mtx, cnd, call_once, tss.
 *
 * race: write @worker add worker / write @main add_last main
 */
#include "case.h"

#include <threads.h>

SHARED int counter, ready, once_ran;
static mtx_t mutex;
static cnd_t condition;
static once_flag flag = ONCE_FLAG_INIT;
static tss_t key;

NOINLINE static void add(void)
{
	counter++; /* @worker */
	STAY();
}

NOINLINE static void add_last(void)
{
	counter++; /* @main */
	STAY();
}

static void once(void)
{
	once_ran = 1;
}

static int worker(void *argument)
{
	call_once(&flag, once);
	tss_set(key, argument);
	mtx_lock(&mutex);
	add();
	ready = 1;
	cnd_signal(&condition);
	mtx_unlock(&mutex);
	make_step();
	return once_ran + (tss_get(key) != NULL);
}

int main(void)
{
	thrd_t thread;
	mtx_init(&mutex, mtx_timed);
	cnd_init(&condition);
	tss_create(&key, NULL);
	thrd_create(&thread, worker, &counter);
	if (RIGHT) {
		mtx_lock(&mutex);
		while (!ready)
			cnd_wait(&condition, &mutex);
		mtx_unlock(&mutex);
	}
	await_step(1);
	add_last();
	call_once(&flag, once);
	int result;
	thrd_join(thread, &result);
	mtx_destroy(&mutex);
	return result == 2 && once_ran == 1 && counter == 2 ? 0 : 1;
}
