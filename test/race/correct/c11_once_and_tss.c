/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* C11's call_once, thread-specific storage with a destructor, thrd_exit, and a detached thread. */
#include <stdatomic.h>
#include <threads.h>

#include "correct.h"

static once_flag once = ONCE_FLAG_INIT;
static tss_t key;
static int *table;
static mtx_t lock;
static cnd_t ended;
static int destroyed, detached_done;

static void destroy(void *value)
{
	mtx_lock(&lock);
	destroyed += *(int *)value;
	mtx_unlock(&lock);
	free(value);
}

static void set_up(void)
{
	REQUIRE(tss_create(&key, destroy) == thrd_success);
	table = malloc(100 * sizeof(*table));
	for (int n = 0; n < 100; n++)
		table[n] = n;
}

static int work(void *argument)
{
	call_once(&once, set_up);
	int *mine = malloc(sizeof(*mine));
	*mine = 0;
	tss_set(key, mine);
	for (int n = 0; n < 100; n++)
		*(int *)tss_get(key) += table[n];
	if (argument) {
		mtx_lock(&lock);
		detached_done = 1;
		cnd_signal(&ended);
		mtx_unlock(&lock);
	}
	thrd_exit(5);
}

int main(void)
{
	thrd_t threads[4], loose;
	int result;
	mtx_init(&lock, mtx_plain);
	cnd_init(&ended);
	for (int n = 0; n < 4; n++)
		REQUIRE(thrd_create(&threads[n], work, NULL) == thrd_success);
	for (int n = 0; n < 4; n++)
		REQUIRE(thrd_join(threads[n], &result) == thrd_success && result == 5);
	REQUIRE(thrd_create(&loose, work, &loose) == thrd_success);
	REQUIRE(thrd_detach(loose) == thrd_success);
	mtx_lock(&lock);
	while (!detached_done)
		cnd_wait(&ended, &lock);
	REQUIRE(destroyed >= 4 * 4950);
	mtx_unlock(&lock);
	return 0;
}
