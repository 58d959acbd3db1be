/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * treemap.c: see treemap.h. Squarified (Bruls, Huizing, van Wijk): rows are filled along the shorter side for
 * as long as that makes their areas squarer. A directory is opened while its area is large enough for what is
 * in it.
 */
#include "treemap.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

enum {
	WIDTH = 1232,
	HEIGHT = 260,
	MOST_AREAS = 400,
	SMALLEST = 40,    /* a smaller area is not drawn: nobody could see or meet it */
	OPEN_FROM = 9000, /* from this area on a directory shows what is in it */
	LETTER = 7,       /* width */
	LABEL_HEIGHT = 18,
};

struct box {
	double x, y, width, height;
};

struct map {
	const struct fl_page *page;
	struct fl_emit *out;
	size_t areas;
};

__attribute__((format(printf, 2, 3))) static void draw(struct map *map, const char *format, ...)
{
	char text[256];
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	fl_emit_bytes(map->out, text, (size_t)length);
}

static uint64_t size_of(const struct fl_tree_node *node)
{
	return node->totals.lines.found;
}

/* Five shades and a pattern of none: 0 is never run, 4 nearly all. */
static unsigned shade(struct fl_ratio lines)
{
	return lines.hit == lines.found ? 5 : (unsigned)(5 * lines.hit / lines.found);
}

/* As much of the name as fits. */
static void emit_label(struct map *map, const struct fl_tree_node *node, const struct box *box)
{
	size_t length = node->path_length - node->name_start, room = (size_t)(box->width - 8) / LETTER;
	const char *name = node->path + node->name_start;
	if (box->height < LABEL_HEIGHT || box->width < 5 * LETTER || room < 4)
		return;
	draw(map, "<text x=%.0f y=%.0f>", box->x + 5, box->y + 13);
	if (length > room)
		length = room - 1;
	while (length && length < node->path_length - node->name_start &&
		((unsigned char)name[length] & 0xc0) == 0x80)
		length--;
	fl_emit_text(map->out, name, length);
	if (length < node->path_length - node->name_start)
		EMIT(map->out, "…");
	EMIT(map->out, "</text>");
	if (box->height < 2 * LABEL_HEIGHT || room < 6)
		return; /* 100.0% */
	draw(map, "<text class=q x=%.0f y=%.0f>", box->x + 5, box->y + 28);
	fl_emit_percent(map->out, node->totals.lines);
	EMIT(map->out, "</text>");
}

static void emit_area(struct map *map, uint32_t index, const struct box *box)
{
	const struct fl_tree_node *node = &map->page->report->tree.nodes[index];
	map->areas++;
	EMIT(map->out, "<a ");
	fl_page_href(map->page, index, FL_TREE_BY_NAME);
	EMIT(map->out, "><title>");
	fl_emit_text(map->out, node->path, node->path_length);
	EMIT(map->out, ": ");
	fl_emit_percent(map->out, node->totals.lines);
	EMIT(map->out, " of ");
	fl_emit_grouped(map->out, size_of(node));
	EMIT(map->out, " lines</title>");
	draw(map, "<rect class=s%u x=%.1f y=%.1f width=%.1f height=%.1f />", shade(node->totals.lines),
		box->x, box->y, box->width, box->height);
	emit_label(map, node, box);
	EMIT(map->out, "</a>\n");
}

static void fill(struct map *map, uint32_t parent, struct box box);

static void place(struct map *map, uint32_t index, const struct box *box)
{
	const struct fl_tree_node *node = &map->page->report->tree.nodes[index];
	double area = box->width * box->height;
	if (area < SMALLEST || map->areas >= MOST_AREAS)
		return;
	if (node->file == FL_TREE_NONE && area >= OPEN_FROM)
		fill(map, index, *box);
	else
		emit_area(map, index, box);
}

/* How far from a square the worst of a row's areas is: `sum` along `side`, from the least to the most. */
static double worst(double sum, double least, double most, double side)
{
	double square = side * side, all = sum * sum;
	double a = square * most / all, b = all / (square * least);
	return a > b ? a : b;
}

/* Cuts the row items[0..count) off the box, along its shorter side. */
static void cut(
	struct map *map, const uint32_t *items, size_t count, double sum, double scale, struct box *box)
{
	const struct fl_tree *tree = &map->page->report->tree;
	bool upright = box->width >= box->height;
	double side = upright ? box->height : box->width, depth = sum * scale / side, at = 0;
	for (size_t i = 0; i < count; i++) {
		double length = (double)size_of(&tree->nodes[items[i]]) * scale / depth;
		struct box part = upright ? (struct box){box->x, box->y + at, depth, length}
					  : (struct box){box->x + at, box->y, length, depth};
		place(map, items[i], &part);
		at += length;
	}
	if (upright) {
		box->x += depth;
		box->width -= depth;
	} else {
		box->y += depth;
		box->height -= depth;
	}
}

static const struct fl_tree_node *sorted_nodes; /* for qsort, one thread */

static int compare_sizes(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	uint64_t one = size_of(&sorted_nodes[a]), other = size_of(&sorted_nodes[b]);
	if (one != other)
		return one > other ? -1 : 1;
	return a < b ? -1 : 1;
}

static void fill(struct map *map, uint32_t parent, struct box box)
{
	const struct fl_tree *tree = &map->page->report->tree;
	uint32_t *items = fl_resize(NULL, tree->nodes[parent].children + 1u, sizeof *items);
	size_t count = 0;
	for (uint32_t i = tree->nodes[parent].first; i != FL_TREE_NONE; i = tree->nodes[i].next)
		if (size_of(&tree->nodes[i]))
			items[count++] = i;
	sorted_nodes = tree->nodes;
	qsort(items, count, sizeof *items, compare_sizes);
	double scale = box.width * box.height / (double)size_of(&tree->nodes[parent]);
	for (size_t start = 0, end; start < count; start = end) {
		double side = box.width < box.height ? box.width : box.height;
		double most = (double)size_of(&tree->nodes[items[start]]) * scale, sum = most,
		       best = worst(sum, most, most, side);
		for (end = start + 1; end < count; end++) {
			double next = (double)size_of(&tree->nodes[items[end]]) * scale,
			       ratio = worst(sum + next, next, most, side);
			if (ratio > best)
				break;
			best = ratio;
			sum += next;
		}
		cut(map, items + start, end - start, sum / scale, scale, &box);
	}
	free(items);
}

void fl_treemap_emit(const struct fl_page *page)
{
	struct map map = {.page = page, .out = page->out};
	const struct fl_tree_node *node = &page->report->tree.nodes[page->node];
	if (node->files < 3 || !size_of(node))
		return;
	EMIT(page->out, "<details class=map open><summary>Map <span>area: lines; shade: how much of them "
			"ran</span></summary>\n");
	draw(&map, "<svg viewBox=\"0 0 %d %d\" role=group aria-label=\"Map of the files\">\n", WIDTH, HEIGHT);
	fill(&map, page->node, (struct box){0, 0, WIDTH, HEIGHT});
	EMIT(page->out, "</svg></details>\n");
}
