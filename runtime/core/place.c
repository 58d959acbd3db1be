/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * place.c: the data directory and the names in it. Absolute from the start: the program may change directory.
 */
#include "core/place.h"

#include "core/print.h"
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define NAME_BASE_BYTES 100 /* of the module's own name: file names end at 255 */

static struct {
	char dir[4096], start[2048];
	int error; /* why there is no directory */
	char label[FL_LABEL_BYTES], test[FL_LABEL_BYTES];
} place;

const char *fl_place_dir(void)
{
	return place.dir;
}

const char *fl_place_start(void)
{
	return place.start;
}

const char *fl_place_current_label(void)
{
	return place.label;
}

static void copy_label(char *to, const char *label)
{
	size_t length = strnlen(label, FL_LABEL_BYTES - 1);

	memcpy(to, label, length);
	to[length] = 0;
}

void fl_place_label(const char *label)
{
	copy_label(place.label, label);
}

const char *fl_place_current_test(void)
{
	return place.test;
}

void fl_place_test(const char *name)
{
	copy_label(place.test, name);
}

void fl_place_init(const char *dir)
{
	const char *cwd = place.start;
	long length = fl_sys_getcwd(place.start, sizeof(place.start));

	if (length < 0 || *cwd != '/')
		*place.start = 0;
	if (*dir == '/') {
		fl_print_to(place.dir, sizeof(place.dir), "%s", dir);
		return;
	}
	if (!*cwd) {
		place.error = length < 0 ? (int)length : -ENOENT;
		fl_print_to(place.dir, sizeof(place.dir), "%s", dir);
		return;
	}
	fl_print_to(place.dir, sizeof(place.dir), "%s/%s", cwd[1] ? cwd : "", dir);
}

/* Data are not for version control. */
static void ignore_self(void)
{
	char path[sizeof(place.dir) + 16];
	int fd;

	fl_print_to(path, sizeof(path), "%s/.gitignore", place.dir);
	fd = fl_sys_open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);
	if (fd < 0)
		return;
	fl_sys_pwrite_all(fd, "*\n", 2, 0);
	fl_sys_close(fd);
}

int fl_place_make(void)
{
	char path[sizeof(place.dir)];
	struct stat st;
	int rc = 0;

	if (place.error)
		return place.error;
	if (!fl_sys_stat(place.dir, &st))
		return S_ISDIR(st.st_mode) ? 0 : -ENOTDIR;
	memcpy(path, place.dir, sizeof(path));
	for (char *slash = path + 1;; slash++) {
		char was = *slash;

		if (was && was != '/')
			continue;
		*slash = 0;
		rc = fl_sys_mkdir(path, 0777);
		*slash = was;
		if (!was)
			break;
	}
	if (rc == 0)
		ignore_self();
	return rc == -EEXIST ? 0 : rc;
}

static uint32_t hash_label(const char *label)
{
	uint32_t hash = 2166136261u;

	while (*label)
		hash = (hash ^ (uint8_t)*label++) * 16777619u;
	return hash;
}

size_t fl_place_name(char *path, size_t size, const char *module, uint64_t id, const char *suffix)
{
	const char *slash = strrchr(module, '/'), *base = slash ? slash + 1 : module;
	size_t length = fl_print_to(path, size, "%s/%.*s.%016lx", place.dir, NAME_BASE_BYTES, base, id);

	if (*place.label && length < size)
		length += fl_print_to(path + length, size - length, ".%08x", hash_label(place.label));
	if (length < size)
		length += fl_print_to(path + length, size - length, "%s", suffix);
	return length;
}
