/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * mutex_held_too_long.c: a mutex is held for longer than the option says.
 *
 * finds: mutex-held-too-long main@given main@taken
 * runs with: lock_held_ms=2000
 */
#include "case.h"

#include <unistd.h>

SHARED pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *nothing(void *argument)
{
	return argument;
}

int main(void)
{
	finish(start(nothing, NULL));
	pthread_mutex_lock(&lock); /* @taken */
	if (!RIGHT)
		sleep(3);
	pthread_mutex_unlock(&lock); /* @given */
}
