/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * merge.c: `furlong merge`.
 */
#include <stdlib.h>

#include "cmd/cmd.h"
#include "read/load.h"
#include "read/merge.h"

int fl_cmd_merge(struct fl_settings *settings, struct fl_error *error)
{
	if (!settings->output || !settings->words.count)
		return fl_error_set(
			       error, FL_EXIT_USAGE, "merge what, and where to? furlong merge -o OUT IN..."),
		       FL_EXIT_USAGE;
	struct fl_merge_options options = {settings->output, settings->label, settings->tests};
	if (settings->tests && settings->label)
		return fl_error_set(error, FL_EXIT_USAGE,
			       "--tests keeps the labels, --label replaces them: one of the two"),
		       FL_EXIT_USAGE;
	struct fl_words files = {0};
	size_t left_out = 0;
	int result = fl_load_list(&settings->words, &files, settings->arena, error);
	if (!result)
		result = fl_merge(&files, &options, &left_out, error);
	if (!result && left_out)
		result = fl_error_set(error, FL_EXIT_DATA,
			"%s is written, without %zu of %zu inputs that could not be read", settings->output,
			left_out, files.count);
	free(files.items);
	return result ? (int)error->code : 0;
}
