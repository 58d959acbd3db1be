/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * gate.h: rules that a model must pass, and what is to be said where it does not: what failed, where, and how
 * to see it. Pure: no I/O. Results hang off the model, where writers find them.
 */
#ifndef FURLONG_MODEL_GATE_H
#define FURLONG_MODEL_GATE_H

#include "model/model.h"

enum fl_measure {
	FL_MEASURE_LINES,
	FL_MEASURE_BRANCHES,
	FL_MEASURE_FUNCTIONS,
	FL_MEASURE_REGIONS,
	FL_MEASURE_MCDC,
	FL_MEASURES,
};

enum fl_gate_kind {
	FL_GATE_TOTAL,    /* all files together, at least `limit` percent */
	FL_GATE_GROUP,    /* the files that match `pattern` together */
	FL_GATE_EACH,     /* each of them */
	FL_GATE_PATCH,    /* lines of the patch */
	FL_GATE_NO_WORSE, /* no file below what it had at the base */
	FL_GATE_LOST,     /* lines that ran at the base and do no more, at most `most` */
	FL_GATE_RACES,    /* races that are not suppressed or accepted, at most `most` */
	FL_GATE_COMPLETE, /* nothing of the data was lost */
};

struct fl_gate_rule {
	enum fl_gate_kind kind;
	enum fl_measure measure;
	const char *pattern;
	double limit;
	uint64_t most;
};

enum fl_gate_verdict {
	FL_GATE_PASSED,
	FL_GATE_FAILED,
	FL_GATE_NOTHING, /* there was nothing to judge: never a pass */
};

struct fl_gate_result {
	enum fl_gate_kind kind;
	enum fl_gate_verdict verdict;
	const char *name;  /* "lines", "src/core: branches", "races" */
	const char *what;  /* one line; also of a gate that passed */
	const char *where; /* "": nowhere in particular */
	const char *see;   /* a command; "": none */
};

struct fl_gates {
	struct fl_gate_result *results;
	size_t count;
};

const char *fl_measure_name(enum fl_measure measure);
const struct fl_ratio *fl_measure_ratio(const struct fl_totals *totals, enum fl_measure measure);
/* Judges every rule and hangs the results off model->gates, in the model's arena. */
void fl_gates_judge(struct fl_model *model, const struct fl_gate_rule *rules, size_t count);

#endif
