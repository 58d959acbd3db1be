/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* C11's own threads, mutexes of each kind and condition variables. */
#include <string.h>
#include <threads.h>
#include <time.h>

#include "correct.h"

static mtx_t lock, recursive, timed;
static cnd_t changed;
static int turn, depth, sums[3];
static char board[32];

static void nested(int levels)
{
	REQUIRE(mtx_lock(&recursive) == thrd_success);
	if (levels > 0)
		nested(levels - 1);
	else
		depth++;
	mtx_unlock(&recursive);
}

static int work(void *argument)
{
	int me = *(int *)argument;
	for (int n = 0; n < 50; n++) {
		mtx_lock(&lock);
		while (turn % 3 != me)
			cnd_wait(&changed, &lock);
		turn++;
		snprintf(board, sizeof(board), "turn %d", turn);
		cnd_broadcast(&changed);
		mtx_unlock(&lock);
		nested(3);
		struct timespec when;
		timespec_get(&when, TIME_UTC);
		when.tv_sec += 100;
		REQUIRE(mtx_timedlock(&timed, &when) == thrd_success);
		sums[me] += n;
		sums[(me + 1) % 3]++;
		mtx_unlock(&timed);
	}
	return me + 10;
}

int main(void)
{
	mtx_init(&lock, mtx_plain);
	mtx_init(&recursive, mtx_plain | mtx_recursive);
	mtx_init(&timed, mtx_timed);
	cnd_init(&changed);
	thrd_t threads[3];
	int names[3] = {0, 1, 2}, result;
	for (int n = 0; n < 3; n++)
		REQUIRE(thrd_create(&threads[n], work, &names[n]) == thrd_success);
	for (int n = 0; n < 3; n++) {
		REQUIRE(thrd_join(threads[n], &result) == thrd_success);
		REQUIRE(result == n + 10);
	}
	REQUIRE(turn == 150 && depth == 150 && strcmp(board, "turn 150") == 0);
	REQUIRE(sums[0] + sums[1] + sums[2] == 3 * (49 * 50 / 2 + 50));
	cnd_destroy(&changed);
	mtx_destroy(&lock);
	mtx_destroy(&recursive);
	mtx_destroy(&timed);
	return 0;
}
