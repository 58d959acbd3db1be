/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * model.c: questions about a finished model, and its end.
 */
#include "model/model.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

struct fl_ratio fl_branch_outcomes(const struct fl_branch *branch)
{
	struct fl_ratio outcomes = {0};
	for (int outcome = 0; outcome < 2 && !branch->excluded; outcome++) {
		outcomes.found += !branch->folded[outcome];
		outcomes.hit += !branch->folded[outcome] && branch->taken[outcome];
	}
	return outcomes;
}

static void add(struct fl_ratio *sum, struct fl_ratio more)
{
	sum->found += more.found;
	sum->hit += more.hit;
}

void fl_totals_add(struct fl_totals *sum, const struct fl_totals *more)
{
	add(&sum->lines, more->lines);
	add(&sum->branches, more->branches);
	add(&sum->functions, more->functions);
	add(&sum->regions, more->regions);
	add(&sum->mcdc, more->mcdc);
	add(&sum->mcdc_masking, more->mcdc_masking);
}

double fl_ratio_percent(struct fl_ratio ratio)
{
	return ratio.found ? 100.0 * (double)ratio.hit / (double)ratio.found : 100.0;
}

bool fl_model_complete(const struct fl_model *model)
{
	for (size_t i = 0; i < model->note_count; i++)
		if (model->notes[i].lost)
			return false;
	return true;
}

void fl_model_note(struct fl_model *model, bool lost, const char *format, ...)
{
	struct fl_note *notes = fl_arena_array(model->arena, model->note_count + 1, sizeof *notes);
	va_list args;
	if (model->note_count)
		memcpy(notes, model->notes, model->note_count * sizeof *notes);
	va_start(args, format);
	notes[model->note_count++] = (struct fl_note){fl_arena_format_list(model->arena, format, args), lost};
	va_end(args);
	model->notes = notes;
}

void fl_model_free(struct fl_model *model)
{
	if (!model)
		return;
	fl_arena_free(model->arena);
	free(model);
}
