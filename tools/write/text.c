/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * text.c: a table of files for people and logs, and the line of totals that ends every run.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "util/files.h"
#include "util/text.h"
#include "write/write.h"

const char *fl_write_percent(struct fl_ratio ratio, char buffer[static 16])
{
	if (!ratio.found)
		return "-";
	fl_text_percent(fl_ratio_percent(ratio), buffer);
	return strcat(buffer, "%");
}

uint64_t fl_write_time(void)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	return epoch && *epoch ? strtoull(epoch, NULL, 10) : (uint64_t)time(NULL);
}

void fl_write_summary(FILE *out, const struct fl_totals *totals)
{
	char lines[16], branches[16], functions[16];
	fprintf(out, "coverage: %s of lines (%" PRIu64 "/%" PRIu64 "), ",
		fl_write_percent(totals->lines, lines), totals->lines.hit, totals->lines.found);
	if (totals->branches.found)
		fprintf(out, "%s of branches, ", fl_write_percent(totals->branches, branches));
	else
		fputs("no branches, ", out);
	fprintf(out, "%s of functions", fl_write_percent(totals->functions, functions));
	if (totals->mcdc.found)
		fprintf(out, ", %s of MC/DC", fl_write_percent(totals->mcdc, branches));
	putc('\n', out);
}

static void write_row(FILE *out, int width, const char *name, const struct fl_totals *totals)
{
	char lines[16], branches[16], functions[16];
	fprintf(out, "%-*s %8" PRIu64 " %8" PRIu64 " %7s %9s %10s\n", width, name, totals->lines.found,
		totals->lines.found - totals->lines.hit, fl_write_percent(totals->lines, lines),
		fl_write_percent(totals->branches, branches), fl_write_percent(totals->functions, functions));
}

int fl_write_text(const struct fl_model *model, const char *path, struct fl_error *error)
{
	struct fl_output output;
	if (fl_output_open(&output, path, error))
		return -1;
	int width = 20;
	for (size_t i = 0; i < model->file_count; i++) {
		int length = (int)strlen(model->files[i].path);
		width = length > width && length <= 80 ? length : width;
	}
	fprintf(output.stream, "%-*s %8s %8s %7s %9s %10s\n", width, "file", "lines", "missed", "cover",
		"branches", "functions");
	for (size_t i = 0; i < model->file_count; i++)
		write_row(output.stream, width, model->files[i].path, &model->files[i].totals);
	write_row(output.stream, width, "TOTAL", &model->totals);
	fl_write_summary(output.stream, &model->totals);
	for (size_t i = 0; i < model->note_count; i++)
		fprintf(output.stream, "note: %s\n", model->notes[i].text);
	return fl_output_close(&output, error);
}
