/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * bundle.c: see bundle.h. Threads take the next bundle from an atomic counter and share nothing else that is
 * written to.
 */
#include "bundle.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "pack.h"
#include "util/error.h"
#include "util/memory.h"

enum {
	MOST_JOBS = 64,
	LINES_IN_BUNDLE = 5000, /* about: large enough to deflate well, small enough to be had in no time */
	LINES_AT_LEAST = 100,   /* what a file counts for: its page is more than its lines */
};

struct job {
	struct fl_bundles *bundles;
	const struct fl_report *report;
	atomic_size_t next;
	atomic_bool failed;
	pthread_mutex_t lock; /* of error */
	struct fl_error error;
};

static uint64_t lines_of(const struct fl_file *file)
{
	return LINES_AT_LEAST + (file->line_count ? file->lines[file->line_count - 1].line : 0);
}

void fl_bundles_build(struct fl_bundles *bundles, const struct fl_report *report)
{
	const struct fl_model *model = report->model;
	uint64_t lines = 0;
	*bundles =
		(struct fl_bundles){.first = fl_resize(NULL, model->file_count + 1, sizeof *bundles->first)};
	for (uint32_t i = 0; i < model->file_count; i++) {
		if (!i || lines >= LINES_IN_BUNDLE) {
			bundles->first[bundles->count++] = i;
			lines = 0;
		}
		lines += lines_of(&model->files[i]);
	}
	bundles->first[bundles->count] = (uint32_t)model->file_count;
	if (report->options->form == FL_HTML_SINGLE)
		bundles->kept = fl_alloc((bundles->count + 1) * sizeof *bundles->kept);
}

void fl_bundles_free(struct fl_bundles *bundles)
{
	for (size_t i = 0; bundles->kept && i < bundles->count; i++)
		fl_bag_free(&bundles->kept[i]);
	free(bundles->kept);
	free(bundles->first);
}

static int write_file(
	struct fl_file_writer *writer, struct fl_pack *pack, uint32_t file, struct fl_error *error)
{
	const struct fl_report *report = writer->report;
	char path[FL_PAGE_PATH_BYTES];
	if (fl_file_write(writer, file, error))
		return -1;
	if (report->options->form != FL_HTML_PAGES)
		return 0;
	fl_page_path(&report->tree, report->tree.node_of_file[file], FL_TREE_BY_NAME, path);
	fl_pack_add_text(pack, path, &writer->source);
	return 0;
}

static int write_bundle(struct fl_file_writer *writer, struct fl_pack *pack, struct fl_bundles *bundles,
	size_t number, struct fl_error *error)
{
	char name[24];
	int status = 0;
	for (uint32_t file = bundles->first[number]; file < bundles->first[number + 1] && !status; file++)
		status = write_file(writer, pack, file, error);
	snprintf(name, sizeof name, "%zu", number);
	fl_pack_close(pack);
	if (!status && bundles->kept)
		fl_squeeze(&bundles->kept[number], name, pack->columns, FL_PACK_COLUMNS);
	else if (!status)
		status = fl_squeeze_write(
			writer->report->options->directory, name, pack->columns, FL_PACK_COLUMNS, error);
	fl_pack_clear(pack);
	return status;
}

static void *write_bundles(void *argument)
{
	struct job *job = argument;
	struct fl_emit out;
	struct fl_pack pack = {0};
	struct fl_file_writer writer = {.out = &out, .report = job->report};
	fl_emit_init(&out);
	out.pack = &pack;
	while (!atomic_load(&job->failed)) {
		struct fl_error error;
		size_t number = atomic_fetch_add(&job->next, 1);
		if (number >= job->bundles->count)
			break;
		if (write_bundle(&writer, &pack, job->bundles, number, &error) == 0)
			continue;
		pthread_mutex_lock(&job->lock);
		if (!atomic_exchange(&job->failed, true))
			job->error = error;
		pthread_mutex_unlock(&job->lock);
	}
	fl_file_free(&writer);
	fl_pack_free(&pack);
	fl_emit_free(&out);
	return NULL;
}

static unsigned count_jobs(const struct fl_report *report, size_t bundles)
{
	unsigned jobs = report->options->jobs;
	if (jobs == 0) {
		long processors = sysconf(_SC_NPROCESSORS_ONLN);
		jobs = processors > 1 ? (unsigned)processors : 1;
	}
	if (jobs > MOST_JOBS)
		jobs = MOST_JOBS;
	return jobs < bundles ? jobs : (unsigned)bundles;
}

/* This thread is one of the writers, so a thread that cannot be had costs time only. */
int fl_bundles_write(struct fl_bundles *bundles, const struct fl_report *report, struct fl_error *error)
{
	struct job job = {.bundles = bundles, .report = report, .lock = PTHREAD_MUTEX_INITIALIZER};
	pthread_t threads[MOST_JOBS];
	unsigned jobs = count_jobs(report, bundles->count), started = 0;
	while (started + 1 < jobs && pthread_create(&threads[started], NULL, write_bundles, &job) == 0)
		started++;
	write_bundles(&job);
	while (started)
		pthread_join(threads[--started], NULL);
	if (job.failed)
		*error = job.error;
	return job.failed ? -1 : 0;
}

static void index_functions(struct fl_emit *out, const struct fl_file *file)
{
	for (size_t i = 0; i < file->function_count; i++) {
		const struct fl_function *function = &file->functions[i];
		EMIT(out, "f\t");
		fl_emit_number(out, function->start.line);
		EMIT(out, "\t");
		fl_emit_number(out, function->count);
		EMIT(out, "\t");
		fl_emit_visible(out, function->name, strlen(function->name));
		EMIT(out, "\n");
	}
}

void fl_bundles_index(const struct fl_bundles *bundles, const struct fl_report *report, struct fl_bag *index)
{
	struct fl_emit out;
	size_t bundle = 0;
	fl_emit_init(&out);
	for (uint32_t i = 0; i < report->model->file_count; i++) {
		const struct fl_file *file = &report->model->files[i];
		char path[FL_PAGE_PATH_BYTES];
		while (i >= bundles->first[bundle + 1])
			bundle++;
		fl_page_path(&report->tree, report->tree.node_of_file[i], FL_TREE_BY_NAME, path);
		EMIT(&out, "F\t");
		fl_emit_bytes(&out, path, strlen(path));
		EMIT(&out, "\t");
		fl_emit_percent(&out, file->totals.lines);
		EMIT(&out, "\t");
		fl_emit_number(&out, bundle);
		EMIT(&out, "\t");
		fl_emit_visible(&out, file->path, strlen(file->path));
		EMIT(&out, "\n");
		index_functions(&out, file);
	}
	fl_bag_put(index, out.data, out.used);
	fl_emit_free(&out);
}
