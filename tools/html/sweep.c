/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sweep.c: see sweep.h. A report is ours if the first page that would be opened says so; a directory that
 * merely has the same names in it is left alone.
 */
#include "sweep.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static bool is_ours(int directory)
{
	static const char sign[] = "<meta name=generator content=Furlong>";
	char head[4096];
	int fd = openat(directory, "index.html", O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return false;
	ssize_t got = read(fd, head, sizeof head);
	close(fd);
	return got > 0 && memmem(head, (size_t)got, sign, sizeof sign - 1);
}

static void sweep_pages(int parent, const char *name, const char *extension)
{
	size_t suffix = strlen(extension);
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
	if (!directory) {
		if (fd >= 0)
			close(fd);
		return;
	}
	for (struct dirent *entry; (entry = readdir(directory));) {
		size_t length = strlen(entry->d_name);
		if (length > suffix && !strcmp(entry->d_name + length - suffix, extension))
			unlinkat(fd, entry->d_name, 0);
	}
	closedir(directory);
}

void fl_sweep_old(const char *path)
{
	int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0)
		return;
	if (is_ours(directory)) {
		unlinkat(directory, "index.html", 0);
		sweep_pages(directory, "file", ".html");
		sweep_pages(directory, "dir", ".html");
		sweep_pages(directory, "race", ".html");
		sweep_pages(directory, "data", ".js");
		unlinkat(directory, "view.html", 0);
	}
	close(directory);
}
