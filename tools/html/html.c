/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * html.c: writes a report: assets, lists, then the files by several threads.
 *
 * Threads take the next file from an atomic counter and share nothing else that is written to. index.html
 * is written last: a report that has one is complete.
 */
#include "html.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "asset.h"
#include "file.h"
#include "highlight.h"
#include "list.h"
#include "race_page.h"
#include "sweep.h"
#include "util/error.h"
#include "util/memory.h"

enum { MOST_JOBS = 64 };

struct job {
	struct fl_report *report;
	atomic_uint next; /* file */
	atomic_bool failed;
	pthread_mutex_t lock; /* of error */
	struct fl_error error;
};

static int make_directory(const char *parent, const char *name, struct fl_error *error)
{
	char path[4096];
	int length = snprintf(path, sizeof path, "%s%s", parent, name);
	if (length < 0 || (size_t)length >= sizeof path)
		return fl_error_set(error, FL_EXIT_UNWRITABLE,
			"cannot write the report: the path of its directory is too long");
	for (char *slash = path + 1; *slash; slash++) {
		if (*slash != '/')
			continue;
		*slash = '\0';
		mkdir(path, 0777); /* what matters is whether the last one is there */
		*slash = '/';
	}
	struct stat facts;
	if (mkdir(path, 0777) && errno != EEXIST)
		return fl_error_set(
			error, FL_EXIT_UNWRITABLE, "cannot make the directory %s: %s", path, strerror(errno));
	if (stat(path, &facts) || !S_ISDIR(facts.st_mode))
		return fl_error_set(error, FL_EXIT_UNWRITABLE,
			"cannot write the report to %s: it is not a directory; name another with --html",
			path);
	return 0;
}

static void *write_files(void *argument)
{
	struct job *job = argument;
	struct fl_emit out;
	struct fl_file_writer writer = {.out = &out, .report = job->report};
	fl_emit_init(&out);
	while (!atomic_load(&job->failed)) {
		struct fl_error error;
		unsigned file = atomic_fetch_add(&job->next, 1);
		if (file >= job->report->model->file_count)
			break;
		if (fl_file_write(&writer, file, &error) == 0)
			continue;
		pthread_mutex_lock(&job->lock);
		if (!atomic_exchange(&job->failed, true))
			job->error = error;
		pthread_mutex_unlock(&job->lock);
	}
	fl_file_free(&writer);
	fl_emit_free(&out);
	return NULL;
}

static unsigned count_jobs(const struct fl_report *report)
{
	unsigned jobs = report->options->jobs;
	if (jobs == 0) {
		long processors = sysconf(_SC_NPROCESSORS_ONLN);
		jobs = processors > 1 ? (unsigned)processors : 1;
	}
	if (jobs > MOST_JOBS)
		jobs = MOST_JOBS;
	return jobs < report->model->file_count ? jobs : (unsigned)report->model->file_count;
}

/* This thread is one of the writers, so a thread that cannot be had costs time only. */
static int write_all_files(struct fl_report *report, struct fl_error *error)
{
	struct job job = {.report = report, .lock = PTHREAD_MUTEX_INITIALIZER};
	pthread_t threads[MOST_JOBS];
	unsigned jobs = count_jobs(report), started = 0;
	while (started + 1 < jobs && pthread_create(&threads[started], NULL, write_files, &job) == 0)
		started++;
	write_files(&job);
	while (started)
		pthread_join(threads[--started], NULL);
	if (job.failed)
		*error = job.error;
	return job.failed ? -1 : 0;
}

static int write_lists(struct fl_report *report, struct fl_error *error)
{
	struct fl_emit out;
	int status;
	fl_emit_init(&out);
	status = fl_list_write_search(&out, report, error);
	if (status == 0)
		status = fl_race_write_all(&out, report, error);
	for (size_t i = report->tree.count; i-- > 0 && status == 0;)
		if (report->tree.nodes[i].file == FL_TREE_NONE)
			status = fl_list_write(&out, report, (uint32_t)i, error);
	fl_emit_free(&out);
	return status;
}

static int write_report(struct fl_report *report, struct fl_error *error)
{
	const char *directory = report->options->directory;
	if (make_directory(directory, "", error) || make_directory(directory, "/file", error) ||
		make_directory(directory, "/dir", error) ||
		(report->model->races.race_count && make_directory(directory, "/race", error)))
		return -1;
	fl_sweep_old(directory);
	if (fl_asset_write(directory, error) || write_all_files(report, error))
		return -1;
	return write_lists(report, error);
}

/* A race counts once in each file and directory that one of its sides is in. */
static void count_races(struct fl_report *report)
{
	struct fl_tree *tree = &report->tree;
	const struct fl_races *races = &report->model->races;
	size_t *last = fl_resize(NULL, tree->count, sizeof *last);
	memset(last, 0xff, tree->count * sizeof *last);
	for (size_t i = 0; i < races->race_count; i++) {
		const struct fl_race *race = &races->races[i];
		for (size_t j = 0; j < race->access_count && !race->suppressed_by; j++) {
			const struct fl_frame *top = fl_race_top(&race->accesses[j].stack);
			uint32_t node = top ? fl_page_node_of(report, top->file) : FL_TREE_NONE;
			for (; node != FL_TREE_NONE && last[node] != i; node = tree->nodes[node].parent) {
				last[node] = i;
				tree->nodes[node].races++;
			}
		}
	}
	free(last);
}

int fl_html_write(const struct fl_model *model, const struct fl_html_options *options, struct fl_error *error)
{
	struct fl_model whole = *model;
	struct fl_report report = {.model = &whole, .options = options};
	whole.files = fl_race_marks_files(model, &whole.file_count);
	model = &whole;
	fl_race_marks_build(&report.marks, &model->races);
	fl_race_groups_build(&report.groups, &model->races);
	for (size_t i = 0; i < model->file_count && !report.header_is_cxx; i++)
		report.header_is_cxx = fl_highlight_language(model->files[i].path, false) == FL_LANGUAGE_CXX;
	fl_tree_build(&report.tree, model);
	count_races(&report);
	int status = write_report(&report, error);
	fl_tree_free(&report.tree);
	fl_race_groups_free(&report.groups);
	fl_race_marks_free(&report.marks);
	free(whole.files);
	return status;
}
