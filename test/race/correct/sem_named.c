/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Two threads find each other by a semaphore's name and take turns. */
#include <fcntl.h>
#include <semaphore.h>
#include <unistd.h>

#include "correct.h"

static char names[2][64];
static long ball;

static void *play(void *argument)
{
	int me = (int)(intptr_t)argument;
	sem_t *mine = sem_open(names[me], O_CREAT, 0600, me == 0),
	      *other = sem_open(names[!me], O_CREAT, 0600, me != 0);
	REQUIRE(mine != SEM_FAILED && other != SEM_FAILED);
	for (int n = 0; n < 300; n++) {
		REQUIRE(sem_wait(mine) == 0);
		ball++;
		REQUIRE(sem_post(other) == 0);
	}
	sem_close(mine);
	sem_close(other);
	return NULL;
}

int main(void)
{
	for (int n = 0; n < 2; n++)
		snprintf(names[n], sizeof(names[n]), "/correct-%d-%d", (int)getpid(), n);
	in_threads(2, play);
	sem_unlink(names[0]);
	sem_unlink(names[1]);
	REQUIRE(ball == 600);
	return 0;
}
