/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * listing.c: see listing.h. Sources are untrusted: control characters are shown, not sent.
 */
#include "cmd/listing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "html/condition.h"
#include "util/memory.h"

/* What a byte of a line's text is. */
enum kind { PLAIN, NEVER_RAN, CONDITION, KEYWORD, COMMENT, STRING, DIRECTIVE };

static const char *const colors[] = {[PLAIN] = "",
	[NEVER_RAN] = "\033[31m",
	[CONDITION] = "\033[33;4m",
	[KEYWORD] = "\033[34m",
	[COMMENT] = "\033[2m",
	[STRING] = "\033[36m",
	[DIRECTIVE] = "\033[34m"};
static const char off[] = "\033[0m";

static int digits(uint64_t number)
{
	return snprintf(NULL, 0, "%" PRIu64, number);
}

void fl_listing_begin(struct listing *listing, const struct fl_file *file, bool color)
{
	uint64_t most = 0;
	*listing = (struct listing){.file = file, .color = color};
	if (file->source == FL_SOURCE_MISSING || !fl_source_load(&listing->source, file->disk_path))
		fl_source_clear(&listing->source);
	for (size_t i = 0; i < file->line_count; i++)
		most = file->lines[i].count > most ? file->lines[i].count : most;
	uint32_t last = file->line_count ? file->lines[file->line_count - 1].line : 0;
	listing->number_width = digits(last > listing->source.line_count ? last : listing->source.line_count);
	listing->count_width = digits(most);
	fl_judge_file(&listing->judge, file, &listing->source);
	fl_judge_rewind(&listing->judge);
	fl_highlight_init(&listing->highlight, fl_highlight_language(file->path, false));
}

void fl_listing_end(struct listing *listing)
{
	fl_source_free(&listing->source);
	fl_judge_free(&listing->judge);
	free(listing->kinds);
}

/* The index of a line in file->lines, or SIZE_MAX when it is no code. */
static size_t seek(struct listing *listing, uint32_t line)
{
	const struct fl_file *file = listing->file;
	while (listing->line < file->line_count && file->lines[listing->line].line < line)
		listing->line++;
	while (listing->branch < file->branch_count && file->branches[listing->branch].start.line < line)
		listing->branch++;
	return listing->line < file->line_count && file->lines[listing->line].line == line ? listing->line
											   : SIZE_MAX;
}

bool fl_listing_is_missing(const struct listing *listing, uint32_t line)
{
	const struct fl_line *found = fl_file_line(listing->file, line);
	unsigned verdict = found ? listing->judge.verdicts[found - listing->file->lines] : FL_VERDICT_COVERED;
	return verdict == FL_VERDICT_PARTIAL || verdict == FL_VERDICT_MISSED;
}

/* Comments may begin on any line above, so the highlighter reads also those that are not shown. */
static void find_tokens(struct listing *listing, uint32_t line)
{
	static const enum kind kinds[] = {[FL_TOKEN_TEXT] = PLAIN,
		[FL_TOKEN_KEYWORD] = KEYWORD,
		[FL_TOKEN_COMMENT] = COMMENT,
		[FL_TOKEN_STRING] = STRING,
		[FL_TOKEN_DIRECTIVE] = DIRECTIVE};
	while (listing->read < line) {
		size_t length;
		const char *text = fl_source_line(&listing->source, ++listing->read, &length);
		fl_highlight_line(&listing->highlight, text, length);
		for (size_t at = 0, end; at < length; at = end) {
			enum fl_token token;
			end = fl_highlight_run(&listing->highlight, text, length, at, &token);
			if (listing->read == line)
				memset(listing->kinds + at, (int)kinds[token], end - at);
		}
	}
}

static void clear_kinds(struct listing *listing, size_t length)
{
	if (listing->kind_capacity < length + 1) {
		listing->kind_capacity = length + 1;
		listing->kinds = fl_resize(listing->kinds, listing->kind_capacity, 1);
	}
	memset(listing->kinds, PLAIN, length + 1);
}

/* Notes the bytes that never ran, or are conditions that miss something; returns whether there are any. */
static bool find_kinds(struct listing *listing, uint32_t line, size_t length)
{
	size_t index = listing->branch;
	bool any = false;
	for (size_t at = 0;;) {
		struct fl_condition found = fl_condition_next(listing->file, &index, line, at, length);
		if (!found.count)
			break;
		memset(listing->kinds + found.start, CONDITION, found.end - found.start);
		any = true;
		at = found.end;
	}
	fl_judge_line(&listing->judge, line);
	for (size_t i = 0; i < listing->judge.stain_count; i++) {
		const struct fl_stain *stain = &listing->judge.stains[i];
		memset(listing->kinds + stain->start, NEVER_RAN, stain->end - stain->start);
		any |= stain->end > stain->start;
	}
	return any;
}

/* Control characters as their pictures, U+2400 and up; tabs stay. */
static void print_text(const struct listing *listing, const char *text, size_t length)
{
	enum kind now = PLAIN;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		enum kind kind = listing->color ? listing->kinds[i] : PLAIN;
		if (kind != now)
			printf("%s%s", now == PLAIN ? "" : off, colors[kind]);
		now = kind;
		if ((c < 0x20 && c != '\t') || c == 0x7f)
			printf("\xe2\x90%c", c == 0x7f ? 0xa1 : 0x80 + c);
		else
			putchar(c);
	}
	if (now != PLAIN)
		fputs(off, stdout);
}

/* What conditions of the line miss, in words. */
static void print_missing(const struct listing *listing, uint32_t line, size_t length)
{
	size_t index = listing->branch, at = 0;
	const char *part = "  ";
	for (;; part = "; ") {
		struct fl_condition found = fl_condition_next(listing->file, &index, line, at, length);
		if (!found.count)
			return;
		struct fl_ratio outcomes = {0, 0};
		for (size_t i = 0; i < found.count; i++) {
			struct fl_ratio one = fl_branch_outcomes(&found.branches[i]);
			outcomes.found += one.found;
			outcomes.hit += one.hit;
		}
		fputs(part, stdout);
		if (outcomes.found == 2)
			printf("never %s", found.branches->taken[1] ? "false" : "true");
		else
			printf("%" PRIu64 " of %" PRIu64 " outcomes never came",
				outcomes.found - outcomes.hit, outcomes.found);
		at = found.end;
	}
}

/* The line below: a tab under a tab, so that columns stay in line whatever a tab is. */
static void print_pointers(const struct listing *listing, uint32_t line, const char *text, size_t length)
{
	static const char pointers[] = {[PLAIN] = ' ', [NEVER_RAN] = '^', [CONDITION] = '~'};
	size_t end = length;
	while (end && listing->kinds[end - 1] == PLAIN)
		end--;
	printf("%*s", listing->number_width + listing->count_width + 5, "");
	for (size_t i = 0; i < end; i++) {
		if (((unsigned char)text[i] & 0xc0) == 0x80)
			continue; /* the rest of a character */
		putchar(text[i] == '\t' ? '\t' : pointers[listing->kinds[i]]);
	}
	print_missing(listing, line, length);
	putchar('\n');
}

void fl_listing_print(struct listing *listing, uint32_t number)
{
	static const char marks[] = "+~- ";
	static const char *const mark_colors[] = {"", "\033[33m", "\033[31m", "\033[2m"};
	size_t length, index = seek(listing, number);
	const char *text = fl_source_line(&listing->source, number, &length);
	enum fl_verdict verdict = FL_VERDICT_COVERED;
	printf(" %*u ", listing->number_width, number);
	if (index == SIZE_MAX) {
		printf("%*s %c ", listing->count_width, "",
			fl_file_lacks_code(listing->file, number) ? '.' : ' ');
	} else {
		verdict = (enum fl_verdict)listing->judge.verdicts[index];
		const char *color = listing->color ? mark_colors[verdict] : "";
		if (verdict == FL_VERDICT_EXCLUDED)
			printf("%s%*s %c%s ", color, listing->count_width, "x", marks[verdict],
				*color ? off : "");
		else if (listing->file->hits)
			printf("%s%*s %c%s ", color, listing->count_width, "", marks[verdict],
				*color ? off : "");
		else
			printf("%s%*" PRIu64 " %c%s ", color, listing->count_width,
				listing->file->lines[index].count, marks[verdict], *color ? off : "");
	}
	clear_kinds(listing, length);
	if (listing->color)
		find_tokens(listing, number);
	bool marked =
		index != SIZE_MAX && verdict != FL_VERDICT_EXCLUDED && find_kinds(listing, number, length);
	print_text(listing, text, length);
	putchar('\n');
	if (marked && verdict == FL_VERDICT_PARTIAL && !listing->color)
		print_pointers(listing, number, text, length);
}

static void print_outcomes(const struct fl_branch *branch)
{
	for (int outcome = 1; outcome >= 0; outcome--) {
		printf(outcome ? " true " : ", false ");
		if (branch->folded[outcome])
			printf("never (constant)");
		else
			printf("%" PRIu64, branch->taken[outcome]);
	}
	puts(branch->excluded ? " (excluded)" : "");
}

void fl_listing_branches(const struct listing *listing, uint32_t line)
{
	const struct fl_file *file = listing->file;
	for (size_t i = 0; i < file->branch_count; i++) {
		const struct fl_branch *branch = &file->branches[i];
		if (branch->start.line != line)
			continue;
		printf("%*s condition at column %u", listing->number_width + listing->count_width + 4, "",
			branch->start.column);
		if (branch->macro)
			printf(", in its macro at %s:%u:%u", branch->macro, branch->in_macro.line,
				branch->in_macro.column);
		putchar(':');
		print_outcomes(branch);
	}
}
