/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * tree.h: the directories of a model, with what is in them added up. No output here.
 *
 * A directory whose only content is another directory is one node with it: `src/core/`.
 */
#ifndef FURLONG_HTML_TREE_H
#define FURLONG_HTML_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

enum { FL_TREE_NONE = UINT32_MAX };

struct fl_tree_node {
	const char *path;     /* borrowed from the model; the first path_length bytes */
	size_t path_length;   /* a directory's ends with its slash; the root's is 0 */
	size_t name_start;    /* where its own part of the path begins */
	uint32_t parent;      /* FL_TREE_NONE for the root */
	uint32_t file;        /* index into the model's files, or FL_TREE_NONE for a directory */
	uint32_t first, next; /* child and sibling, in the order of their names */
	uint32_t children;
	uint32_t files; /* below it */
	uint32_t races; /* that have a side in them; see html.c */
	struct fl_totals totals;
};

struct fl_tree {
	struct fl_tree_node *nodes; /* nodes[0] is the root; parents stand before their children */
	size_t count, capacity;
	uint32_t *node_of_file; /* by the file's index */
};

void fl_tree_build(struct fl_tree *tree, const struct fl_model *model);
void fl_tree_free(struct fl_tree *tree);

/* The orders that pages come in. Directories stand before files only by name. */
enum fl_tree_order { FL_TREE_BY_NAME, FL_TREE_BY_PERCENT, FL_TREE_BY_MISSED, FL_TREE_ORDERS };

/* The children of `parent` in that order, in items[0..children). */
void fl_tree_sort(const struct fl_tree *tree, uint32_t parent, enum fl_tree_order order, uint32_t *items);

#endif
