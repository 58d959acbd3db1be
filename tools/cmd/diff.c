/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * diff.c: `furlong diff`: what a patch covers, and what gained or lost coverage between two sets of data.
 */
#include <stdio.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/pager.h"
#include "model/diff.h"
#include "util/memory.h"
#include "util/progress.h"
#include "write/json_out.h"
#include "write/write.h"

static int usage(struct fl_error *error)
{
	return fl_error_set(error, FL_EXIT_USAGE,
		       "compare what? furlong diff A B, both data or reports; or furlong diff --base REV "
		       "[DATA...]"),
	       FL_EXIT_USAGE;
}

/* Two words without a revision are the base and what is compared with it. */
static bool split(struct fl_settings *settings, struct fl_words *inputs)
{
	*inputs = settings->words;
	if (settings->base)
		return true;
	if (settings->base_data.count || inputs->count != 2)
		return settings->base_data.count > 0;
	*FL_PUSH(settings->base_data.items, settings->base_data.count, settings->base_data.capacity) =
		inputs->items[0];
	inputs->items++;
	inputs->count--;
	return true;
}

static void print(const struct fl_settings *settings, const struct fl_model *model)
{
	if (settings->as_json) {
		struct json_out json = {.stream = stdout};
		fl_write_json_diff(&json, NULL, model->diff);
		putchar('\n');
		return;
	}
	fl_pager_begin();
	fl_write_diff(stdout, model, fl_color_wanted(STDOUT_FILENO));
	fl_pager_end();
	fl_common_notes(model, 6);
}

int fl_cmd_diff(struct fl_settings *settings, struct fl_error *error)
{
	struct fl_words inputs;
	struct fl_model *model;
	if (!split(settings, &inputs))
		return usage(error);
	if (fl_common_load(settings, &inputs, &model, error))
		return error->code;
	int result = 0;
	if (!model->file_count)
		result = fl_error_set(error, FL_EXIT_DATA,
			"no coverage data: no program of these data was built with the coverage flag"),
		result = FL_EXIT_DATA;
	else
		print(settings, model);
	fl_model_free(model);
	return result;
}
