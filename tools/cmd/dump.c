/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * dump.c: `furlong dump`.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/cmd.h"
#include "read/dump.h"
#include "read/load.h"

/* What cannot be read is named and does not stop the rest. */
int fl_cmd_dump(struct fl_settings *settings, struct fl_error *error)
{
	struct fl_words files = {0};
	if (!settings->words.count)
		return fl_error_set(error, FL_EXIT_USAGE, "dump what? furlong dump FILE..."), FL_EXIT_USAGE;
	if (fl_load_list(&settings->words, &files, settings->arena, error))
		return error->code;
	size_t failed = 0;
	for (size_t i = 0; i < files.count; i++) {
		if (!fl_dump(files.items[i], settings->as_json, stdout, error))
			continue;
		if (++failed < files.count)
			fprintf(stderr, "furlong: %s\n", error->text);
	}
	if (!files.count)
		failed += fl_error_set(error, FL_EXIT_DATA, "no data in %s", settings->words.items[0]) != 0;
	else if (failed && failed < files.count)
		fl_error_set(error, FL_EXIT_DATA, "%zu of %zu files could not be read", failed, files.count);
	free(files.items);
	return failed ? FL_EXIT_DATA : 0;
}
