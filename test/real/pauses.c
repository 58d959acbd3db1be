/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * pauses.c: a thread that gives an OpenMP lock back pauses for up to 9 milliseconds, for dataracebench.py
 * --pauses: orders of threads that a quiet machine hardly ever has.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

void omp_unset_lock(void *lock)
{
	void (*behind)(void *) = (void (*)(void *))dlsym(RTLD_NEXT, "omp_unset_lock");
	struct timespec now;
	unsigned seed;

	behind(lock);
	clock_gettime(CLOCK_MONOTONIC, &now);
	seed = (unsigned)now.tv_nsec;
	usleep((unsigned)rand_r(&seed) % 4 * 3000);
}
