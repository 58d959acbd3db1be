/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * rights.c: rights WHAT FOLDER: gives up its root, its user, both, or all descriptors, and then races. With
 * ORDERED nothing races.
 */
#include "../cases/case.h"

#include <string.h>
#include <unistd.h>

SHARED int shared;

static void *worker(void *unused)
{
	shared = 1;
	make_step();
	return unused;
}

static int give_up(const char *what, const char *folder)
{
	if (!strcmp(what, "descriptors"))
		for (int fd = 3; fd < 1024; fd++)
			close(fd);
	if (strcmp(what, "user") && (chroot(folder) || chdir("/")))
		return 0;
	return !strcmp(what, "root") || (!setgid(65534) && !setuid(65534));
}

int main(int argc, char **argv)
{
	pthread_t thread;

	if (argc != 3 || !give_up(argv[1], argv[2]))
		return 2;
	thread = start(worker, NULL);
	await_step(1);
	if (RIGHT)
		finish(thread);
	shared++;
	if (!RIGHT)
		finish(thread);
	return 0;
}
