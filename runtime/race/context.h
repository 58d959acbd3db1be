/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * context.h: the context of an access, where it is known without looking it up: it is that of the access that
 * stands there from last time, or one that the thread used lately. Private to context.c and the slow paths.
 */
#ifndef FL_RACE_CONTEXT_H
#define FL_RACE_CONTEXT_H

#include "race/follow.h"
#include "race/intern.h"

#define CALLED_FEWEST FL_TINY(512, 2)
#define CALLED_MOST   FL_TINY(4096, 8)

#define FL_NODE_WORDS    1 /* return address */
#define FL_CONTEXT_WORDS 3 /* pc; size, locks; what */
extern struct fl_intern fl_nodes, fl_contexts;

/* Where an access is, and what it is, but for the calls that led there. */
struct fl_place {
	const void *pc, *caller; /* as in abi.h */
	uint32_t size, what, locks;
};

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

/* Two neighbours, one of which it is, if it is there; the first one is the later. */
static inline struct fl_race_context_used *fl_context_used(
	const struct fl_race_thread *self, const void *pc, uint64_t key, uint32_t size)
{
	uint64_t hash = ((uintptr_t)pc ^ key << 20) * 0x9e3779b97f4a7c15u;

	/* Sizes are often many, one after the other. */
	return &self->called->contexts[((hash >> 40) + size) * 2 & self->called->mask];
}

static inline __attribute__((always_inline)) bool fl_context_is_used(
	const struct fl_race_context_used *used, uint64_t key, const struct fl_place *place)
{
	return used->pc == place->pc && used->caller == place->caller && used->key == key &&
	       used->size == place->size && used->what_context >> FURLONG_RACE_CONTEXT_BITS == place->what;
}

/* A function that is called again and again has a frame without a node each time. NULL: nothing is noted. */
static inline __attribute__((always_inline)) struct fl_race_node_used *fl_node_used(
	struct fl_race_thread *self, uint32_t parent, const void *address)
{
	return self->called
		       ? &fl_nodes_used(
				 self->called)[((uintptr_t)address ^ (uintptr_t)address >> 9 ^ parent * 7u) &
					       self->called->mask]
		       : NULL;
}

static inline bool fl_node_is_noted(
	const struct fl_race_node_used *used, uint32_t parent, const void *address)
{
	return used && used->address == address && used->parent == parent && used->node;
}

/* Whether the innermost frame has its node, now at least: the one below has, and has called it lately. */
static inline __attribute__((always_inline)) bool fl_node_is_there(struct fl_race_thread *self)
{
	struct furlong_race_frame *top = __furlong_race_self.top;
	const struct fl_race_node_used *used;

	if (__builtin_expect(top[-1].node || !top[-1].return_address, 1))
		return true;
	if ((!top[-2].node && top[-2].return_address) || !fl_stack_is_near(top))
		return false;
	used = fl_node_used(self, top[-2].node, top[-1].return_address);
	if (!fl_node_is_noted(used, top[-2].node, top[-1].return_address))
		return false;
	top[-1].node = used->node;
	return true;
}

/* Whether it is just this one, called from the node. */
static inline __attribute__((always_inline)) bool fl_context_is(
	uint32_t context, uint32_t node, const struct fl_place *place)
{
	const struct fl_intern_entry *entry = fl_intern_entry(&fl_contexts, FL_CONTEXT_WORDS, context), *leaf;

	if (entry->rest[0] != (uintptr_t)place->pc ||
		entry->rest[1] != ((uint64_t)place->size << 32 | place->locks) ||
		entry->rest[2] != place->what)
		return false;
	if (!place->caller)
		return entry->head == node;
	leaf = entry->head ? fl_intern_entry(&fl_nodes, FL_NODE_WORDS, entry->head) : NULL;
	return leaf && leaf->head == node && leaf->rest[0] == (uintptr_t)place->caller;
}

/* The number of the context of the calling thread: of an access, or of what else reports tell of. */
uint32_t fl_context_of(struct fl_race_thread *self, uint32_t before, struct fl_place place);

/* The same if that is known at once; else 0. `before`: one that it may well be; 0: none.
 * Whether `top` is of this stack is not asked: a function that notes its caller has asked, and any other
 * brings its caller along, by which it is another context. */
static inline __attribute__((always_inline)) uint32_t fl_context_known(
	struct fl_race_thread *self, uint32_t before, const struct fl_place *place)
{
	const struct fl_race_context_used *used;
	uint32_t node;
	uint64_t key;

	if (!self->called || !fl_node_is_there(self))
		return 0;
	node = __furlong_race_self.top[-1].node;
	if (before && fl_context_is(before, node, place))
		return before;
	key = fl_context_key(node, place->locks);
	used = fl_context_used(self, place->pc, key, place->size);
	if (!fl_context_is_used(used, key, place) && !fl_context_is_used(++used, key, place))
		return 0;
	return used->what_context & ((1u << FURLONG_RACE_CONTEXT_BITS) - 1);
}

#endif
