/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * report_suppress.c: the suppressions file. Read at the start, as it may be out of reach later; the tool
 * judges by its text, here it is only counted what matched.
 */
#include "race/annotate.h"
#include "race/report.h"

#include "core/options.h"
#include "core/place.h"
#include "core/print.h"
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define SUPPRESS_LIMIT (1 << 20)

struct suppression {
	struct suppression *next;
	const char *text;
	uint64_t times; /* at the end */
};

static struct {
	char *text;
	struct suppression *first;
	bool said;
} suppress;

/* ---- the file -------------------------------------------------------------------------------------------
 */

static int suppress_read(const char *path)
{
	void *text = NULL;
	size_t length = 0;
	long n = 0;
	int fd = fl_sys_open(path, O_RDONLY, 0), rc;

	if (fd < 0)
		return fd;
	rc = fl_sys_map(&text, SUPPRESS_LIMIT, FL_SYS_MAP_ANYWHERE, -1, 0);
	while (!rc && length < SUPPRESS_LIMIT - 1 &&
		(n = fl_sys_read(fd, (char *)text + length, SUPPRESS_LIMIT - 1 - length)) > 0)
		length += (size_t)n;
	fl_sys_close(fd);
	if (rc || n < 0)
		return rc ? rc : (int)n;
	suppress.text = text;
	return length == SUPPRESS_LIMIT - 1 ? -EFBIG : 0;
}

/* Beside the program, as with ThreadSanitizer. */
static int suppress_read_beside(const char *name)
{
	char path[4096];
	long length = fl_sys_readlink("/proc/self/exe", path, sizeof(path) - strlen(name) - 1);

	while (length > 0 && path[length - 1] != '/')
		length--;
	if (length <= 0)
		return -ENOENT;
	memcpy(path + length, name, strlen(name) + 1);
	return suppress_read(path);
}

/* The next line that is not empty and no comment; without blanks around it. */
static const char *suppress_line(const char *at, const char **line, size_t *length)
{
	while (at && *at) {
		const char *end = at + strcspn(at, "\n"), *stop = end;

		while (at < end && (*at == ' ' || *at == '\t'))
			at++;
		for (const char *c = at; c < stop; c++)
			if (*c == '#' && (c == at || c[-1] == ' ' || c[-1] == '\t'))
				stop = c;
		while (stop > at && (stop[-1] == ' ' || stop[-1] == '\t' || stop[-1] == '\r'))
			stop--;
		*line = at;
		*length = (size_t)(stop - at);
		at = *end ? end + 1 : end;
		if (*length)
			return at;
	}
	return NULL;
}

static bool suppress_is_known(const char *line, size_t length)
{
	static const char *const types[] = {
		"race:", "race_top:", "mutex:", "thread:", "deadlock:", "signal:", "called_from_lib:"};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (length > strlen(types[i]) && !memcmp(line, types[i], strlen(types[i])))
			return true;
	return false;
}

/* What the program brings along, behind the file's. */
static void suppress_add_defaults(void)
{
	const char *defaults = __tsan_default_suppressions ? __tsan_default_suppressions() : NULL;
	size_t used = suppress.text ? strlen(suppress.text) : 0, more = defaults ? strlen(defaults) : 0;
	void *text = NULL;

	if (!more || fl_sys_map(&text, used + more + 2, FL_SYS_MAP_ANYWHERE, -1, 0))
		return;
	fl_print_to(text, used + more + 2, "%s%s%s", suppress.text ? suppress.text : "", used ? "\n" : "",
		defaults);
	suppress.text = text;
}

void fl_report_suppress_init(void)
{
	const char *name = fl_options.suppressions, *at, *line;
	size_t length;
	int rc = *name ? suppress_read(name) : 0;

	if (rc == -ENOENT && *name != '/')
		rc = suppress_read_beside(name);
	if (rc)
		fl_print_message("cannot read suppressions from %s: %s; nothing is suppressed", name,
			fl_print_error(rc));
	suppress_add_defaults();
	for (at = fl_report_suppress_text(); (at = suppress_line(at, &line, &length));)
		if (!suppress_is_known(line, length))
			fl_print_message(
				"%s: '%.*s' is no suppression and is left out; one is TYPE:PATTERN, TYPE "
				"race, race_top, called_from_lib, mutex, thread, deadlock or signal",
				*name ? name : "__tsan_default_suppressions", (int)length, line);
}

const char *fl_report_suppress_text(void)
{
	return suppress.text ? suppress.text : "";
}

const char *fl_report_suppress_keep(const char *suppression)
{
	struct suppression *kept;
	void *memory = NULL;
	size_t size = strlen(suppression) + 1;

	for (kept = suppress.first; kept; kept = kept->next)
		if (!strcmp(kept->text, suppression))
			return kept->text;
	if (fl_sys_map(&memory, sizeof(*kept) + size, FL_SYS_MAP_ANYWHERE, -1, 0))
		return "?";
	kept = memory;
	kept->text = memcpy(kept + 1, suppression, size);
	kept->next = suppress.first;
	suppress.first = kept;
	return kept->text;
}

/* ---- at the end
 * -------------------------------------------------------------------------------------------- */

static void suppress_count(struct fl_report_known *known, void *data)
{
	(void)data;
	for (struct suppression *s = suppress.first; s; s = s->next)
		if (s->text == known->suppressed)
			s->times += known->times;
}

static bool suppress_matched(const char *line, size_t length)
{
	for (struct suppression *s = suppress.first; s; s = s->next)
		if (strlen(s->text) == length && !memcmp(s->text, line, length) && s->times)
			return true;
	return false;
}

/* In a process that never had a second thread nothing can match: that says nothing of the file. */
void fl_report_suppress_at_exit(void)
{
	char list[800];
	size_t used = 0, unused = 0, at_used = 0, length;
	const char *at, *line;

	if (!suppress.text || !fl_options.print_suppressions || !fl_race_concurrent || suppress.said)
		return;
	suppress.said = true;
	fl_report_known_each(suppress_count, NULL);
	for (struct suppression *s = suppress.first; s; s = s->next, used++)
		if (at_used < sizeof(list))
			at_used += fl_print_to(list + at_used, sizeof(list) - at_used, "%s%lu %s",
				used ? ", " : "", s->times, s->text);
	if (used)
		fl_print_message("suppressions matched (times): %s", list);
	for (at_used = 0, at = suppress.text; (at = suppress_line(at, &line, &length));) {
		if (!suppress_is_known(line, length) || suppress_matched(line, length))
			continue;
		if (at_used < sizeof(list))
			at_used += fl_print_to(list + at_used, sizeof(list) - at_used, "%s%.*s",
				unused ? ", " : "", (int)length, line);
		unused++;
	}
	if (unused)
		fl_print_message("%lu suppression%s of %s matched nothing: %s%s", unused,
			unused == 1 ? "" : "s",
			*fl_options.suppressions ? fl_options.suppressions : "the program", list,
			at_used < sizeof(list) ? "" : "...");
}
