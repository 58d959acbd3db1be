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

/* "2", "none", "3, 1 of them in this run". */
static void write_count(FILE *out, const struct fl_races *races, uint64_t since)
{
	size_t open = fl_races_open(races), now = fl_races_open_since(races, since);
	if (!open)
		fputs("none", out);
	else if (now == open)
		fprintf(out, "%zu", open);
	else if (now)
		fprintf(out, "%zu, %zu of them in this run", open, now);
	else
		fprintf(out, "none in this run, %zu of earlier ones", open);
}

void fl_write_race_summary(FILE *out, const struct fl_races *races, uint64_t since, const char *report)
{
	bool see = report && races->race_count;
	fputs("races: ", out);
	write_count(out, races, since);
	if (races->suppressed && see)
		fprintf(out, " (%zu suppressed; see %s)", races->suppressed, report);
	else if (races->suppressed)
		fprintf(out, " (%zu suppressed)", races->suppressed);
	else if (see)
		fprintf(out, " (see %s)", report);
	fputs("\n", out);
}
