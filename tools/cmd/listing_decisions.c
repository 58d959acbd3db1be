/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * listing_decisions.c: MC/DC of a line, for a terminal.
 */
#include <inttypes.h>
#include <stdio.h>

#include "cmd/listing.h"
#include "model/decision.h"

enum { MOST_TEXT = 60, MOST_ROWS = 40 };

static void print_condition(
	const struct listing *listing, const struct fl_decision *decision, uint32_t number)
{
	static const char *const words[] = {"not shown", "shown by masking only", "shown"};
	const struct fl_branch *branch = decision->conditions[number].branch;
	int shown = decision->shown[FL_UNIQUE_CAUSE] >> number & 1 ? 2
		    : decision->shown[FL_MASKING] >> number & 1    ? 1
								   : 0;
	size_t length, from = branch->start.column - 1u;
	const char *text = fl_source_line(&listing->source, branch->start.line, &length);
	size_t to = branch->end.line == branch->start.line ? branch->end.column - 1u : length;
	to = to < length ? to : length;
	printf("%*s %2u  ", listing->number_width + listing->count_width + 6, "", number + 1);
	if (from < to)
		printf("%.*s", (int)(to - from > MOST_TEXT ? MOST_TEXT : to - from), text + from);
	if (branch->macro)
		printf(" (in its macro at %s:%u)", branch->macro, branch->in_macro.line);
	printf("  %s\n", words[shown]);
}

static void print_vector(
	const struct listing *listing, const struct fl_decision *decision, const struct fl_vector *vector)
{
	char text[FL_CONDITIONS_MAX + 1];
	fl_vector_text(decision, vector, text);
	printf("%*s %s  %s", listing->number_width + listing->count_width + 6, "", text,
		vector->outcome ? "true " : "false");
}

static void print_missing(const struct listing *listing, const struct fl_decision *decision)
{
	const struct fl_suggestions *missing = &decision->missing[FL_UNIQUE_CAUSE];
	for (size_t i = 0; i < missing->count; i++) {
		const char *before = "  missing: shows ";
		print_vector(listing, decision, &missing->items[i].vector);
		for (uint32_t j = 0; j < decision->condition_count; j++) {
			if (!(missing->items[i].shows >> j & 1))
				continue;
			printf("%s%u", before, j + 1);
			before = ", ";
		}
		puts(missing->items[i].shows ? "" : "  missing, with the next");
	}
}

void fl_listing_decisions(const struct listing *listing, uint32_t line)
{
	for (size_t i = 0; i < listing->file->decision_count; i++) {
		const struct fl_decision *decision = &listing->file->decisions[i];
		if (decision->start.line != line || decision->condition_count < 2)
			continue;
		printf("%*s decision at column %u: MC/DC %u of %u conditions%s\n",
			listing->number_width + listing->count_width + 4, "", decision->start.column,
			fl_decision_shown(decision, FL_UNIQUE_CAUSE), decision->condition_count,
			decision->excluded ? " (excluded)" : "");
		for (uint32_t j = 0; j < decision->condition_count; j++)
			print_condition(listing, decision, j);
		for (size_t j = 0; j < decision->vector_count && j < MOST_ROWS; j++) {
			print_vector(listing, decision, &decision->vectors[j]);
			printf("  %" PRIu64 "\n", decision->vectors[j].count);
		}
		if (decision->vector_count > MOST_ROWS)
			printf("%*s and %zu others\n", listing->number_width + listing->count_width + 6, "",
				decision->vector_count - MOST_ROWS);
		print_missing(listing, decision);
	}
}
