/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sweep.c: see sweep.h. A report is ours if the first page that would be opened says so; a directory that
 * merely has the same names in it is left alone.
 */
#include "sweep.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/map.h"

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

static void sweep_pages(int parent, const char *name, const char *extension, const struct fl_map *kept)
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
		char path[sizeof entry->d_name + 8];
		size_t length = strlen(entry->d_name);
		int whole = snprintf(path, sizeof path, "%s/%s", name, entry->d_name);
		if (length > suffix && !strcmp(entry->d_name + length - suffix, extension) &&
			!fl_map_get(kept, path, (size_t)whole))
			unlinkat(fd, entry->d_name, 0);
	}
	closedir(directory);
}

bool fl_sweep_begin(const char *path)
{
	int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ours = directory >= 0 && is_ours(directory);
	if (ours) {
		unlinkat(directory, "index.html", 0);
		unlinkat(directory, "view.html", 0);
	}
	if (directory >= 0)
		close(directory);
	return ours;
}

void fl_sweep_old(const char *path, const struct fl_map *kept)
{
	int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0)
		return;
	sweep_pages(directory, "file", ".html", kept);
	sweep_pages(directory, "dir", ".html", kept);
	sweep_pages(directory, "race", ".html", kept);
	sweep_pages(directory, "data", ".js", kept);
	close(directory);
}
