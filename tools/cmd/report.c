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
	return fl_html_write(model, &options, error);
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
	return settings->html ? write_pages(settings, model, error) : 0;
}

int fl_cmd_report(struct fl_settings *settings, struct fl_error *error)
{
	struct fl_model *model;
	if (!settings->html && !settings->json && !settings->lcov && !settings->text && !settings->sarif &&
		!settings->junit && !settings->markdown)
		settings->html = "furlong-report";
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
