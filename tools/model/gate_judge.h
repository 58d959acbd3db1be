/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * gate_judge.h: inside model/ only: one function for each kind of gate. Each fills in the result's name and
 * what, and where it does not pass the rest.
 */
#ifndef FURLONG_MODEL_GATE_JUDGE_H
#define FURLONG_MODEL_GATE_JUDGE_H

#include "model/gate.h"

enum { FL_GATE_NAMED = 3 }; /* that many places are named in a line */

void fl_gate_total(
	const struct fl_model *model, const struct fl_gate_rule *rule, struct fl_gate_result *result);
void fl_gate_group(
	const struct fl_model *model, const struct fl_gate_rule *rule, struct fl_gate_result *result);
void fl_gate_each(
	const struct fl_model *model, const struct fl_gate_rule *rule, struct fl_gate_result *result);
void fl_gate_patch(
	const struct fl_model *model, const struct fl_gate_rule *rule, struct fl_gate_result *result);
void fl_gate_no_worse(
	const struct fl_model *model, const struct fl_gate_rule *rule, struct fl_gate_result *result);
void fl_gate_lost(
	const struct fl_model *model, const struct fl_gate_rule *rule, struct fl_gate_result *result);
void fl_gate_races(
	const struct fl_model *model, const struct fl_gate_rule *rule, struct fl_gate_result *result);
void fl_gate_complete(
	const struct fl_model *model, const struct fl_gate_rule *rule, struct fl_gate_result *result);

/* "71.20% is below 80% by 8.80 points (12 more needed)". In the arena. */
const char *fl_gate_below(struct fl_ratio ratio, double limit, struct fl_arena *arena);

#endif
