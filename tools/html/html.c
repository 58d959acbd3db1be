/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * html.c: writes a report: assets, then the files by several threads (bundle.c), lists, races; as a
 * directory, or as one file. index.html is written last: a report that has one is complete.
 */
#include "html.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "asset.h"
#include "bundle.h"
#include "highlight.h"
#include "list.h"
#include "pack.h"
#include "race_page.h"
#include "squeeze.h"
#include "sweep.h"
#include "util/error.h"
#include "util/map.h"
#include "util/memory.h"

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

/* Lists and races; of a single file, also the page of help. The overview comes last, and its bytes stay in
 * `out`. */
static int write_lists(struct fl_emit *out, struct fl_report *report, struct fl_error *error)
{
	int status = fl_race_write_all(out, report, error);
	for (size_t i = report->tree.count; i-- > 0 && status == 0;)
		if (report->tree.nodes[i].file == FL_TREE_NONE)
			status = fl_list_write(out, report, (uint32_t)i, error);
	return status;
}

/* The page that shows packed ones. */
static int write_shell(struct fl_emit *out, const struct fl_report *report, struct fl_error *error)
{
	struct fl_page page = {out, report, FL_PAGE_TOP, 0, "Source", FL_PAGE_SHELL};
	if (fl_emit_open(out, report->options->directory, "view.html", error))
		return -1;
	fl_page_begin(&page, "code");
	EMIT(out, "<h1 id=title>Source</h1>\n<p id=code>The sources of this report are packed, and need "
		  "JavaScript to be "
		  "shown. <code>furlong report</code> without <code>--compact</code> writes pages that need "
		  "none.</p>\n");
	fl_page_end(&page);
	return fl_emit_close(out, error);
}

static int write_index(
	const struct fl_report *report, const struct fl_bundles *bundles, struct fl_error *error)
{
	struct fl_bag index = {0};
	fl_bundles_index(bundles, report, &index);
	int status = fl_squeeze_write(report->options->directory, "index", &index, 1, error);
	fl_bag_free(&index);
	return status;
}

static void keep(struct fl_map *kept, const char *path)
{
	fl_map_put(kept, path, strlen(path))->value = 1;
}

static void keep_pages(struct fl_map *kept, const struct fl_report *report)
{
	const struct fl_tree *tree = &report->tree;
	char path[FL_PAGE_PATH_BYTES];
	for (uint32_t node = 0; node < tree->count; node++) {
		bool is_file = tree->nodes[node].file != FL_TREE_NONE;
		unsigned orders = is_file ? report->options->form == FL_HTML_PAGES : fl_page_orders(report);
		for (enum fl_tree_order order = 0; order < orders; order++) {
			fl_page_path(tree, node, order, path);
			keep(kept, path);
		}
	}
	for (size_t i = 0; i < report->model->races.race_count; i++) {
		fl_race_path(&report->model->races.races[i], path);
		keep(kept, path);
	}
}

/* What this report consists of stays; all else that an earlier one left goes. */
static void sweep(const struct fl_report *report, const struct fl_bundles *bundles)
{
	struct fl_arena *arena = fl_arena_new();
	struct fl_map kept;
	fl_map_init(&kept, arena);
	keep_pages(&kept, report);
	keep(&kept, "data/index.js");
	for (size_t i = 0; i < bundles->count; i++) {
		char path[40];
		snprintf(path, sizeof path, "data/%zu.js", i);
		keep(&kept, path);
	}
	fl_sweep_old(report->options->directory, &kept);
	fl_map_free(&kept);
	fl_arena_free(arena);
}

static int write_directory(struct fl_report *report, struct fl_bundles *bundles, struct fl_error *error)
{
	static const char *const below[] = {"", "/data", "/dir", "/file", "/race"};
	const char *directory = report->options->directory;
	bool skip[] = {false, false, false, report->options->form == FL_HTML_COMPACT,
		report->model->races.race_count == 0};
	for (size_t i = 0; i < sizeof below / sizeof *below; i++)
		if (!skip[i] && make_directory(directory, below[i], error))
			return -1;
	bool over_ours = fl_sweep_begin(directory);
	if (fl_asset_write(directory, error) || fl_bundles_write(bundles, report, error) ||
		write_index(report, bundles, error))
		return -1;
	struct fl_emit out;
	fl_emit_init(&out);
	int status = report->options->form == FL_HTML_COMPACT ? write_shell(&out, report, error) : 0;
	if (!status)
		status = write_lists(&out, report, error);
	fl_emit_free(&out);
	if (!status && over_ours)
		sweep(report, bundles);
	return status;
}

/* ---- one file ------------------------------------------------------------------------------------------ */

/* The overview with style and script in it, then all else as data. */
static void put_together(struct fl_bag *page, const struct fl_emit *overview,
	const struct fl_bundles *bundles, const struct fl_bag *more)
{
	static const char head[] = "</head>", foot[] = "</body>";
	const char *at = overview->data, *end = at + overview->used;
	const char *style = memmem(at, (size_t)(end - at), head, sizeof head - 1);
	const char *script = memmem(at, (size_t)(end - at), foot, sizeof foot - 1);
	struct fl_emit out;
	fl_emit_init(&out);
	fl_emit_bytes(&out, at, (size_t)(style - at));
	EMIT(&out, "<style>\n");
	fl_asset_emit(&out, "style.css");
	EMIT(&out, "</style>\n");
	fl_emit_bytes(&out, style, (size_t)(script - style));
	EMIT(&out, "<script>\n");
	fl_asset_emit(&out, "script.js");
	EMIT(&out, "</script>\n<script>\n");
	fl_squeeze_begin(page);
	fl_squeeze_text(page, out.data, out.used);
	for (size_t i = 0; i < bundles->count; i++)
		fl_bag_put(page, bundles->kept[i].data, bundles->kept[i].used);
	fl_bag_put(page, more->data, more->used);
	out.used = 0;
	EMIT(&out, "</script>\n");
	fl_emit_bytes(&out, script, (size_t)(end - script));
	fl_squeeze_text(page, out.data, out.used);
	fl_emit_free(&out);
}

static int write_file(const char *path, const struct fl_bag *bytes, struct fl_error *error)
{
	struct fl_emit out;
	fl_emit_init(&out);
	int status = fl_emit_open(&out, *path == '/' ? "" : ".", path, error);
	if (!status) {
		fl_emit_bytes(&out, bytes->data, bytes->used);
		status = fl_emit_close(&out, error);
	}
	fl_emit_free(&out);
	return status;
}

static int write_single(struct fl_report *report, struct fl_bundles *bundles, struct fl_error *error)
{
	struct fl_emit out;
	struct fl_pack pack = {0};
	struct fl_bag bytes = {0}, data = {0}, page = {0};
	fl_emit_init(&out);
	out.pack = &pack;
	fl_pack_begin(&out, "help.html");
	fl_asset_emit(&out, "help.html");
	fl_pack_end(&out);
	int status = fl_bundles_write(bundles, report, error) ? -1 : write_lists(&out, report, error);
	if (!status) {
		fl_pack_close(&pack);
		fl_squeeze(&data, "rest", pack.columns, FL_PACK_COLUMNS);
		fl_bundles_index(bundles, report, &bytes);
		fl_squeeze(&data, "index", &bytes, 1);
		put_together(&page, &out, bundles, &data);
		status = write_file(report->options->single, &page, error);
	}
	fl_bag_free(&bytes);
	fl_bag_free(&data);
	fl_bag_free(&page);
	fl_pack_free(&pack);
	fl_emit_free(&out);
	return status;
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
	struct fl_bundles bundles;
	whole.files = fl_race_marks_files(model, &whole.file_count);
	model = &whole;
	fl_race_marks_build(&report.marks, &model->races);
	fl_ending_marks_build(&report.ends, &model->endings);
	fl_race_groups_build(&report.groups, &model->races);
	fl_test_marks_build(&report.test_marks, options->tests);
	for (size_t i = 0; i < model->file_count && !report.header_is_cxx; i++)
		report.header_is_cxx = fl_highlight_language(model->files[i].path, false) == FL_LANGUAGE_CXX;
	fl_tree_build(&report.tree, model);
	count_races(&report);
	fl_bundles_build(&bundles, &report);
	int status = options->form == FL_HTML_SINGLE ? write_single(&report, &bundles, error)
						     : write_directory(&report, &bundles, error);
	fl_bundles_free(&bundles);
	fl_tree_free(&report.tree);
	fl_test_marks_free(&report.test_marks);
	fl_race_groups_free(&report.groups);
	fl_race_marks_free(&report.marks);
	fl_ending_marks_free(&report.ends);
	free(whole.files);
	return status;
}
