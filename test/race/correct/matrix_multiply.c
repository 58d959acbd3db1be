/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Two matrices read by all, one written in rows; then a shared sum under a lock. */
#include "correct.h"

enum { N = 64, THREADS = 4 };

static double a[N][N], b[N][N], c[N][N], trace;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *multiply(void *argument)
{
	double mine = 0;
	for (int i = (int)(intptr_t)argument; i < N; i += THREADS) {
		for (int j = 0; j < N; j++) {
			double sum = 0;
			for (int k = 0; k < N; k++)
				sum += a[i][k] * b[k][j];
			c[i][j] = sum;
		}
		mine += c[i][i];
	}
	pthread_mutex_lock(&lock);
	trace += mine;
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	for (int i = 0; i < N; i++) {
		for (int j = 0; j < N; j++) {
			a[i][j] = i + j;
			b[i][j] = i == j ? 2 : 0;
		}
	}
	in_threads(THREADS, multiply);
	for (int i = 0; i < N; i++)
		for (int j = 0; j < N; j++)
			REQUIRE(c[i][j] == 2 * a[i][j]);
	REQUIRE(trace == 2.0 * N * (N - 1));
	return 0;
}
