/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * shape.c: see shape.h; the encoding is described in format.h.
 */
#include "read/shape.h"

#include <furlong/format.h>
#include <stdlib.h>

#include "read/cursor.h"
#include "util/memory.h"

static bool valid_count(const struct shape *shape, uint64_t count, uint32_t counter_count)
{
	if (!count)
		return true;
	uint64_t index = (count - 1) >> 1;
	return index < ((count - 1) & 1 ? shape->expression_count : counter_count);
}

static const char *decode_header(struct shape *shape, struct cursor *in)
{
	shape->version = cursor_uleb(in);
	if (!in->bad && shape->version != FURLONG_SHAPE_VERSION)
		return "its shape has another version: compiler pass and tool are not of one installation";
	shape->flags = cursor_uleb(in);
	shape->name_length = cursor_count(in);
	shape->name = cursor_bytes(in, shape->name_length);
	return NULL;
}

static void decode_files(struct shape *shape, struct cursor *in)
{
	shape->file_count = 0;
	for (size_t left = cursor_count(in); left && !in->bad; left--)
		*FL_PUSH(shape->files, shape->file_count, shape->file_capacity) = cursor_uleb(in);
}

static const char *decode_expressions(struct shape *shape, struct cursor *in, uint32_t counter_count)
{
	shape->expression_count = 0;
	for (size_t left = cursor_count(in); left && !in->bad; left--) {
		struct shape_expression *expression =
			FL_PUSH(shape->expressions, shape->expression_count, shape->expression_capacity);
		uint64_t op = cursor_uleb(in);
		if (op > 1)
			return "an expression has an unknown operator";
		expression->add = op;
		expression->left = cursor_uleb(in);
		expression->right = cursor_uleb(in);
	}
	for (size_t i = 0; i < shape->expression_count && !in->bad; i++)
		if (!valid_count(shape, shape->expressions[i].left, counter_count) ||
			!valid_count(shape, shape->expressions[i].right, counter_count))
			return "an expression names a count that is not there";
	return NULL;
}

/* The part of a region that depends on its kind. */
static const char *decode_kind(
	const struct shape *shape, struct shape_region *region, struct cursor *in, uint32_t counter_count)
{
	switch (region->kind) {
	case FURLONG_REGION_CODE:
	case FURLONG_REGION_GAP:
		region->count = cursor_uleb(in);
		break;
	case FURLONG_REGION_EXPANSION: {
		uint64_t expanded = cursor_uleb(in);
		if (expanded >= shape->file_count)
			return "a macro's text is in a file that is not there";
		region->expanded = (uint32_t)expanded;
		break;
	}
	case FURLONG_REGION_SKIPPED:
		break;
	case FURLONG_REGION_BRANCH:
		region->count = cursor_uleb(in);
		region->count_false = cursor_uleb(in);
		break;
	default:
		return "a region has an unknown kind: the pass is newer than the tool";
	}
	if (!valid_count(shape, region->count, counter_count) ||
		!valid_count(shape, region->count_false, counter_count))
		return "a region names a count that is not there";
	return NULL;
}

/* Column 0: from the line's start, to its end. */
static const char *decode_span(struct shape_region *region, int64_t *line, struct cursor *in)
{
	int64_t delta = cursor_zigzag(in);
	uint64_t start_column = cursor_uleb(in), lines = cursor_uleb(in), end_column = cursor_uleb(in);
	if (delta > (int64_t)FL_LINE_MAX || delta < -(int64_t)FL_LINE_MAX)
		return "a region is on a line that no file has";
	*line += delta;
	if (*line < 0 || *line > (int64_t)FL_LINE_MAX || lines > FL_LINE_MAX - (uint64_t)*line)
		return "a region is on a line that no file has";
	region->span.start.line = (uint32_t)*line;
	region->span.start.column = start_column ? (uint32_t)(start_column & FL_COLUMN_MAX) : 1;
	region->span.end.line = (uint32_t)((uint64_t)*line + lines);
	region->span.end.column =
		end_column && end_column < FL_COLUMN_MAX ? (uint32_t)end_column : FL_COLUMN_MAX;
	return NULL;
}

static const char *decode_regions(struct shape *shape, struct cursor *in, uint32_t counter_count)
{
	int64_t line = 0;
	shape->region_count = 0;
	for (size_t left = cursor_count(in); left && !in->bad; left--) {
		struct shape_region *region =
			FL_PUSH(shape->regions, shape->region_count, shape->region_capacity);
		*region = (struct shape_region){0};
		uint64_t kind = cursor_uleb(in), file = cursor_uleb(in);
		if (in->bad)
			break;
		if (file >= shape->file_count)
			return "a region is in a file that is not there";
		region->kind = kind > FURLONG_REGION_BRANCH ? UINT32_MAX : (unsigned)kind;
		region->file = (uint32_t)file;
		const char *wrong = decode_kind(shape, region, in, counter_count);
		if (!wrong)
			wrong = decode_span(region, &line, in);
		if (wrong)
			return wrong;
	}
	return NULL;
}

static const char *decode_conditions(struct shape *shape, struct cursor *in)
{
	for (size_t left = cursor_count(in); left && !in->bad; left--) {
		uint64_t region = cursor_uleb(in), if_false = cursor_uleb(in), if_true = cursor_uleb(in);
		if (region >= shape->region_count || shape->regions[region].kind != FURLONG_REGION_BRANCH)
			return "a decision names a condition that is not there";
		if (if_false > UINT32_MAX || if_true > UINT32_MAX)
			return "a decision leads nowhere";
		shape->regions[region].joined = true;
		*FL_PUSH(shape->conditions, shape->condition_count, shape->condition_capacity) =
			(struct shape_condition){(uint32_t)region, {(uint32_t)if_false, (uint32_t)if_true}};
	}
	return NULL;
}

static const char *decode_paths(struct shape *shape, struct cursor *in, uint32_t counter_count)
{
	for (size_t left = cursor_count(in); left && !in->bad; left--) {
		uint64_t count = cursor_uleb(in);
		if (!valid_count(shape, count, counter_count))
			return "a decision names a count that is not there";
		*FL_PUSH(shape->paths, shape->path_count, shape->path_capacity) = count;
	}
	return NULL;
}

static const char *decode_decision(struct shape *shape, struct cursor *in, uint32_t counter_count)
{
	uint64_t kind = cursor_uleb(in);
	struct shape_decision decision = {
		.first_condition = shape->condition_count, .first_path = shape->path_count};
	const char *wrong = decode_conditions(shape, in);
	if (wrong)
		return wrong;
	switch (kind) {
	case FURLONG_DECISION_LOST:
		for (size_t i = decision.first_condition; i < shape->condition_count; i++)
			shape->regions[shape->conditions[i].region].unfollowed = true;
		break;
	case FURLONG_DECISION_NONE:
		break;
	case FURLONG_DECISION_COUNTED:
		wrong = decode_paths(shape, in, counter_count);
		break;
	case FURLONG_DECISION_SUMMED:
		decision.sums = cursor_uleb(in);
		if (!in->bad && (counter_count < FURLONG_PATH_COUNTERS ||
					decision.sums > counter_count - FURLONG_PATH_COUNTERS))
			wrong = "a decision names a counter that is not there";
		break;
	default:
		wrong = "a decision is of an unknown kind: the pass is newer than the tool";
	}
	decision.kind = (unsigned)kind;
	decision.condition_count = shape->condition_count - decision.first_condition;
	decision.path_count = shape->path_count - decision.first_path;
	*FL_PUSH(shape->decisions, shape->decision_count, shape->decision_capacity) = decision;
	return wrong;
}

static const char *decode_decisions(struct shape *shape, struct cursor *in, uint32_t counter_count)
{
	const char *wrong = NULL;
	shape->decision_count = shape->condition_count = shape->path_count = 0;
	if (!(shape->flags & FURLONG_SHAPE_DECISIONS))
		return NULL;
	for (size_t left = cursor_count(in); left && !in->bad && !wrong; left--)
		wrong = decode_decision(shape, in, counter_count);
	return wrong;
}

const char *fl_shape_decode(
	struct shape *shape, const uint8_t *bytes, size_t size, uint64_t offset, uint32_t counter_count)
{
	if (offset >= size)
		return "its shape is outside the table";
	struct cursor in = {bytes + offset, bytes + size, false};
	const char *wrong = decode_header(shape, &in);
	if (!wrong)
		decode_files(shape, &in);
	if (!wrong)
		wrong = decode_expressions(shape, &in, counter_count);
	if (!wrong)
		wrong = decode_regions(shape, &in, counter_count);
	if (!wrong)
		wrong = decode_decisions(shape, &in, counter_count);
	return wrong ? wrong : in.bad ? "its shape is cut off" : NULL;
}

void fl_shape_free(struct shape *shape)
{
	free(shape->files);
	free(shape->expressions);
	free(shape->regions);
	free(shape->decisions);
	free(shape->conditions);
	free(shape->paths);
	*shape = (struct shape){0};
}

const char *fl_file_table_decode(struct file_table *table, const uint8_t *bytes, size_t size, uint64_t offset)
{
	table->count = 0;
	if (offset >= size)
		return "its file table is outside the table";
	struct cursor in = {bytes + offset, bytes + size, false};
	for (size_t left = cursor_count(&in); left && !in.bad; left--) {
		struct table_file *file = FL_PUSH(table->items, table->count, table->capacity);
		file->path_length = cursor_count(&in);
		file->path = cursor_bytes(&in, file->path_length);
		uint64_t digest_length = cursor_uleb(&in);
		if (digest_length && digest_length != 16)
			return "a file's digest is not 16 bytes long";
		file->digest = digest_length ? (const unsigned char *)cursor_bytes(&in, 16) : NULL;
	}
	return in.bad ? "its file table is cut off" : NULL;
}

void fl_file_table_free(struct file_table *table)
{
	free(table->items);
	*table = (struct file_table){0};
}

/* The first region in each file id's text says how often the text was reached; an expansion takes its
 * count from there. Expansions may be nested: a round for each level settles all. */
enum { DEEPEST_EXPANSION = 256 };

void fl_shape_settle(struct shape *shape)
{
	struct first {
		size_t region;
	} *firsts = fl_resize(NULL, shape->file_count, sizeof *firsts);
	bool any = false;
	for (size_t i = 0; i < shape->file_count; i++)
		firsts[i].region = SIZE_MAX;
	for (size_t i = 0; i < shape->region_count; i++) {
		const struct shape_region *region = &shape->regions[i];
		any |= region->kind == FURLONG_REGION_EXPANSION;
		if (firsts[region->file].region == SIZE_MAX &&
			(region->kind == FURLONG_REGION_CODE || region->kind == FURLONG_REGION_EXPANSION))
			firsts[region->file].region = i;
	}
	for (size_t round = 0; any && round < DEEPEST_EXPANSION; round++) {
		any = false;
		for (size_t i = 0; i < shape->region_count; i++) {
			struct shape_region *region = &shape->regions[i];
			size_t from = region->kind == FURLONG_REGION_EXPANSION
					      ? firsts[region->expanded].region
					      : SIZE_MAX;
			if (from == SIZE_MAX || region->count == shape->regions[from].count)
				continue;
			region->count = shape->regions[from].count;
			any = true;
		}
	}
	free(firsts);
}

bool fl_shape_lacks_code(const struct shape *shape, const struct shape_region *region)
{
	return !(shape->flags & FURLONG_SHAPE_NEVER_EMITTED) && !region->count &&
	       (region->kind == FURLONG_REGION_CODE || region->kind == FURLONG_REGION_EXPANSION);
}
