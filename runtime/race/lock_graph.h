/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * lock_graph.h: which lock was ever taken while which was held, and which of them lie on a circle. Private to
 * lock*.c; all under the runtime's lock.
 */
#ifndef FL_RACE_LOCK_GRAPH_H
#define FL_RACE_LOCK_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

struct order_link;

struct fl_lock_pair {
	uint32_t held, taken;
	uint32_t next_held, next_taken; /* with the same one; 0: last */
	struct order_link *orders;      /* lock_order.c's */
};

/* The pair, put into the graph when it is new. NULL: no memory. */
struct fl_lock_pair *fl_lock_pair(uint32_t held, uint32_t taken);
/* Whether a circle of pairs goes through both. */
bool fl_lock_on_circle(uint32_t a, uint32_t b);
/* All pairs of one that is held, one after the other; NULL: no more. */
struct fl_lock_pair *fl_lock_pair_next(uint32_t held, const struct fl_lock_pair *before);

#endif
