/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * report_symbolizer.c: names and lines, by the tool `furlong` as a process beside the program (format.h: the
 * protocol).
 *
 * Started at the first report and kept. Whatever is wrong with it (not there, no process to be had, killed,
 * silent) costs the program at most symbolizer_seconds, once, and one line; reports go on without names.
 */
#include "race/report.h"

#include "core/options.h"
#include "core/place.h"
#include "core/print.h"
#include "core/sys.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#define SYMBOLIZER_FAILURES 3 /* so often it is started again */
#define SYMBOLIZER_TEXT     (16 << 20)

static struct {
	char path[1200]; /* "": none */
	char *library_path;
	struct fl_sys_child child;
	uint32_t failures;
	bool said;
} symbolizer;

/* ---- where it is ------------------------------------------------------------------------------------------
 */

static bool symbolizer_is(const char *path)
{
	struct stat st;

	return !fl_sys_stat(path, &st) && S_ISREG(st.st_mode) && st.st_mode & 0111;
}

static void symbolizer_beside_runtime(const struct fl_sys_object *object, void *data)
{
	uintptr_t self = (uintptr_t)fl_report_symbolizer_init;
	const char *slash = object->path + strlen(object->path);

	if (self < object->begin || self >= object->end)
		return;
	/* PREFIX/lib/furlong/VERSION/libfurlong_rt.so */
	for (int part = 0; part < 4 && slash > object->path; part++)
		for (slash--; slash > object->path && *slash != '/';)
			slash--;
	fl_print_to(data, sizeof(symbolizer.path), "%s%s%.*s/bin/furlong",
		*object->path == '/' ? "" : fl_place_start(), *object->path == '/' ? "" : "/",
		(int)(slash - object->path), object->path);
}

static void symbolizer_find(void)
{
	const char *option = getauxval(AT_SECURE) ? "" : fl_options.symbolizer;
#ifdef FL_STATIC
	static const char *const places[] = {FL_TOOL_INSTALLED, FL_TOOL_BUILT};
#endif

	if (*option) {
		fl_print_to(symbolizer.path, sizeof(symbolizer.path), "%s%s%s",
			*option == '/' ? "" : fl_place_start(), *option == '/' ? "" : "/", option);
		return;
	}
#ifdef FL_STATIC
	(void)symbolizer_beside_runtime;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		fl_print_to(symbolizer.path, sizeof(symbolizer.path), "%s", places[i]);
		if (symbolizer_is(symbolizer.path))
			return;
	}
#else
	(void)symbolizer_is;
	fl_sys_objects_look(symbolizer_beside_runtime, symbolizer.path);
#endif
}

void fl_report_symbolizer_init(void)
{
	const char *library_path = getenv("LD_LIBRARY_PATH");

	if (!strcmp(fl_options.symbolizer, "none"))
		return;
	symbolizer.child.fd = -1;
	symbolizer_find();
	/* Its own environment: the program may change its own, and what it preloads is not for others. */
	if (library_path && *library_path) {
		size_t size = strlen(library_path) + sizeof("LD_LIBRARY_PATH=");
		void *copy = NULL;

		if (fl_sys_map(&copy, size, FL_SYS_MAP_ANYWHERE, -1, 0))
			return;
		symbolizer.library_path = copy;
		fl_print_to(copy, size, "LD_LIBRARY_PATH=%s", library_path);
	}
}

/* The parent's goes on answering the parent. */
void fl_report_symbolizer_fork_child(void)
{
	fl_sys_child_end(&symbolizer.child, false);
	symbolizer.failures = 0;
}

/* ---- talking to it
 * ------------------------------------------------------------------------------------------ */

static int symbolizer_greet(int64_t until)
{
	struct fl_report_out hello = {0};
	int rc;

	fl_report_put(&hello, "furlong-symbolize 1\noption directory");
	fl_report_put_field(&hello, fl_place_start());
	fl_report_put(&hello, "\noption style");
	fl_report_put_field(&hello, fl_options.style);
	fl_report_put(&hello, "\noption strip-path-prefix");
	fl_report_put_field(&hello, fl_options.strip_path_prefix);
	fl_report_put(&hello, "\noption suppressions");
	fl_report_put_field(&hello, fl_report_suppress_text());
	fl_report_put(&hello, "\n");
	rc = hello.failed ? -ENOMEM : fl_sys_child_send(&symbolizer.child, hello.text, hello.length, until);
	fl_report_out_clear(&hello);
	return rc;
}

static int symbolizer_start(int64_t until)
{
	char *const argv[] = {symbolizer.path, (char *)"symbolize", (char *)"--no-config", NULL};
	char *const envp[] = {(char *)"LC_ALL=C", symbolizer.library_path, NULL};
	int rc;

	if (fl_sys_child_is_there(&symbolizer.child))
		return 0;
	rc = fl_sys_child_start(symbolizer.path, argv, envp, &symbolizer.child);
	return rc ? rc : symbolizer_greet(until);
}

void fl_report_symbolizer_keep(void)
{
	if (*symbolizer.path && symbolizer.failures < SYMBOLIZER_FAILURES)
		symbolizer_start(fl_sys_now_ms() + 1000 * (int64_t)fl_options.symbolizer_seconds);
}

static bool symbolizer_has_head(const struct fl_report_out *text)
{
	return text->length && memchr(text->text, '\n', text->length);
}

/* "verdict new|suppressed LENGTH [SUPPRESSION]", or NULL. */
static const char *symbolizer_read_head(char *head, size_t *length, const char **suppression)
{
	const char *word = NULL, *at;

	*suppression = "";
	if (!strncmp(head, "verdict new ", 12))
		word = head + 12;
	else if (!strncmp(head, "verdict suppressed ", 19))
		word = head + 19;
	*length = 0;
	for (at = word; at && *at >= '0' && *at <= '9' && *length < SYMBOLIZER_TEXT; at++)
		*length = *length * 10 + (size_t)(*at - '0');
	if (!at || at == word)
		return NULL;
	if (*at == ' ')
		*suppression = at + 1;
	return head[8] == 's' ? "suppressed" : "new";
}

/* Its whole answer: the head in front, NUL in place of its line feed. */
static int symbolizer_listen(struct fl_report_out *text, int64_t until, size_t *head_length, size_t *length)
{
	char bytes[4096];
	const char *suppression;
	bool know = false;

	*length = *head_length = 0;
	while (!know || text->length < *head_length + *length) {
		long n = fl_sys_child_receive(&symbolizer.child, bytes, sizeof(bytes), until);

		if (n <= 0)
			return n ? (int)n : -EPIPE;
		fl_report_put_bytes(text, bytes, (size_t)n);
		if (text->failed)
			return -ENOMEM;
		if (know || !symbolizer_has_head(text))
			continue;
		*head_length = (size_t)((char *)memchr(text->text, '\n', text->length) - text->text) + 1;
		text->text[*head_length - 1] = 0;
		if (!symbolizer_read_head(text->text, length, &suppression))
			return -EPROTO;
		know = true;
	}
	return 0;
}

static int symbolizer_ask(const struct fl_report_out *block, struct fl_report_out *text, int64_t until,
	size_t *head_length, size_t *length)
{
	int rc = symbolizer_start(until);

	if (!rc)
		rc = fl_sys_child_send(&symbolizer.child, block->text, block->length, until);
	return rc ? rc : symbolizer_listen(text, until, head_length, length);
}

static void symbolizer_give_up(int error)
{
	fl_sys_child_end(&symbolizer.child, true);
	symbolizer.failures = SYMBOLIZER_FAILURES;
	if (error == -ETIMEDOUT)
		fl_print_message(
			"%s did not answer within %d seconds (option symbolizer_seconds); reports name no "
			"lines from here on",
			symbolizer.path, fl_options.symbolizer_seconds);
	else
		fl_print_message(
			"cannot have lines named by %s: %s; reports name none (option symbolizer=PATH)",
			symbolizer.path,
			error == -EPIPE || error == -ECONNRESET ? "it ended" : fl_print_error(error));
}

enum fl_report_verdict fl_report_symbolize(
	const struct fl_report_out *block, struct fl_report_out *text, const char **suppression)
{
	int64_t until = fl_sys_now_ms() + 1000 * (int64_t)fl_options.symbolizer_seconds;
	size_t head_length = 0, length = 0;
	const char *verdict;
	int rc = -EPIPE;

	if (!*symbolizer.path)
		return FL_REPORT_NO_NAMES;
	while (rc && symbolizer.failures < SYMBOLIZER_FAILURES) {
		text->length = 0;
		rc = symbolizer_ask(block, text, until, &head_length, &length);
		if (!rc)
			break;
		fl_sys_child_end(&symbolizer.child, true);
		/* Killed in between: another may live longer. */
		if ((rc != -EPIPE && rc != -ECONNRESET) || ++symbolizer.failures == SYMBOLIZER_FAILURES)
			symbolizer_give_up(rc);
	}
	if (rc)
		return FL_REPORT_NO_NAMES;
	verdict = symbolizer_read_head(text->text, &length, suppression);
	if (*verdict == 's')
		return FL_REPORT_SUPPRESSED;
	if (!length)
		return FL_REPORT_NO_NAMES;
	text->length = length;
	memmove(text->text, text->text + head_length, length);
	text->text[length] = 0;
	return FL_REPORT_NEW;
}
