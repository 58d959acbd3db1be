/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * thread.h: what a thread's record owns elsewhere. Private to thread.c, context.c and state.c.
 */
#ifndef FL_RACE_THREAD_H
#define FL_RACE_THREAD_H

#include "race/race.h"

#define CALLED_FEWEST FL_TINY(512, 2)
#define CALLED_MOST   FL_TINY(4096, 8)
#define BELOW_COUNT   FL_TINY(512, 2)

/* Contexts and nodes that the thread used lately. */
struct fl_race_context_used {
	const void *pc, *caller;
	uint32_t node, lockset, size;
	uint32_t what_context; /* what above, context in the lower FURLONG_RACE_CONTEXT_BITS; 0: none */
};
struct fl_race_node_used {
	const void *address;
	uint32_t parent, node; /* node 0: none */
};
struct fl_race_called {
	struct fl_race_node_used nodes[BELOW_COUNT];
	uint32_t mask, lost; /* contexts - 1; how many made room for others */
	struct fl_race_context_used contexts[];
};

static inline struct fl_race_context_used *fl_context_used(
	const struct fl_race_thread *self, const void *pc, uint32_t node, uint32_t size)
{
	uint64_t key = (uintptr_t)pc ^ (uint64_t)node << 20 ^ (uint64_t)self->lockset << 44;

	/* Sizes are often many, one after the other. */
	return &self->called->contexts[((key * 0x9e3779b97f4a7c15u >> 40) + size) & self->called->mask];
}

/* What fl_context_here returns, if that is known at once; else 0. */
static inline uint32_t fl_context_known(
	const struct fl_race_thread *self, const void *pc, const void *caller, uint32_t size, uint32_t what)
{
	const struct furlong_race_frame *top = __furlong_race_self.top;
	const struct fl_race_context_used *used;
	uint32_t node = 0;

	if (!self->called)
		return 0;
	if (top > self->frames && top <= self->frames_end) {
		node = top[-1].node;
		if (!node)
			return 0;
	}
	used = fl_context_used(self, pc, node, size);
	if (used->pc != pc || used->caller != caller || used->node != node ||
		used->lockset != self->lockset || used->size != size ||
		used->what_context >> FURLONG_RACE_CONTEXT_BITS != what)
		return 0;
	return used->what_context & ((1u << FURLONG_RACE_CONTEXT_BITS) - 1);
}

void fl_memo_free(struct fl_race_thread *thread);        /* access.c */
void fl_locks_known_free(struct fl_race_thread *thread); /* sync_lock.c */
void fl_called_free(struct fl_race_thread *thread);      /* context.c */

#endif
