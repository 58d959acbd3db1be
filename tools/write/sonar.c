/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sonar.c: SonarQube's generic format, which it reads for any language. Paths are relative to the root, which
 * is where the scanner should be.
 */
#include "util/files.h"
#include "write/write.h"
#include "write/xml_out.h"

static void write_line(FILE *out, const struct fl_line *line)
{
	fputs("<lineToCover", out);
	xml_number(out, "lineNumber", line->line);
	xml_attribute(out, "covered", line->count ? "true" : "false");
	if (line->branches) {
		xml_number(out, "branchesToCover", line->branches);
		xml_number(out, "coveredBranches", line->branches_hit);
	}
	fputs("/>\n", out);
}

int fl_write_sonar(const struct fl_model *model, const char *path, struct fl_error *error)
{
	struct fl_output output;
	if (fl_output_open(&output, path, error))
		return -1;
	FILE *out = output.stream;
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<coverage version=\"1\">\n", out);
	for (size_t i = 0; i < model->file_count; i++) {
		const struct fl_file *file = &model->files[i];
		fputs("<file", out);
		xml_attribute(out, "path", file->path);
		fputs(">\n", out);
		for (size_t j = 0; j < file->line_count; j++)
			if (!file->lines[j].excluded)
				write_line(out, &file->lines[j]);
		fputs("</file>\n", out);
	}
	fputs("</coverage>\n", out);
	return fl_output_close(&output, error);
}
