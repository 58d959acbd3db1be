/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * conditions.c: a program that meets the hostile condition its argument names after its start.
 *
 * Each of them counts: counter 0 once, counter 1 as often as the program prints on its standard output.
 */
#define _GNU_SOURCE 1
#include "handmade.h"

#include "furlong/furlong.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned long done;

static void work(int units)
{
	for (int i = 0; i < units; i++)
		COUNT(1);
}

static void *threads_work(void *arg)
{
	work(1000);
	return arg;
}

/* Two threads at once, after each other a child process, and the main thread. */
static void everybody_works(void)
{
	static char stacks[2][1 << 17] __attribute__((aligned(4096))); /* so that threads need no memory */
	pthread_attr_t attr;
	pthread_t threads[2];
	pid_t pid;

	pthread_attr_init(&attr);
	for (int i = 0; i < 2; i++)
		if (pthread_attr_setstack(&attr, stacks[i], sizeof(stacks[i])) ||
			pthread_create(&threads[i], &attr, threads_work, NULL))
			exit(99);
	work(1000);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	pid = fork();
	if (pid == 0) {
		work(1000);
		exit(0);
	}
	waitpid(pid, NULL, 0);
	done += 4000;
}

static void meet_nothing(void)
{
}

static void meet_no_descriptors(void)
{
	while (open("/dev/null", O_RDONLY) >= 0)
		;
}

static void meet_changed_root(void)
{
	if (mkdir("empty", 0755) || chroot("empty") || chdir("/"))
		exit(98);
}

static void meet_other_user(void)
{
	if (setgid(65534) || setuid(65534))
		exit(98);
}

static void meet_other_directory(void)
{
	if (chdir("/"))
		exit(98);
}

static void meet_closed_descriptors(void)
{
	/* 1 is needed for the truth */
	close(0);
	close(2);
	for (int fd = 3; fd < 1000; fd++)
		close(fd);
}

static void meet_removed_data(void)
{
	if (system("rm -rf furlong-data"))
		exit(98);
}

static void meet_file_size_limit(void)
{
	struct rlimit limit = {4096, 4096};

	setrlimit(RLIMIT_FSIZE, &limit);
}

static void meet_memory_limit(void)
{
	struct rlimit limit = {0, 0};
	void *volatile heap = malloc(100000); /* which the C library keeps, for what it needs */

	free(heap);

	setrlimit(RLIMIT_DATA, &limit);
}

static const struct {
	const char *name;
	void (*meet)(void);
} conditions[] = {
#define CONDITION(name)                                                                                      \
	{                                                                                                    \
#name, meet_##name                                                                           \
	}
	CONDITION(nothing),
	CONDITION(no_descriptors),
	CONDITION(changed_root),
	CONDITION(other_user),
	CONDITION(other_directory),
	CONDITION(closed_descriptors),
	CONDITION(removed_data),
	CONDITION(file_size_limit),
	CONDITION(memory_limit),
};

int main(int argc, char **argv)
{
	COUNT(0);
	for (size_t i = 0; i < sizeof(conditions) / sizeof(*conditions); i++)
		if (argc > 1 && !strcmp(argv[1], conditions[i].name)) {
			conditions[i].meet();
			errno = 4711;
			everybody_works();
			dprintf(1, "%lu", done);
			return 0;
		}
	return 2;
}
