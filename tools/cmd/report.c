/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * report.c: `furlong report` and `furlong check`.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "html/html.h"
#include "model/tests.h"
#include "write/write.h"

static int write_pages(
	const struct fl_settings *settings, const struct fl_model *model, struct fl_error *error)
{
	struct fl_html_options options = {.directory = settings->html, .title = settings->title};
	struct fl_tests *tests = settings->html || settings->single
					 ? fl_common_tests(settings, &settings->words, model)
					 : NULL;
	int result = 0;
	options.tests = tests;
	options.form = settings->compact ? FL_HTML_COMPACT : FL_HTML_PAGES;
	if (settings->html)
		result = fl_html_write(model, &options, error);
	options.form = FL_HTML_SINGLE;
	options.single = settings->single;
	if (settings->single && !result)
		result = fl_html_write(model, &options, error);
	if (tests)
		fl_tests_free(tests);
	return result;
}

static int write_markdown(const struct fl_model *model, const char *path, struct fl_error *error)
{
	return fl_write_markdown(model, path, FL_WRITE_NEW, error);
}

static const struct format {
	size_t path; /* offset in the settings */
	int (*write)(const struct fl_model *model, const char *path, struct fl_error *error);
} formats[] = {
	{offsetof(struct fl_settings, json), fl_write_json},
	{offsetof(struct fl_settings, lcov), fl_write_lcov},
	{offsetof(struct fl_settings, lcov2), fl_write_lcov2},
	{offsetof(struct fl_settings, text), fl_write_text},
	{offsetof(struct fl_settings, cobertura), fl_write_cobertura},
	{offsetof(struct fl_settings, sonar), fl_write_sonar},
	{offsetof(struct fl_settings, jacoco), fl_write_jacoco},
	{offsetof(struct fl_settings, coveralls), fl_write_coveralls},
	{offsetof(struct fl_settings, llvm), fl_write_llvm},
	{offsetof(struct fl_settings, sarif), fl_write_sarif},
	{offsetof(struct fl_settings, junit), fl_write_junit},
	{offsetof(struct fl_settings, codequality), fl_write_codequality},
	{offsetof(struct fl_settings, markdown), write_markdown},
};

static const char *path_of(const struct fl_settings *settings, size_t format)
{
	return *(const char *const *)((const char *)settings + formats[format].path);
}

/* Several formats to stdout would be one mess. Without any there are pages. */
static int check_outputs(struct fl_settings *settings, struct fl_error *error)
{
	int to_stdout = 0, wanted = 0;
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		const char *path = path_of(settings, i);
		wanted += path != NULL;
		to_stdout += path && !strcmp(path, "-");
	}
	if (to_stdout > 1)
		return fl_error_set(error, FL_EXIT_USAGE, "only one format can go to standard output");
	if (settings->html && !strcmp(settings->html, "-"))
		return fl_error_set(error, FL_EXIT_USAGE, "--html wants a directory");
	if (settings->single && !strcmp(settings->single, "-"))
		return fl_error_set(error, FL_EXIT_USAGE, "--single wants the name of a file");
	if (!wanted && !settings->html && !settings->single)
		settings->html = "furlong-report";
	return 0;
}

static int write_all(const struct fl_settings *settings, const struct fl_model *model, struct fl_error *error)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		const char *path = path_of(settings, i);
		if (path && formats[i].write(model, path, error))
			return -1;
	}
	return write_pages(settings, model, error);
}

int fl_cmd_report(struct fl_settings *settings, struct fl_error *error)
{
	struct fl_model *model;
	bool gated;
	if (check_outputs(settings, error) || fl_gates_check(settings, &gated, error) ||
		fl_common_load(settings, &settings->words, &model, error))
		return error->code;
	if (fl_gates_apply(settings, model, error)) {
		fl_model_free(model);
		return error->code;
	}
	int result = write_all(settings, model, error) ? (int)error->code : 0;
	if (!result && !settings->quiet) {
		fl_common_summary(model);
		fl_common_notes(model, 6);
		if (settings->html)
			fprintf(stderr, "report: %s/index.html\n", settings->html);
		if (settings->single)
			fprintf(stderr, "report: %s\n", settings->single);
	}
	if (!result)
		fl_common_annotate(model);
	if (!result)
		result = fl_gates_print(model);
	fl_model_free(model);
	return result;
}

int fl_cmd_check(struct fl_settings *settings, struct fl_error *error)
{
	struct fl_model *model;
	bool gated;
	if (fl_gates_check(settings, &gated, error))
		return error->code;
	if (!gated)
		return fl_error_set(error, FL_EXIT_USAGE,
			       "check what? give --min-lines, --min-diff, --gate, --no-worse, --max-races or "
			       "others "
			       "that `furlong help check` lists"),
		       FL_EXIT_USAGE;
	if (fl_common_load(settings, &settings->words, &model, error))
		return error->code;
	if (fl_gates_apply(settings, model, error)) {
		fl_model_free(model);
		return error->code;
	}
	if (!settings->quiet) {
		fl_common_summary(model);
		fl_common_notes(model, 6);
	}
	fl_common_annotate(model);
	int result = fl_gates_print(model);
	fl_model_free(model);
	return result;
}
