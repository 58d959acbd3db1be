/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * thread.h: what a thread's record owns elsewhere, and its calls in progress. Private to a few files.
 */
#ifndef FL_RACE_THREAD_H
#define FL_RACE_THREAD_H

#include "race/follow.h"

#define CALLED_FEWEST FL_TINY(512, 2)
#define CALLED_MOST   FL_TINY(4096, 8)

/* Every call in progress takes at least 16 bytes of stack, as much as its frame: an area as large as the
 * stack cannot be too small. */
#define FL_FRAMES_BYTES ((size_t)16 << 20)

/* frames.c: room for so many bytes of frames, one of which is in front of the first; NULL: no memory. */
struct furlong_race_frame *fl_frames_take(size_t bytes);
void fl_frames_give(struct furlong_race_frame *frames, size_t bytes);
void fl_frames_fork_child(void);

/* Contexts and nodes that the thread used lately. */
struct fl_race_context_used {
	const void *pc, *caller;
	uint64_t key; /* node, locks */
	uint32_t size;
	uint32_t what_context; /* what above, context in the lower FURLONG_RACE_CONTEXT_BITS; 0: none */
};
struct fl_race_node_used {
	const void *address;
	uint32_t parent, node; /* node 0: none */
};
struct fl_race_called {
	uint32_t mask, lost; /* contexts - 1, and nodes - 1; how many contexts made room for others */
	struct fl_race_context_used contexts[]; /* and behind them as many nodes */
};
static inline struct fl_race_node_used *fl_nodes_used(struct fl_race_called *called)
{
	return (struct fl_race_node_used *)&called->contexts[called->mask + 1];
}

static inline uint64_t fl_context_key(uint32_t node, uint32_t locks)
{
	return (uint64_t)locks << 32 | node;
}

static inline struct fl_race_context_used *fl_context_used(
	const struct fl_race_thread *self, const void *pc, uint64_t key, uint32_t size)
{
	uint64_t hash = ((uintptr_t)pc ^ key << 20) * 0x9e3779b97f4a7c15u;

	/* Sizes are often many, one after the other. */
	return &self->called->contexts[((hash >> 40) + size) & self->called->mask];
}

/* The number of the context, if that is known at once; else 0. Whether `top` is of this stack is not asked: a
 * function that notes its caller has asked, and any other brings its caller along, by which it is another
 * context.
 */
static inline uint32_t fl_context_known(const struct fl_race_thread *self, const void *pc, const void *caller,
	uint32_t size, uint32_t what, uint32_t locks)
{
	const struct furlong_race_frame *top = __furlong_race_self.top;
	const struct fl_race_context_used *used;
	uint64_t key = fl_context_key(top[-1].node, locks);

	if (!self->called || (!top[-1].node && top[-1].return_address))
		return 0;
	used = fl_context_used(self, pc, key, size);
	if (used->pc != pc || used->caller != caller || used->key != key || used->size != size ||
		used->what_context >> FURLONG_RACE_CONTEXT_BITS != what)
		return 0;
	return used->what_context & ((1u << FURLONG_RACE_CONTEXT_BITS) - 1);
}

void fl_memo_free(struct fl_race_thread *thread);        /* access.c */
void fl_locks_known_free(struct fl_race_thread *thread); /* sync_lock.c */
void fl_called_free(struct fl_race_thread *thread);      /* context.c */

#endif
