/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * symbolize.c: `furlong symbolize`, which the runtime starts. Not for users: help does not list it.
 */
#include <stdlib.h>

#include "cmd/cmd.h"
#include "read/symbolize.h"
#include "write/race_text.h"

static void write_text(FILE *out, const struct fl_race *race, bool tsan_style)
{
	fl_write_race_text(out, race, tsan_style ? FL_RACE_STYLE_TSAN : FL_RACE_STYLE_OWN);
}

int fl_cmd_symbolize(struct fl_settings *settings, struct fl_error *error)
{
	(void)settings;
	/* A report waits: nothing is fetched from anywhere. */
	unsetenv("DEBUGINFOD_URLS");
	return fl_symbolize_serve(0, write_text, error) ? error->code : 0;
}
