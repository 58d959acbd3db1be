/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * watch.c: see watch.h.
 */
#include "cmd/watch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cmd/pager.h"
#include "util/memory.h"
#include "util/progress.h"

struct output {
	char *bytes;
	size_t count, capacity;
};

/* In the child: all that it says goes to the pipe. */
static void speak(struct fl_settings *settings, const struct fl_verb *verb, int end)
{
	struct fl_error error = {0};
	dup2(end, STDOUT_FILENO);
	dup2(end, STDERR_FILENO);
	verb->run(settings, &error);
	fflush(stdout);
	if (*error.text)
		fprintf(stderr, "furlong: %s\n", error.text);
	_exit(0);
}

static void listen_to(int end, struct output *output)
{
	ssize_t got;
	output->count = 0;
	do {
		if (output->count == output->capacity) {
			output->capacity = output->capacity ? 2 * output->capacity : 1 << 16;
			output->bytes = fl_resize(output->bytes, output->capacity, 1);
		}
		got = read(end, output->bytes + output->count, output->capacity - output->count);
		output->count += got > 0 ? (size_t)got : 0;
	} while (got > 0 || (got < 0 && errno == EINTR));
}

static int run_once(struct fl_settings *settings, const struct fl_verb *verb, struct output *output,
	struct fl_error *error)
{
	int ends[2];
	if (pipe(ends))
		return fl_error_set(error, FL_EXIT_DATA, "--watch: %s", strerror(errno));
	fflush(NULL);
	pid_t child = fork();
	if (!child) {
		close(ends[0]);
		speak(settings, verb, ends[1]);
	}
	close(ends[1]);
	if (child > 0)
		listen_to(ends[0], output);
	close(ends[0]);
	if (child < 0)
		return fl_error_set(error, FL_EXIT_DATA, "--watch: %s", strerror(errno));
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	return 0;
}

static void draw(const struct output *output, bool terminal)
{
	char when[16];
	time_t now = time(NULL);
	struct tm local;
	strftime(when, sizeof when, "%H:%M:%S", localtime_r(&now, &local));
	if (terminal)
		fputs("\033[H\033[2J\033[3J", stdout);
	fwrite(output->bytes, 1, output->count, stdout);
	printf("%s at %s; shown again when it changes\n", terminal ? "\033[2m--\033[0m" : "--", when);
	fflush(stdout);
}

int fl_watch(struct fl_settings *settings, const struct fl_verb *verb, struct fl_error *error)
{
	struct output before = {0}, now = {0};
	bool terminal = fl_color_wanted(STDOUT_FILENO);
	const struct timespec second = {.tv_sec = 1};
	fl_color_choose(terminal ? FL_COLOR_ALWAYS : FL_COLOR_NEVER); /* the child's output is a pipe */
	for (bool first = true;; first = false) {
		if (run_once(settings, verb, &now, error))
			break;
		if (first || now.count != before.count || memcmp(now.bytes, before.bytes, now.count)) {
			draw(&now, terminal);
			struct output other = before;
			before = now;
			now = other;
		}
		nanosleep(&second, NULL);
	}
	free(before.bytes);
	free(now.bytes);
	return error->code;
}
