/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * decision.h: what was tried of a decision, what that shows (MC/DC), and what would show the rest.
 *
 * A condition is shown to matter by two evaluations in which it differs and the decision differs. Unique
 * cause: no other condition that both evaluated differs. Masking: in each of the two, the condition alone,
 * with all others as they were, would have turned the decision. What is not evaluated (the b of "a && b" when
 * a is false) may be thought of as any value. Unique cause implies masking.
 */
#ifndef FURLONG_MODEL_DECISION_H
#define FURLONG_MODEL_DECISION_H

#include "model/build.h"

enum { FL_CONDITIONS_MAX = 64, FL_DECISION_ENDS = 2 };

/* Whether the conditions can be those of a decision: every way on leads forward. */
bool fl_decision_valid(const struct raw_condition *conditions, size_t count);
/* How many ways there are through it; UINT64_MAX if more. */
uint64_t fl_decision_paths(const struct fl_decision *decision);
/* The path of that number, without its count. Paths are numbered as format.h says. */
struct fl_vector fl_decision_vector(const struct fl_decision *decision, uint64_t path);
/* Fills in what the vectors show, and which ones would show more. */
void fl_decision_judge(struct fl_decision *decision, struct fl_arena *arena);
/* How many conditions are shown to matter. */
uint32_t fl_decision_shown(const struct fl_decision *decision, enum fl_criterion criterion);
/* How many evaluations with this value of a condition it alone would have turned. */
uint64_t fl_decision_turned(const struct fl_decision *decision, uint32_t condition, bool value);
/* "TF-": a letter for each condition; `text` has room for FL_CONDITIONS_MAX + 1. */
void fl_vector_text(const struct fl_decision *decision, const struct fl_vector *vector, char *text);

#endif
