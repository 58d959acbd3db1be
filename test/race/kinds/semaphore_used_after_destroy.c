/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * semaphore_used_after_destroy.c: a semaphore is posted after it was destroyed.
 *
 * finds: semaphore-invalid-access main@used
 */
#include "case.h"

#include <semaphore.h>

static sem_t semaphore;

int main(void)
{
	sem_init(&semaphore, 0, 0);
	sem_destroy(&semaphore);
	if (RIGHT)
		sem_init(&semaphore, 0, 0);
	sem_post(&semaphore); /* @used */
}
