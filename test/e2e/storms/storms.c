/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * storms.c: one process of many. `short`: counts 7 and ends. `forks`: a tree of processes and threads that
 * count and tell how far they came in the shared file "progress", until somebody kills them.
 *
 * Every count is followed by a note in the process's own word of that file: the truth is the note, or one
 * more for each that was killed in between.
 */
#define _GNU_SOURCE 1
#include "handmade.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROGRESS_WORDS = 1 << 16 };

static _Atomic uint64_t *progress; /* word 0: words given out */

static void *count_and_note(void *arg)
{
	_Atomic uint64_t *mine = &progress[1 + atomic_fetch_add(progress, 1) % (PROGRESS_WORDS - 1)];

	(void)arg;
	for (int i = 0; i < 20000; i++) {
		COUNT(1);
		atomic_fetch_add_explicit(mine, 1, memory_order_relaxed);
	}
	return NULL;
}

static void one_of_the_storm(int depth)
{
	pthread_t thread;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int i = 0; i < 3; i++) {
		if (depth && fork() == 0) {
			one_of_the_storm(depth - 1);
			_exit(0);
		}
		if (pthread_create(&thread, NULL, count_and_note, NULL) == 0 && i == 2)
			pthread_join(thread, NULL);
		count_and_note(NULL);
	}
	while (wait(NULL) > 0)
		;
}

int main(int argc, char **argv)
{
	int fd;

	if (argc > 1 && !strcmp(argv[1], "short")) {
		for (int i = 0; i < 7; i++)
			COUNT(1);
		return 0;
	}
	fd = open("progress", O_RDWR);
	progress = mmap(NULL, PROGRESS_WORDS * sizeof(*progress), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (progress == MAP_FAILED)
		return 1;
	close(fd);
	one_of_the_storm(3);
	return 0;
}
