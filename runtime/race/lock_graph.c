/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * lock_graph.c: lock_graph.h.
 *
 * Locks have *ranks*: who is held has a lower one than who is taken. So a new pair that fits in says at once
 * that it closes no circle, which is all there is to say of nearly every pair. One that does not fit in makes
 * what is between its two ends be looked at and ranked anew (Pearce and Kelly, JEA 2006):
 *
 *     rank        3       5       7       9          new: 9 held, 3 taken
 *               taken     b       c      held        ahead of 3: b; behind 9: c
 *     before    a   ->    b       c  ->   d
 *     after       c 3  ->  d 5  ->  a 7  ->  b 9
 *
 * Who is ahead and behind at once lies on a circle with both ends. They are one node from then on, a *knot*,
 * with one rank, so that what is between knots stays in order.
 */
#include "race/lock_graph.h"

#include "core/arena.h"
#include "race/intern.h"
#include "race/race.h"

#define PAIR_LIMIT   (1u << 22)
#define PAIR_BUCKETS FL_TINY(1u << 18, 64)
#define GRAPH_BUDGET (1u << 18) /* pairs looked at for one new one */

enum { AHEAD = 1, BEHIND = 2 };

struct lock_node {
	int32_t rank;           /* of a knot, its root's; 0: none yet */
	uint8_t seen;           /* AHEAD, BEHIND */
	uint32_t held, taken;   /* its first pair as such */
	struct lock_node *root; /* towards the knot's; NULL: it is */
	struct lock_node *next_in_knot;
	struct lock_node *next, *then; /* lists of the present search */
	int32_t rank_to_be;
};

static struct fl_intern_entry *pair_chunks[PAIR_LIMIT >> INTERN_CHUNK_LOG2];
static struct fl_intern pair_numbers = {1, PAIR_LIMIT, PAIR_BUCKETS - 1, NULL, pair_chunks, 0};
static struct fl_table lock_pairs = {.element_bytes = sizeof(struct fl_lock_pair)};
static struct fl_table lock_nodes = {.element_bytes = sizeof(struct lock_node)};
static int32_t lowest_rank, highest_rank;

static struct fl_lock_pair *lock_pair_at(uint32_t number)
{
	return number ? fl_table_at(&lock_pairs, number) : NULL;
}

static struct lock_node *lock_knot(uint32_t lock)
{
	struct lock_node *node = fl_table_at(&lock_nodes, lock);

	while (node && node->root) {
		if (node->root->root)
			node->root = node->root->root;
		node = node->root;
	}
	return node;
}

bool fl_lock_on_circle(uint32_t a, uint32_t b)
{
	const struct lock_node *root = lock_knot(a);

	return root && root->next_in_knot != root && root == lock_knot(b);
}

struct fl_lock_pair *fl_lock_pair_next(uint32_t held, const struct fl_lock_pair *before)
{
	const struct lock_node *node = before ? NULL : fl_table_at(&lock_nodes, held);

	return lock_pair_at(before ? before->next_held : node ? node->held : 0);
}

/* ---- what is between the ends ---- */

struct graph_search {
	uint8_t direction;
	int32_t until; /* rank */
	uint32_t budget;
	struct lock_node *last;
};

static void search_see(struct graph_search *search, struct lock_node *node)
{
	bool beyond = search->direction == AHEAD ? node->rank > search->until : node->rank < search->until;

	if (beyond || node->seen & search->direction)
		return;
	node->seen |= search->direction;
	node->then = NULL;
	if (search->last)
		search->last->then = node;
	search->last = node;
}

/* All that the node leads to, a list by `then`, itself the first. */
static bool search_from(struct graph_search *search, struct lock_node *node)
{
	search_see(search, node);
	for (; node; node = node->then) {
		struct lock_node *lock = node;

		do {
			uint32_t number = search->direction == AHEAD ? lock->held : lock->taken;

			for (const struct fl_lock_pair *pair; (pair = lock_pair_at(number));) {
				if (!search->budget--)
					return false;
				search_see(search,
					lock_knot(search->direction == AHEAD ? pair->taken : pair->held));
				number = search->direction == AHEAD ? pair->next_held : pair->next_taken;
			}
			lock = lock->next_in_knot;
		} while (lock != node);
	}
	return true;
}

/* ---- new ranks ---- */

static struct lock_node *graph_merge(struct lock_node *a, struct lock_node *b)
{
	struct lock_node *first, **at = &first;

	while (a && b) {
		struct lock_node **lower = a->rank < b->rank ? &a : &b;

		*at = *lower;
		at = &(*lower)->next;
		*lower = *at;
	}
	*at = a ? a : b;
	return first;
}

/* By rank. */
static struct lock_node *graph_sort(struct lock_node *list)
{
	struct lock_node *sorted[32] = {NULL}, *whole = NULL;

	while (list) {
		struct lock_node *run = list;
		unsigned i = 0;

		list = list->next;
		run->next = NULL;
		for (; sorted[i]; sorted[i++] = NULL)
			run = graph_merge(sorted[i], run);
		sorted[i] = run;
	}
	for (unsigned i = 0; i < 32; i++)
		whole = graph_merge(sorted[i], whole);
	return whole;
}

/* The ranks of the sorted list, given out anew: who is behind, who is both, who is ahead. */
static void graph_rank_anew(struct lock_node *list)
{
	static const uint8_t turns[] = {BEHIND, AHEAD | BEHIND, AHEAD};
	const struct lock_node *rank = list;

	for (unsigned i = 0; i < sizeof(turns); i++)
		for (struct lock_node *node = list; node; node = node->next)
			if (node->seen == turns[i]) {
				node->rank_to_be = rank->rank;
				rank = rank->next;
			}
	for (struct lock_node *node = list; node; node = node->next)
		node->rank = node->rank_to_be;
}

static void graph_tie(struct lock_node *list)
{
	struct lock_node *knot = NULL;

	for (struct lock_node *node = list; node; node = node->next) {
		struct lock_node *after = node->next_in_knot;

		if (node->seen != (AHEAD | BEHIND))
			continue;
		if (knot) {
			node->root = knot;
			node->next_in_knot = knot->next_in_knot;
			knot->next_in_knot = after;
		} else {
			knot = node;
		}
	}
}

/* The list of what was seen ahead comes by `next`; that of what was seen behind goes before it. */
static struct lock_node *search_list(struct lock_node *list, struct lock_node *seen, uint8_t but_not)
{
	for (; seen; seen = seen->then)
		if (!(seen->seen & but_not)) {
			seen->next = list;
			list = seen;
		}
	return list;
}

/* False: too much to look at; the graph is as it was. */
static bool graph_make_room(struct lock_node *held, struct lock_node *taken)
{
	struct graph_search ahead = {AHEAD, held->rank, GRAPH_BUDGET, NULL};
	struct graph_search behind = {BEHIND, taken->rank, GRAPH_BUDGET, NULL};
	bool whole = search_from(&ahead, taken);
	struct lock_node *list = search_list(NULL, taken, 0);

	whole = whole && search_from(&behind, held);
	if (behind.last)
		list = search_list(list, held, AHEAD);
	if (whole) {
		list = graph_sort(list);
		graph_rank_anew(list);
		graph_tie(list);
	}
	for (; list; list = list->next)
		list->seen = 0;
	return whole;
}

/* Who is new is put where nothing has to be moved. */
static bool graph_add(struct lock_node *held, struct lock_node *taken)
{
	if (!held->rank)
		held->rank = --lowest_rank;
	if (!taken->rank)
		taken->rank = ++highest_rank;
	return held == taken || held->rank < taken->rank || graph_make_room(held, taken);
}

static struct lock_node *lock_node_make(uint32_t lock)
{
	struct lock_node *node = fl_table_make(&lock_nodes, lock);

	if (node && !node->next_in_knot)
		node->next_in_knot = node;
	return node;
}

struct fl_lock_pair *fl_lock_pair(uint32_t held, uint32_t taken)
{
	struct lock_node *from = lock_node_make(held), *to = lock_node_make(taken);
	uint32_t number = fl_intern(&pair_numbers, held, &(uint64_t){taken});
	struct fl_lock_pair *pair = from && to && number ? fl_table_make(&lock_pairs, number) : NULL;

	if (!pair || pair->held)
		return pair;
	*pair = (struct fl_lock_pair){.held = held, .taken = taken};
	if (!graph_add(lock_knot(held), lock_knot(taken))) {
		fl_race_count(FL_COUNT_ORDERS);
		return pair;
	}
	pair->next_held = from->held;
	pair->next_taken = to->taken;
	from->held = to->taken = number;
	return pair;
}
