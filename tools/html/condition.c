/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * condition.c: see condition.h.
 */
#include "condition.h"

#include <string.h>

#include "emit.h"

static size_t count_sharing(const struct fl_file *file, size_t index)
{
	const struct fl_branch *first = &file->branches[index];
	const struct fl_branch *end = file->branches + file->branch_count;
	const struct fl_branch *next = first + 1;
	while (next < end && !memcmp(&next->start, &first->start, sizeof next->start) &&
		!memcmp(&next->end, &first->end, sizeof next->end))
		next++;
	return (size_t)(next - first);
}

/* The outcomes of all of them. Of conditions in a macro, one that was not evaluated misses both; any other is
 * then marked as text that never ran. */
static struct fl_ratio count_outcomes(const struct fl_condition *condition)
{
	struct fl_ratio all = {0, 0};
	bool evaluated = false;
	for (size_t i = 0; i < condition->count; i++) {
		struct fl_ratio one = fl_branch_outcomes(&condition->branches[i]);
		all.found += one.found;
		all.hit += one.hit;
		evaluated |= condition->branches[i].taken[0] || condition->branches[i].taken[1];
	}
	if (!evaluated)
		all.found = 0;
	return all;
}

struct fl_condition fl_condition_next(
	const struct fl_file *file, size_t *index, uint32_t line, size_t at, size_t length)
{
	while (*index < file->branch_count) {
		const struct fl_branch *branch = &file->branches[*index];
		if (branch->start.line != line)
			break;
		struct fl_condition found = {
			branch, count_sharing(file, *index), branch->start.column - 1u, length};
		if (branch->end.line == line && branch->end.column - 1u < length)
			found.end = branch->end.column - 1u;
		struct fl_ratio outcomes = count_outcomes(&found);
		if (outcomes.hit < outcomes.found && found.start >= at && found.start < found.end)
			return found;
		*index += found.count;
	}
	return (struct fl_condition){NULL, 0, length, length};
}

void fl_condition_emit_counts(struct fl_emit *out, const struct fl_branch *branch)
{
	static const char *const words[] = {"false", "true"};
	if (!branch->taken[0] && !branch->taken[1]) {
		EMIT(out, "never evaluated");
		return;
	}
	for (int outcome = 1; outcome >= 0; outcome--) {
		if (branch->folded[outcome])
			EMIT(out, "cannot be ");
		else if (!branch->taken[outcome])
			EMIT(out, "never ");
		fl_emit_string(out, words[outcome]);
		if (branch->taken[outcome]) {
			EMIT(out, " ");
			fl_emit_grouped(out, branch->taken[outcome]);
			EMIT(out, "×");
		}
		if (outcome)
			EMIT(out, ", ");
	}
}

/* All of them, for the title. Those in a macro are told apart where it is unfolded (expand.h). */
static void emit_list(struct fl_emit *out, const struct fl_condition *condition)
{
	struct fl_ratio outcomes = count_outcomes(condition);
	fl_emit_grouped(out, outcomes.found - outcomes.hit);
	EMIT(out, " of ");
	fl_emit_grouped(out, outcomes.found);
	if (condition->branches[condition->count - 1].macro) {
		EMIT(out, " outcomes in this macro never came");
		return;
	}
	EMIT(out, " outcomes never came:");
	for (size_t i = 0; i < condition->count; i++) {
		if (!fl_branch_outcomes(&condition->branches[i]).found)
			continue;
		EMIT(out, "\n");
		fl_condition_emit_counts(out, &condition->branches[i]);
	}
}

void fl_condition_emit_start(struct fl_emit *out, const struct fl_condition *condition)
{
	const struct fl_branch *first = condition->branches;
	if (condition->count == 1 && !first->taken[0]) {
		EMIT(out, "<em class=f title=\"");
	} else if (condition->count == 1) {
		EMIT(out, "<em class=t title=\"");
	} else {
		struct fl_ratio outcomes = count_outcomes(condition);
		EMIT(out, "<em data-n=\"");
		fl_emit_grouped(out, outcomes.found - outcomes.hit);
		EMIT(out, " of ");
		fl_emit_grouped(out, outcomes.found);
		EMIT(out, "\" title=\"");
	}
	if (condition->count == 1 && !first->macro)
		fl_condition_emit_counts(out, first);
	else
		emit_list(out, condition);
	EMIT(out, "\">");
}
