/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * barrier_used_after_destroy.c: a barrier is waited at after it was destroyed.
 *
 * finds: barrier-invalid-access main@used
 */
#include "case.h"

static pthread_barrier_t barrier;

int main(void)
{
	pthread_barrier_init(&barrier, NULL, 1);
	pthread_barrier_wait(&barrier);
	pthread_barrier_destroy(&barrier);
	if (RIGHT)
		pthread_barrier_init(&barrier, NULL, 1);
	pthread_barrier_wait(&barrier); /* @used */
}
