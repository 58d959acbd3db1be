/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * files.c: see files.h.
 */
#include "util/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/memory.h"

int fl_bytes_map(const char *path, struct fl_bytes *bytes)
{
	*bytes = (struct fl_bytes){0};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -1;
	struct stat st;
	int result = fstat(fd, &st);
	if (!result && !S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
		result = -1;
	}
	if (!result && st.st_size) {
		void *data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (data == MAP_FAILED)
			result = -1;
		else
			*bytes = (struct fl_bytes){data, (size_t)st.st_size};
	}
	int saved = errno;
	close(fd);
	errno = saved;
	return result;
}

void fl_bytes_unmap(struct fl_bytes *bytes)
{
	if (bytes->size)
		munmap((void *)bytes->data, bytes->size);
	*bytes = (struct fl_bytes){0};
}

static int cannot_write(const char *path, struct fl_error *error)
{
	return fl_error_set(error, FL_EXIT_UNWRITABLE, "cannot write %s: %s", path, strerror(errno));
}

int fl_output_open(struct fl_output *output, const char *path, struct fl_error *error)
{
	*output = (struct fl_output){.path = path};
	if (!strcmp(path, "-")) {
		output->stream = stdout;
		return 0;
	}
	struct stat st;
	if (!stat(path, &st) && !S_ISREG(st.st_mode)) { /* /dev/null, a FIFO: nothing to rename over */
		output->stream = fopen(path, "we");
		return output->stream ? 0 : cannot_write(path, error);
	}
	output->temporary = fl_alloc(strlen(path) + 32);
	sprintf(output->temporary, "%s.%ld.tmp", path, (long)getpid());
	output->stream = fopen(output->temporary, "we");
	if (output->stream) {
		setvbuf(output->stream, NULL, _IOFBF, 1 << 16);
		return 0;
	}
	free(output->temporary);
	output->temporary = NULL;
	return cannot_write(path, error);
}

void fl_output_discard(struct fl_output *output)
{
	if (output->stream && output->stream != stdout)
		fclose(output->stream);
	if (output->temporary)
		unlink(output->temporary);
	free(output->temporary);
	*output = (struct fl_output){0};
}

int fl_output_close(struct fl_output *output, struct fl_error *error)
{
	int failed = fflush(output->stream) || ferror(output->stream);
	if (!failed && output->temporary)
		failed = rename(output->temporary, output->path);
	if (failed) {
		cannot_write(!strcmp(output->path, "-") ? "to standard output" : output->path, error);
		fl_output_discard(output);
		return -1;
	}
	if (output->stream != stdout)
		fclose(output->stream);
	free(output->temporary);
	*output = (struct fl_output){0};
	return 0;
}

int fl_make_directories(const char *path, struct fl_error *error)
{
	char *partial = fl_alloc(strlen(path) + 1);
	strcpy(partial, path);
	int result = 0;
	for (char *p = partial + 1; !result; p++) {
		if (*p != '/' && *p)
			continue;
		char saved = *p;
		*p = '\0';
		if (mkdir(partial, 0777) && errno != EEXIST)
			result = fl_error_set(error, FL_EXIT_UNWRITABLE, "cannot make directory %s: %s",
				partial, strerror(errno));
		*p = saved;
		if (!saved)
			break;
	}
	struct stat st;
	if (!result && (stat(path, &st) || !S_ISDIR(st.st_mode)))
		result = fl_error_set(
			error, FL_EXIT_UNWRITABLE, "cannot make directory %s: a file is in the way", path);
	free(partial);
	return result;
}
