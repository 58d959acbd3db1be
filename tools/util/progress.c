/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * progress.c: see progress.h. One activity at a time; the line is erased when it ends.
 */
#include "util/progress.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 1000, PERIOD_MS = 100 };

static const char *activity;
static size_t total_steps;
static atomic_size_t steps;
static atomic_llong next_ms;
static atomic_bool shown;

static long long now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

void fl_progress_begin(const char *what, size_t total)
{
	const char *term = getenv("TERM");
	if (!isatty(STDERR_FILENO) || !total || (term && !strcmp(term, "dumb")))
		return;
	activity = what;
	total_steps = total;
	atomic_store(&steps, 0);
	atomic_store(&next_ms, now_ms() + PATIENCE_MS);
}

void fl_progress_step(void)
{
	if (!activity)
		return;
	size_t done = atomic_fetch_add(&steps, 1) + 1;
	long long now = now_ms(), due = atomic_load(&next_ms);
	if (now < due || !atomic_compare_exchange_strong(&next_ms, &due, now + PERIOD_MS))
		return;
	atomic_store(&shown, true);
	fprintf(stderr, "\rfurlong: %s %zu of %zu (%zu%%)\033[K", activity, done, total_steps,
		done * 100 / total_steps);
	fflush(stderr);
}

void fl_progress_end(void)
{
	activity = NULL;
	if (atomic_exchange(&shown, false))
		fputs("\r\033[K", stderr);
}

static enum fl_color choice = FL_COLOR_AUTO;

void fl_color_choose(enum fl_color color)
{
	choice = color;
}

bool fl_color_wanted(int descriptor)
{
	if (choice != FL_COLOR_AUTO)
		return choice == FL_COLOR_ALWAYS;
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	return isatty(descriptor) && !(no_color && *no_color) && !(term && !strcmp(term, "dumb"));
}
