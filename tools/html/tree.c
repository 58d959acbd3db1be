/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * tree.c: see tree.h. The model's files are sorted by path, so the files of a directory stand together and
 * the tree grows at its right edge only.
 */
#include "tree.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

static uint32_t add_node(struct fl_tree *tree, struct fl_tree_node node)
{
	*FL_PUSH(tree->nodes, tree->count, tree->capacity) = node;
	return (uint32_t)tree->count - 1;
}

/* Whether `node` is a directory above `path`. */
static bool holds(const struct fl_tree_node *node, const char *path)
{
	return strncmp(node->path, path, node->path_length) == 0;
}

/* The length of the directory part that the paths from..to (exclusive) share, at least `least`. */
static size_t common_directory(const struct fl_model *model, size_t from, size_t to, size_t least)
{
	const char *first = model->files[from].path, *last = model->files[to - 1].path;
	size_t shared = least;
	for (size_t i = least; first[i] && first[i] == last[i]; i++)
		if (first[i] == '/')
			shared = i + 1;
	return shared;
}

/* The files of the directory path[0..length) begin at `from`; where do they end? */
static size_t directory_end(const struct fl_model *model, size_t from, size_t length)
{
	size_t low = from + 1, high = model->file_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strncmp(model->files[middle].path, model->files[from].path, length) == 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Adds what stands between the directory `parent` and the file: at most one node per shared directory. */
static uint32_t add_directories(
	struct fl_tree *tree, const struct fl_model *model, size_t file, uint32_t parent)
{
	const char *path = model->files[file].path;
	for (;;) {
		size_t start = tree->nodes[parent].path_length;
		const char *slash = strchr(path + start + (path[start] == '/'), '/');
		if (!slash)
			return parent;
		size_t end = directory_end(model, file, (size_t)(slash + 1 - path));
		size_t length = common_directory(model, file, end, (size_t)(slash + 1 - path));
		parent = add_node(tree, (struct fl_tree_node){.path = path,
						.path_length = length,
						.name_start = start,
						.parent = parent,
						.file = FL_TREE_NONE});
	}
}

/* Children stand after their parents: backwards, every sum is complete when it is passed on, and every list
 * of children comes out in order. */
static void link_and_add(struct fl_tree *tree)
{
	for (uint32_t i = (uint32_t)tree->count - 1; i > 0; i--) {
		struct fl_tree_node *node = &tree->nodes[i], *parent = &tree->nodes[node->parent];
		node->next = parent->first;
		parent->first = i;
		parent->children++;
		parent->files += node->files;
		fl_totals_add(&parent->totals, &node->totals);
	}
}

void fl_tree_build(struct fl_tree *tree, const struct fl_model *model)
{
	*tree = (struct fl_tree){0};
	tree->node_of_file = fl_resize(NULL, model->file_count + 1, sizeof *tree->node_of_file);
	uint32_t directory = add_node(
		tree, (struct fl_tree_node){.path = "", .parent = FL_TREE_NONE, .file = FL_TREE_NONE});
	for (size_t i = 0; i < model->file_count; i++) {
		const struct fl_file *file = &model->files[i];
		while (!holds(&tree->nodes[directory], file->path))
			directory = tree->nodes[directory].parent;
		directory = add_directories(tree, model, i, directory);
		tree->node_of_file[i] =
			add_node(tree, (struct fl_tree_node){.path = file->path,
					       .path_length = strlen(file->path),
					       .name_start = tree->nodes[directory].path_length,
					       .parent = directory,
					       .file = (uint32_t)i,
					       .files = 1,
					       .totals = file->totals});
	}
	for (size_t i = 0; i < tree->count; i++)
		tree->nodes[i].first = tree->nodes[i].next = FL_TREE_NONE;
	link_and_add(tree);
}

void fl_tree_free(struct fl_tree *tree)
{
	free(tree->nodes);
	free(tree->node_of_file);
}

struct key {
	uint32_t node, position; /* position: by name, directories first; breaks ties */
	double sort;             /* ascending */
};

static int compare_keys(const void *left, const void *right)
{
	const struct key *a = left, *b = right;
	if (a->sort != b->sort)
		return a->sort < b->sort ? -1 : 1;
	return a->position < b->position ? -1 : 1;
}

static double sort_key(const struct fl_tree_node *node, enum fl_tree_order order)
{
	struct fl_ratio lines = node->totals.lines;
	switch (order) {
	case FL_TREE_BY_PERCENT: /* least covered first, what has no code last */
		return lines.found ? (double)lines.hit / (double)lines.found : 2;
	case FL_TREE_BY_MISSED: /* most first */
		return -(double)(lines.found - lines.hit);
	case FL_TREE_BY_NAME:
	case FL_TREE_ORDERS:
		break;
	}
	return node->file == FL_TREE_NONE ? 0 : 1;
}

void fl_tree_sort(const struct fl_tree *tree, uint32_t parent, enum fl_tree_order order, uint32_t *items)
{
	uint32_t count = tree->nodes[parent].children, used = 0;
	struct key *keys = fl_resize(NULL, count + 1u, sizeof *keys);
	for (uint32_t i = tree->nodes[parent].first; i != FL_TREE_NONE; i = tree->nodes[i].next, used++)
		keys[used] = (struct key){i, used, sort_key(&tree->nodes[i], order)};
	qsort(keys, count, sizeof *keys, compare_keys);
	for (uint32_t i = 0; i < count; i++)
		items[i] = keys[i].node;
	free(keys);
}
