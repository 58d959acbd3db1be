/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Heat on a rod: each thread has a stretch, reads its neighbours' ends, and a pthread barrier parts the
 * phases. */
#include <math.h>

#include "correct.h"

enum { CELLS = 400, THREADS = 4, STEPS = 100 };

static double rod[2][CELLS + 2];
static pthread_barrier_t barrier;
static int serial_threads;

static void *work(void *argument)
{
	int from = 1 + (int)(intptr_t)argument * (CELLS / THREADS), to = from + CELLS / THREADS;
	for (int step = 0; step < STEPS; step++) {
		double *old = rod[step % 2], *new = rod[(step + 1) % 2];
		for (int n = from; n < to; n++)
			new[n] = (old[n - 1] + 2 * old[n] + old[n + 1]) / 4;
		int rc = pthread_barrier_wait(&barrier);
		REQUIRE(rc == 0 || rc == PTHREAD_BARRIER_SERIAL_THREAD);
		if (rc == PTHREAD_BARRIER_SERIAL_THREAD)
			serial_threads++;
		pthread_barrier_wait(&barrier);
	}
	return NULL;
}

int main(void)
{
	pthread_barrier_init(&barrier, NULL, THREADS);
	rod[0][CELLS / 2] = 1000;
	in_threads(THREADS, work);
	pthread_barrier_destroy(&barrier);
	double heat = 0;
	for (int n = 0; n < CELLS + 2; n++)
		heat += rod[STEPS % 2][n];
	REQUIRE(fabs(heat - 1000) < 1e-6 && serial_threads == STEPS);
	return 0;
}
