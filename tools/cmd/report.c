/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * report.c: `furlong report` and `furlong check`.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "html/html.h"
#include "write/write.h"

static int write_pages(
	const struct fl_settings *settings, const struct fl_model *model, struct fl_error *error)
{
	struct fl_html_options options = {.directory = settings->html, .title = settings->title};
	options.form = settings->compact ? FL_HTML_COMPACT : FL_HTML_PAGES;
	if (settings->html && fl_html_write(model, &options, error))
		return -1;
	options.form = FL_HTML_SINGLE;
	options.single = settings->single;
	return settings->single ? fl_html_write(model, &options, error) : 0;
}

/* Several formats to stdout would be one mess. */
static int check_outputs(const struct fl_settings *settings, struct fl_error *error)
{
	const char *paths[] = {settings->json, settings->lcov, settings->text, settings->sarif,
		settings->junit, settings->markdown};
	int to_stdout = 0;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		to_stdout += paths[i] && !strcmp(paths[i], "-");
	if (to_stdout > 1)
		return fl_error_set(error, FL_EXIT_USAGE, "only one format can go to standard output");
	if (settings->html && !strcmp(settings->html, "-"))
		return fl_error_set(error, FL_EXIT_USAGE, "--html wants a directory");
	if (settings->single && !strcmp(settings->single, "-"))
		return fl_error_set(error, FL_EXIT_USAGE, "--single wants the name of a file");
	return 0;
}

static int write_all(const struct fl_settings *settings, const struct fl_model *model, struct fl_error *error)
{
	if (settings->json && fl_write_json(model, settings->json, error))
		return -1;
	if (settings->lcov && fl_write_lcov(model, settings->lcov, error))
		return -1;
	if (settings->text && fl_write_text(model, settings->text, error))
		return -1;
	if (settings->sarif && fl_write_sarif(model, settings->sarif, error))
		return -1;
	if (settings->junit && fl_write_junit(model, settings->junit, error))
		return -1;
	if (settings->markdown && fl_write_markdown(model, settings->markdown, FL_WRITE_NEW, error))
		return -1;
	return write_pages(settings, model, error);
}

int fl_cmd_report(struct fl_settings *settings, struct fl_error *error)
{
	struct fl_model *model;
	if (!settings->html && !settings->single && !settings->json && !settings->lcov && !settings->text &&
		!settings->sarif && !settings->junit && !settings->markdown)
		settings->html = "furlong-report";
	if (check_outputs(settings, error) || fl_common_load(settings, &settings->words, &model, error))
		return error->code;
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
		result = fl_common_gates(settings, model, error);
	fl_model_free(model);
	return result;
}

int fl_cmd_check(struct fl_settings *settings, struct fl_error *error)
{
	struct fl_model *model;
	if (!fl_common_has_gates(settings))
		return fl_error_set(error, FL_EXIT_USAGE,
			       "check what? give --min-lines, --min-branches, --min-functions, "
			       "--min-regions or --max-races"),
		       FL_EXIT_USAGE;
	if (fl_common_load(settings, &settings->words, &model, error))
		return error->code;
	if (!settings->quiet) {
		fl_common_summary(model);
		fl_common_notes(model, 6);
	}
	fl_common_annotate(model);
	int result = fl_common_gates(settings, model, error);
	fl_model_free(model);
	return result;
}
