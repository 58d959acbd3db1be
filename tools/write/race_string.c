/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_string.c: races as text: the line that ends a run, and a report as a string.
 */
#include <stdlib.h>

#include "util/memory.h"
#include "write/race_text.h"
#include "write/write.h"

const char *fl_race_text(const struct fl_race *race, struct fl_arena *arena)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	if (!out)
		return race->summary;
	fl_write_race_text(out, race, FL_RACE_STYLE_OWN);
	fclose(out);
	const char *copy = fl_arena_bytes(arena, text, length);
	free(text);
	return copy;
}

void fl_write_race_summary(FILE *out, const struct fl_races *races, const char *report)
{
	size_t open = fl_races_open(races);
	if (!open && !races->suppressed) {
		fputs("races: none\n", out);
		return;
	}
	if (open)
		fprintf(out, "races: %zu", open);
	else
		fputs("races: none", out);
	if (report && races->suppressed)
		fprintf(out, " (%zu suppressed; see %s)\n", races->suppressed, report);
	else if (races->suppressed)
		fprintf(out, " (%zu suppressed)\n", races->suppressed);
	else if (report)
		fprintf(out, " (see %s)\n", report);
	else
		fputs("\n", out);
}
