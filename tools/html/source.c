/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * source.c: see source.h.
 */
#include "source.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/memory.h"

static void read_all(struct fl_source *source, int fd, size_t expected)
{
	if (source->text_capacity <= expected) {
		free(source->text);
		source->text = fl_resize(NULL, source->text_capacity = expected + 1, 1);
	}
	for (;;) {
		if (source->size == source->text_capacity) {
			source->text_capacity *= 2;
			source->text = fl_resize(source->text, source->text_capacity, 1);
		}
		ssize_t got = read(fd, source->text + source->size, source->text_capacity - source->size);
		if (got <= 0)
			return;
		source->size += (size_t)got;
	}
}

static const char *find(const char *from, const char *end, char what)
{
	const char *found = from < end ? memchr(from, what, (size_t)(end - from)) : NULL;
	return found ? found : end;
}

/* Lines end with LF, CR LF or a lone CR, which is how clang counts them. */
static void split(struct fl_source *source)
{
	const char *at = source->text, *end = at + source->size, *feed = at;
	bool returns = find(at, end, '\r') < end;
	while (at < end) {
		*FL_PUSH(source->starts, source->line_count, source->starts_capacity) =
			(size_t)(at - source->text);
		if (feed <= at)
			feed = find(at, end, '\n');
		const char *stop = returns ? find(at, feed, '\r') : feed;
		at = stop + 1 == feed && feed < end ? feed + 1 : stop + 1;
		feed += feed < at; /* this one is done with */
	}
	*FL_PUSH(source->starts, source->line_count, source->starts_capacity) = source->size;
	source->line_count--; /* the last start is an end */
}

void fl_source_clear(struct fl_source *source)
{
	source->size = 0;
	source->line_count = 0;
}

bool fl_source_load(struct fl_source *source, const char *path)
{
	struct stat facts;
	fl_source_clear(source);
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;
	if (fd < 0)
		return false;
	bool regular = fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode);
	if (regular)
		read_all(source, fd, (size_t)facts.st_size);
	close(fd);
	split(source);
	return regular;
}

void fl_source_free(struct fl_source *source)
{
	free(source->text);
	free(source->starts);
}
