/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * file.h: the page of one source file.
 */
#ifndef FURLONG_HTML_FILE_H
#define FURLONG_HTML_FILE_H

#include "expand.h"
#include "judge.h"
#include "page.h"

/* What a thread needs to write one page after another; zeroed at first. */
struct fl_file_writer {
	struct fl_emit *out;
	const struct fl_report *report;
	struct fl_source source;
	struct fl_judge judge;
	struct fl_texts texts; /* of macros that pages unfold */
};

int fl_file_write(struct fl_file_writer *writer, uint32_t file, struct fl_error *error);
void fl_file_free(struct fl_file_writer *writer);

#endif
