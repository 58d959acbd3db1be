/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * free_of_locked_mutex.c: a block of memory goes while a mutex in it is held.
 *
 * finds: locked-mutex-destroy main@freed main@taken
 */
#include "case.h"

#include <stdlib.h>

static void *nothing(void *argument)
{
	return argument;
}

int main(void)
{
	struct object {
		int fields[6];
		pthread_mutex_t lock;
	} *object = calloc(1, sizeof *object);
	finish(start(nothing, NULL));
	pthread_mutex_init(&object->lock, NULL);
	pthread_mutex_lock(&object->lock); /* @taken */
	if (RIGHT)
		pthread_mutex_unlock(&object->lock);
	free(object); /* @freed */
}
