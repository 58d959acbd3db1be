/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * file.c: data files come into being and are found again. No descriptor stays open: daemons close them all.
 *
 * A file appears by link() of a complete temporary one, so nobody ever sees half of it. Whoever may write to
 * the directory may write to the file.
 */
#include "coverage/coverage.h"

#include "core/print.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define CREATE_TRIES 3

static struct fl_file *files;

static unsigned mode_like_directory(void)
{
	struct stat st;

	return fl_sys_stat(fl_place_dir(), &st) ? 0600 : (st.st_mode & 0666) | 0600;
}

static int publish(const char *temporary, const char *path)
{
	int rc = fl_sys_link(temporary, path);

	if (rc && rc != -EEXIST) /* a file system without hard links */
		rc = fl_sys_rename_new(temporary, path);
	fl_sys_unlink(temporary);
	return rc == -EEXIST ? 0 : rc;
}

static int create(const struct fl_module *module, const char *path)
{
	char temporary[4400];
	int fd, rc = fl_place_make();

	if (rc)
		return rc;
	fl_print_to(temporary, sizeof(temporary), "%s.%d.%d.tmp", path, fl_sys_process(), fl_sys_thread());
	fl_sys_unlink(temporary); /* of a dead process of the same number */
	fd = fl_sys_open(temporary, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		return fd;
	rc = fl_layout_write(fd, module, fl_place_current_label());
	fl_sys_chmod_fd(fd, mode_like_directory());
	fl_sys_close(fd);
	if (rc) {
		fl_sys_unlink(temporary);
		return rc;
	}
	return publish(temporary, path);
}

static int open_or_create(const struct fl_module *module, const char *path)
{
	int fd = -ENOENT;

	for (int i = 0; i < CREATE_TRIES && fd == -ENOENT; i++) {
		fd = fl_sys_open(path, O_RDWR, 0);
		if (fd == -ENOENT) {
			int rc = create(module, path);
			if (rc)
				return rc;
		}
	}
	return fd;
}

static int map_head(struct fl_file *file, const struct fl_module *module, int fd)
{
	struct furlong_data_header header;
	struct stat st;
	void *at = NULL;
	int rc = fl_sys_fstat(fd, &st);

	if (rc)
		return rc;
	if (fl_sys_read(fd, &header, sizeof(header)) != (long)sizeof(header) ||
		!fl_layout_matches(&header, module) ||
		(uint64_t)st.st_size < header.slots_offset + header.slot_stride)
		return -EILSEQ;
	rc = fl_sys_map(&at, header.slots_offset, FL_SYS_MAP_ANYWHERE, fd, 0);
	if (rc)
		return rc;
	file->device = st.st_dev;
	file->inode = st.st_ino;
	file->header = at;
	file->owners = (uint64_t *)((char *)at + header.owners_offset);
	return 0;
}

static struct fl_file *find(const char *path)
{
	for (struct fl_file *file = files; file; file = file->next)
		if (!strcmp(file->path, path))
			return file;
	return NULL;
}

static void complain_file(const char *path, int error)
{
	static bool said;

	if (said)
		return;
	said = true;
	if (error == -EILSEQ)
		fl_print_message(
			"%s is not the data file of this program; move it away. Counts are kept in memory",
			path);
	else
		fl_print_message(
			"cannot use %s: %s. Counts are kept in memory and stored at exit or exec if that is "
			"possible then; a signal that kills loses them",
			path, fl_print_error(error));
}

static struct fl_file *make(const struct fl_module *module, const char *path, int fd)
{
	struct fl_file *file = fl_arena_take(sizeof(*file));
	char *own_path = fl_arena_take(strlen(path) + 1);
	int rc;

	if (!file || !own_path) {
		fl_sys_close(fd);
		return NULL;
	}
	memset(file, 0, sizeof(*file));
	rc = map_head(file, module, fd);
	if (rc) {
		complain_file(path, rc);
		fl_sys_close(fd);
		return NULL;
	}
	file->held = fl_arena_take(file->header->slot_capacity / 8 + 8);
	if (!file->held) {
		fl_sys_close(fd);
		return NULL;
	}
	strcpy(own_path, path);
	file->path = own_path;
	file->id = module->id;
	file->search_from = FL_SLOT_FIRST;
	file->fd = fd;
	file->next = files;
	files = file;
	return file;
}

struct fl_file *fl_file_get(const struct fl_module *module)
{
	char path[4300];
	struct fl_file *file;
	int fd;

	fl_place_name(path, sizeof(path), module->path, module->id, FURLONG_DATA_SUFFIX);
	file = find(path);
	if (file)
		return file;
	fd = open_or_create(module, path);
	if (fd < 0) {
		complain_file(fd == -ENOENT || fd == -EACCES || fd == -EROFS ? fl_place_dir() : path, fd);
		return NULL;
	}
	return make(module, path, fd);
}

int fl_file_open_again(struct fl_file *file)
{
	struct stat st;
	int fd;

	if (file->fd >= 0)
		return file->fd;
	fd = fl_sys_open(file->path, O_RDWR, 0);
	if (fd < 0)
		return fd;
	if (!fl_sys_fstat(fd, &st) && st.st_dev == file->device && st.st_ino == file->inode)
		return fd;
	fl_sys_close(fd);
	return -ESTALE;
}

void fl_file_close(struct fl_file *file, int fd)
{
	if (fd >= 0 && fd != file->fd)
		fl_sys_close(fd);
}

void fl_file_settle(struct fl_file *file)
{
	if (file->fd >= 0)
		fl_sys_close(file->fd);
	file->fd = -1;
}

/* What the parent holds is not ours. */
void fl_file_fork_child(void)
{
	for (struct fl_file *file = files; file; file = file->next)
		fl_slot_fork_child(file);
}

void fl_file_miss(void)
{
	struct stat st;

	for (struct fl_file *file = files; file; file = file->next) {
		if (!fl_sys_stat(file->path, &st) && st.st_dev == file->device && st.st_ino == file->inode)
			continue;
		/* Or only out of sight: another root, another user. */
		if (!fl_sys_mapping_is_deleted(file->header))
			continue;
		fl_print_message("%s was removed while process %d ran: its counts are lost", file->path,
			fl_sys_process());
		return;
	}
}
