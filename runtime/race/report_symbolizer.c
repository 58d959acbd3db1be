/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * report_symbolizer.c: names and lines, by the tool `furlong` as a process beside the program (format.h:
 * furlong_spool). The program puts reports into shared memory and goes on; the tool prints them when it has
 * found the names. Answers are taken at the next report, and waited for only at the end, or where somebody
 * wants to know what was printed.
 *
 * Started at the first report and kept. Whatever is wrong with it (not there, no process to be had, killed,
 * silent) costs the program at most symbolizer_seconds, once, and one line; what it did not answer is then
 * printed without names, in order, as is all that comes later.
 *
 *   spool full, or the end       wait for answers
 *   socket ended                 the tool was killed: start another, which begins with what was not answered
 *   socket closed by the program the tool answers what is left: wait for that, then start another
 *   no answer in time, nonsense  give up
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

static struct {
	char path[1200]; /* "": none */
	char *library_path;
	struct fl_sys_child child;
	uint32_t failures;
	int64_t moved_ms; /* when there was an answer, or nothing was asked before */
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
	fl_sys_child_fork_child(&symbolizer.child);
	fl_spool_drop();
	symbolizer.failures = 0;
}

/* ---- starting it, and telling it that there is something
 * ---------------------------------------------------
 */

static int symbolizer_make_spool(void)
{
	struct fl_report_out options = {0};
	int fd = -ENOMEM;

	fl_report_put(&options, "option directory");
	fl_report_put_field(&options, fl_place_start());
	fl_report_put(&options, "\noption style");
	fl_report_put_field(&options, fl_options.style);
	fl_report_put(&options, "\noption strip-path-prefix");
	fl_report_put_field(&options, fl_options.strip_path_prefix);
	fl_report_put(&options, "\noption suppressions");
	fl_report_put_field(&options, fl_report_suppress_text());
	fl_report_put(&options, "\n");
	if (!options.failed)
		fd = fl_spool_open(&options, (uint32_t)fl_options.symbolizer_seconds);
	fl_report_out_clear(&options);
	return fd;
}

static int symbolizer_start(void)
{
	static char *const argv[] = {symbolizer.path, (char *)"symbolize", (char *)"--no-config", NULL};
	static char *envp[] = {(char *)"LC_ALL=C", NULL, NULL};
	int spool, rc;

	if (fl_sys_child_is_there(&symbolizer.child))
		return 0;
	spool = symbolizer_make_spool();
	if (spool < 0)
		return spool;
	envp[1] = symbolizer.library_path;
	rc = fl_sys_child_start(symbolizer.path, argv, envp, &symbolizer.child);
	if (!rc)
		rc = fl_sys_child_ring(&symbolizer.child, FURLONG_SPOOL_HERE, &spool, 1);
	fl_sys_close(spool);
	symbolizer.moved_ms = fl_sys_now_ms();
	return rc;
}

/* A socket that takes no more has more than enough of these, and the tool will look once more for each. */
static int symbolizer_ring(void)
{
	int out = fl_print_open(), data = fl_report_data_open(), fds[2], rc;
	size_t count = 0;
	char what = FURLONG_SPOOL_GO;

	if (out >= 0) {
		what |= FURLONG_SPOOL_OUT;
		fds[count++] = out;
	}
	if (data >= 0) {
		what |= FURLONG_SPOOL_DATA;
		fds[count++] = data;
	}
	rc = fl_sys_child_ring(&symbolizer.child, what, fds, count);
	fl_print_close(out);
	fl_report_data_close(data);
	return rc == -EAGAIN || rc == -ETOOMANYREFS ? 0 : rc;
}

/* ---- answers ----------------------------------------------------------------------------------------------
 */

/* The last one's text and verdict, if they are wanted. */
static void symbolizer_collect(struct fl_report_answer *last)
{
	struct fl_spool_report words;

	while (fl_spool_look(&words) && words.is_answered) {
		symbolizer.moved_ms = fl_sys_now_ms();
		fl_report_answered(&words);
		if (last) {
			last->verdict = words.verdict;
			if (words.verdict == FURLONG_VERDICT_NEW && last->text) {
				last->text->length = 0;
				fl_report_put_bytes(
					last->text, words.answer, strnlen(words.answer, words.answer_bytes));
			}
		}
		fl_spool_take();
	}
}

static void symbolizer_say(int error)
{
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

/* What waits is printed as it is; `last` keeps the text that came with it. */
static void symbolizer_give_up(int error, struct fl_report_answer *last)
{
	struct fl_spool_report words;

	symbolizer.failures = SYMBOLIZER_FAILURES;
	symbolizer_say(error);
	for (; fl_spool_look(&words); fl_spool_take()) {
		fl_print_text(words.text, words.text_bytes);
		words.verdict = FURLONG_VERDICT_NEW;
		fl_report_answered(&words);
		if (last)
			last->verdict = words.verdict;
	}
	fl_spool_drop();
}

static void symbolizer_failed(int error, struct fl_report_answer *last)
{
	bool ended = error == -EPIPE || error == -ECONNRESET;
	int never_began = ended ? fl_sys_child_error(&symbolizer.child) : 0;

	symbolizer_collect(last);
	fl_sys_child_end(&symbolizer.child);
	if (never_began) {
		ended = false;
		error = never_began;
	}
	/* Killed in between: another may live longer. */
	if (!ended || ++symbolizer.failures == SYMBOLIZER_FAILURES)
		symbolizer_give_up(error, last);
}

/* Somebody is at work on what waits, or it was given up. */
static void symbolizer_go(struct fl_report_answer *last)
{
	int rc = -EPIPE;

	while (rc && symbolizer.failures < SYMBOLIZER_FAILURES) {
		rc = symbolizer_start();
		if (!rc && fl_spool_waiting())
			rc = symbolizer_ring();
		if (rc)
			symbolizer_failed(rc, last);
	}
}

/* Until when there must be an answer. Printing may take for ever, as it may where the program does it. */
static int64_t symbolizer_deadline(void)
{
	struct fl_spool_report oldest;

	return fl_spool_look(&oldest) && oldest.verdict
		       ? INT64_MAX
		       : symbolizer.moved_ms + 1000 * (int64_t)fl_options.symbolizer_seconds;
}

/* Waits for a sign of life: 0, or why there will be none. */
static int symbolizer_hear(int64_t until)
{
	char bytes[256];
	long n;

	if (!fl_sys_child_is_there(&symbolizer.child)) {
		if (fl_sys_child_is_dead(&symbolizer.child))
			return -EPIPE;
		fl_sys_nap();
		return fl_sys_now_ms() < until ? 0 : -ETIMEDOUT;
	}
	n = fl_sys_child_receive(&symbolizer.child, bytes, sizeof(bytes), until);
	for (long i = 0; i < n; i++)
		if (bytes[i] != FURLONG_SPOOL_ANSWER)
			return -EPROTO;
	return n > 0 ? 0 : n ? (int)n : -EPIPE;
}

static void symbolizer_wait_once(struct fl_report_answer *last)
{
	int rc = symbolizer_hear(symbolizer_deadline());

	symbolizer_collect(last);
	if (!rc)
		return;
	symbolizer_failed(rc, last);
	symbolizer_go(last);
}

void fl_report_wait(struct fl_report_answer *last)
{
	symbolizer_collect(last);
	if (fl_spool_waiting() && fl_sys_child_is_there(&symbolizer.child))
		symbolizer_ring();
	while (fl_spool_waiting())
		symbolizer_wait_once(last);
}

/* ---- asking
 * ------------------------------------------------------------------------------------------------
 */

/* What can be seen of it without waiting. */
static void symbolizer_look_after(void)
{
	int rc;

	symbolizer_collect(NULL);
	if (!fl_spool_waiting())
		return;
	if (!fl_sys_child_is_there(&symbolizer.child)) {
		fl_report_wait(NULL);
		return;
	}
	rc = symbolizer_hear(0);
	if (rc == -ETIMEDOUT && fl_sys_now_ms() < symbolizer_deadline())
		rc = 0;
	if (rc)
		symbolizer_failed(rc, NULL);
}

bool fl_report_ask(const struct fl_spool_report *words)
{
	if (!*symbolizer.path || symbolizer.failures >= SYMBOLIZER_FAILURES)
		return false;
	symbolizer_look_after();
	symbolizer_go(NULL);
	if (!fl_spool_waiting())
		symbolizer.moved_ms = fl_sys_now_ms();
	while (symbolizer.failures < SYMBOLIZER_FAILURES && !fl_spool_put(words)) {
		if (!fl_spool_waiting())
			return false; /* too long, or no memory */
		symbolizer_wait_once(NULL);
	}
	if (symbolizer.failures >= SYMBOLIZER_FAILURES)
		return false;
	symbolizer_go(NULL);
	return true;
}

void fl_report_symbolizer_keep(void)
{
	if (*symbolizer.path && symbolizer.failures < SYMBOLIZER_FAILURES)
		symbolizer_go(NULL);
}
