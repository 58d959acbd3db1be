/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * diff_authors.c: whose the lines of a difference are, and how old.
 */
#include "model/diff.h"

enum { DAY = 24 * 60 * 60 };

static const struct {
	int64_t days; /* up to this many */
	const char *words;
} ages[FL_AGES] = {
	{7, "up to 7 days"},
	{30, "up to 30 days"},
	{180, "up to 180 days"},
	{INT64_MAX / DAY, "over 180 days"},
	{0, "not committed"},
};

const char *fl_age_words(unsigned age)
{
	return ages[age].words;
}

void fl_diff_author(struct fl_diff_line *line, uint32_t author, int64_t written)
{
	line->author = author;
	line->written = written;
}

static unsigned age_of(const struct fl_diff_line *line, int64_t now)
{
	unsigned age = 0;
	if (line->author == FL_NOBODY)
		return FL_AGES - 1;
	while (age < FL_AGES - 2 && now - line->written > ages[age].days * DAY)
		age++;
	return age;
}

void fl_diff_count_authors(struct fl_diff *diff, int64_t now)
{
	diff->has_authors = true;
	for (size_t i = 0; i < diff->file_count; i++)
		for (size_t j = 0; j < diff->files[i].line_count; j++) {
			const struct fl_diff_line *line = &diff->files[i].lines[j];
			if (!line->line)
				continue;
			diff->ages[age_of(line, now)][line->category]++;
			if (line->author != FL_NOBODY)
				diff->authors[line->author].categories[line->category]++;
		}
}
