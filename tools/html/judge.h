/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * judge.h: what a reader should see of a line: covered, partly, not at all; and which of its text did not
 * run.
 *
 * A model's lines and marks, held against the text. No output here. One per thread, reused.
 */
#ifndef FURLONG_HTML_JUDGE_H
#define FURLONG_HTML_JUDGE_H

#include "model/model.h"
#include "source.h"

enum fl_verdict {
	FL_VERDICT_COVERED,
	FL_VERDICT_PARTIAL, /* it ran, but not all of its text, or not with every outcome of its conditions */
	FL_VERDICT_MISSED,
	FL_VERDICT_EXCLUDED,
};

/* Text that never ran: line[start..end), without blanks around it. */
struct fl_stain {
	uint32_t start, end;
};

struct fl_judge {
	const struct fl_file *file;
	const struct fl_source *source;
	size_t mark;       /* the first mark at or after the line asked for last */
	uint8_t *verdicts; /* enum fl_verdict, by index into file->lines */
	bool *stained;     /* likewise: whether there are stains */
	size_t verdict_capacity;
	uint32_t *heads; /* the first line of each stretch that is not fully covered */
	size_t head_count, head_capacity;
	struct fl_stain *stains; /* of the line asked for last */
	size_t stain_count, stain_capacity;
};

/* Judges all lines of a file. */
void fl_judge_file(struct fl_judge *judge, const struct fl_file *file, const struct fl_source *source);
void fl_judge_free(struct fl_judge *judge);

/* Fills judge->stains for a line; lines must be asked for in ascending order after fl_judge_rewind(). */
void fl_judge_rewind(struct fl_judge *judge);
void fl_judge_line(struct fl_judge *judge, uint32_t line);

#endif
