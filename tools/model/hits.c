/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * hits.c: a file of which it is known what ran, and not how often (built with coverage-hit). Threads,
 * programs and instances that each say "it ran" add up to a number that means nothing; 1 is what is left of
 * it.
 */
#include "model/file.h"

static void once(uint64_t *count)
{
	*count = *count > 0;
}

static void each_once(struct fl_function *function)
{
	once(&function->count);
	for (size_t i = 0; i < function->each_count; i++) {
		struct fl_instance *instance = &function->each[i];
		once(&instance->count);
		for (size_t line = 0; line < instance->line_count; line++)
			once(&instance->lines[line].count);
	}
}

void fl_file_hits(struct fl_file *file)
{
	for (size_t i = 0; i < file->line_count; i++)
		once(&file->lines[i].count);
	for (size_t i = 0; i < file->region_count; i++)
		once(&file->regions[i].count);
	for (size_t i = 0; i < file->branch_count; i++) {
		once(&file->branches[i].taken[0]);
		once(&file->branches[i].taken[1]);
	}
	for (size_t i = 0; i < file->mark_count; i++)
		once(&file->marks[i].count);
	for (size_t i = 0; i < file->function_count; i++)
		each_once(&file->functions[i]);
}
