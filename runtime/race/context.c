/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * context.c: who did it. A context is (node, place, locks, size, what); a node is (parent node, return
 * address).
 *
 *   frames     main        parse       store            and the access itself:
 *   node         3    <-     8    <-     0 (unasked)    pc in store, or in a leaf that store called
 * (`caller`)
 *
 * Asked in store: the chain is looked up from the last frame that has its node, and noted in the frames.
 * Below the outermost one is one without a return address.
 *
 * A composite context is a list of pairs (bytes, context): node the first one, locks the rest of the list,
 * size the bytes of the first. What is left of the bytes is that of the last one, which is a context alone.
 * The pair whose lowest byte is highest comes first, and there are no more than eight.
 */
#include "race/context.h"

#include "race/cell.h"
#include "race/foreign.h"
#include "race/thread.h"

#define NODE_LIMIT        (1u << 24)
#define CONTEXT_LIMIT     (1u << FURLONG_RACE_CONTEXT_BITS)
#define CONTEXT_BUCKETS   FL_TINY(1u << 20, 64)
#define CONTEXT_RESERVE   (1u << 16) /* for truncated ones, once the rest is full */
#define CONTEXT_FOR_SIZES 8          /* a fraction: until then every size is a context of its own */
#define CONTEXT_INNERMOST 8          /* frames of a truncated one */
#define COMPOSED_LOG2     FL_TINY(15, 1)

static struct fl_intern_entry *node_chunks[NODE_LIMIT >> INTERN_CHUNK_LOG2];
static struct fl_intern_entry *context_chunks[CONTEXT_LIMIT >> INTERN_CHUNK_LOG2];
struct fl_intern fl_nodes = {FL_NODE_WORDS, NODE_LIMIT, CONTEXT_BUCKETS - 1, NULL, node_chunks, 0};
struct fl_intern fl_contexts = {
	FL_CONTEXT_WORDS, CONTEXT_LIMIT, CONTEXT_BUCKETS - 1, NULL, context_chunks, 0};

static size_t called_bytes(uint32_t count)
{
	return sizeof(struct fl_race_called) +
	       count * (sizeof(struct fl_race_context_used) + sizeof(struct fl_race_node_used));
}

void fl_called_free(struct fl_race_thread *thread)
{
	if (thread->called)
		fl_pool_give(thread->called, called_bytes(thread->called->mask + 1));
	thread->called = NULL;
}

/* With nothing in it. */
static void called_make(struct fl_race_thread *self, uint32_t count)
{
	fl_called_free(self);
	self->called = fl_pool_take(called_bytes(count));
	if (!self->called)
		return;
	self->called->mask = count - 1;
	self->called->lost = 0;
	for (uint32_t i = 0; i < count; i++) {
		self->called->contexts[i] = (struct fl_race_context_used){0};
		fl_nodes_used(self->called)[i] = (struct fl_race_node_used){0};
	}
}

/* There is always another that could be put away: a larger table pays once that happens all the time. */
static void called_put(struct fl_race_thread *self, struct fl_race_context_used used)
{
	struct fl_race_context_used *entry = fl_context_used(self, used.pc, used.key, used.size);
	uint32_t count = self->called->mask + 1;

	if (entry[1].pc && ++self->called->lost > 4 * count && count < CALLED_MOST) {
		called_make(self, CALLED_MOST);
		if (!self->called)
			return;
		entry = fl_context_used(self, used.pc, used.key, used.size);
	}
	entry[1] = entry[0];
	entry[0] = used;
}

static uint32_t node_make(uint32_t parent, const void *address)
{
	uint64_t rest = (uintptr_t)address;

	return fl_intern(&fl_nodes, parent, &rest);
}

static uint32_t node_make_again(struct fl_race_thread *self, uint32_t parent, const void *address)
{
	struct fl_race_node_used *used = fl_node_used(self, parent, address);

	if (!used)
		return node_make(parent, address);
	if (!fl_node_is_noted(used, parent, address))
		*used = (struct fl_race_node_used){address, parent, node_make(parent, address)};
	return used->node;
}

/* A frame called from a library without frames has the library's calls between itself and the one below. They
 * may be others the next time, so nothing is noted then. */
static __attribute__((noinline)) uint32_t node_of_new_frame(
	struct fl_race_thread *self, uint32_t parent, const struct furlong_race_frame *frame)
{
	const void *calls[FL_FOREIGN_CALLS];
	size_t count = fl_foreign_calls(frame, calls);

	if (!count)
		return node_make_again(self, parent, frame->return_address);
	while (count && parent)
		parent = node_make(parent, calls[--count]);
	return parent ? node_make(parent, frame->return_address) : 0;
}

static uint32_t node_of_frame(
	struct fl_race_thread *self, uint32_t parent, const struct furlong_race_frame *frame)
{
	struct fl_race_node_used *used = fl_node_used(self, parent, frame->return_address);

	return fl_node_is_noted(used, parent, frame->return_address) ? used->node
								     : node_of_new_frame(self, parent, frame);
}

static bool context_is_short_of_nodes(void)
{
	return fl_nodes.used > NODE_LIMIT - CONTEXT_RESERVE;
}

/* The node of the innermost frame; 0 where there is none, and UINT32_MAX when the tree is full. */
static uint32_t node_of_frames(struct fl_race_thread *self)
{
	struct furlong_race_frame *top = __furlong_race_self.top, *frame = top;
	uint32_t node = 0;

	if (top[-1].node || !top[-1].return_address)
		return top[-1].node;
	if (context_is_short_of_nodes())
		return UINT32_MAX;
	while (frame[-1].return_address && !frame[-1].node)
		frame--;
	node = frame[-1].node;
	for (; frame < top; frame++) {
		node = node_of_frame(self, node, frame);
		if (!node)
			return UINT32_MAX;
		frame->node = node;
	}
	return node;
}

/* A leaf pushed nothing: it gets a frame for a moment. */
static uint32_t node_of_leaf(struct fl_race_thread *self, uint32_t parent, const void *caller)
{
	struct furlong_race_frame *top = __furlong_race_self.top;
	uint32_t node;

	*top = (struct furlong_race_frame){.return_address = caller, .place = top[-1].place};
	__furlong_race_self.top = top + 1;
	node = node_of_new_frame(self, parent, top);
	__furlong_race_self.top = top;
	return node;
}

/* Not noted in the frames: the tree from the root is another. */
static uint32_t node_of_innermost(void)
{
	struct furlong_race_frame *top = __furlong_race_self.top, *frame = top;
	uint32_t node = 0;

	while (frame[-1].return_address && top - frame < CONTEXT_INNERMOST)
		frame--;
	for (; frame < top; frame++) {
		uint32_t next = node_make(node, frame->return_address);
		if (!next)
			break;
		node = next;
	}
	return node;
}

static uint32_t context_make(struct fl_race_context context)
{
	uint64_t rest[3] = {
		(uintptr_t)context.pc, (uint64_t)context.size << 32 | context.locks, context.what};

	return fl_intern(&fl_contexts, context.node, rest);
}

/* The last resort is a context without a stack: that of the place alone. */
static uint32_t context_make_or_truncate(struct fl_race_context context)
{
	uint32_t number = 0;

	if (fl_contexts.used < CONTEXT_LIMIT - CONTEXT_RESERVE)
		number = context_make(context);
	if (number)
		return number;
	fl_race_count(FL_COUNT_TRUNCATED);
	context.what |= FL_WHAT_TRUNCATED;
	context.node = 0;
	return context_make(context);
}

static uint32_t context_look_up(const struct fl_place *place, uint32_t node)
{
	uint32_t what = place->what;

	if (node == UINT32_MAX) {
		fl_race_count(FL_COUNT_TRUNCATED);
		node = node_of_innermost();
		what |= FL_WHAT_TRUNCATED;
	}
	if (place->caller) {
		uint32_t leaf = node_of_leaf(fl_race_self_thread, node, place->caller);
		if (leaf)
			node = leaf;
	}
	return context_make_or_truncate(
		(struct fl_race_context){node, place->locks, place->size, what, place->pc});
}

/* A leaf that was inlined by the linker is in a function with a frame, and its caller is that function's. */
static bool is_noted(const void *caller)
{
	return __furlong_race_self.top[-1].return_address == caller;
}

/* A library that calls a leaf back may have been called from elsewhere the next time (node_of_new_frame). */
static bool context_is_lasting(uint32_t context, const void *caller, uint32_t node)
{
	uint32_t leaf = fl_intern_at(&fl_contexts, context)->head;

	return !caller || !leaf || fl_intern_at(&fl_nodes, leaf)->head == node;
}

uint32_t fl_context_of(struct fl_race_thread *self, uint32_t before, struct fl_place place)
{
	uint32_t node, context;

	fl_stack_ask();
	if (place.caller && is_noted(place.caller))
		place.caller = NULL;
	if (!self->called)
		called_make(self, CALLED_FEWEST);
	node = node_of_frames(self);
	context = fl_context_known(self, node != UINT32_MAX ? before : 0, &place);
	if (context)
		return context;
	context = context_look_up(&place, node);
	if (context && self->called && context_is_lasting(context, place.caller, node))
		called_put(self, (struct fl_race_context_used){place.pc, place.caller,
					 fl_context_key(node, place.locks), place.size,
					 place.what << FURLONG_RACE_CONTEXT_BITS | context});
	return context;
}

uint32_t fl_context_here(const void *pc, const void *caller, uint32_t size, uint32_t what)
{
	struct fl_race_thread *self = fl_race_self_thread;

	return self ? fl_context_of(self, 0, (struct fl_place){pc, caller, size, what, self->held}) : 0;
}

uint32_t fl_context_of_step(const void *pc, const void *caller)
{
	struct fl_race_thread *self = fl_race_self_thread;

	return self ? fl_context_of(self, 0, (struct fl_place){pc, caller, 0, 0, self->lockset}) : 0;
}

uint32_t fl_context_root(const void *return_address)
{
	return context_is_short_of_nodes() ? 0 : node_make_again(fl_race_self_thread, 0, return_address);
}

bool fl_context_has_room(void)
{
	return fl_contexts.used < CONTEXT_LIMIT / CONTEXT_FOR_SIZES;
}

static struct fl_race_context context_at(uint32_t number)
{
	const struct fl_intern_entry *entry;

	if (!number)
		return (struct fl_race_context){0};
	entry = fl_intern_at(&fl_contexts, number);
	return (struct fl_race_context){entry->head, (uint32_t)entry->rest[1],
		(uint32_t)(entry->rest[1] >> 32), (uint32_t)entry->rest[2],
		(const void *)(uintptr_t)entry->rest[0]};
}

/* Whose these bytes are. */
static void context_spread(uint32_t number, unsigned bytes, uint32_t of[8])
{
	struct fl_race_context context = context_at(number);

	for (; context.what == FL_WHAT_COMPOSITE; context = context_at(number)) {
		for (unsigned own = bytes & context.size; own; own &= own - 1)
			of[__builtin_ctz(own)] = context.node;
		bytes &= ~context.size;
		number = context.locks;
	}
	for (; bytes; bytes &= bytes - 1)
		of[__builtin_ctz(bytes)] = number;
}

static uint32_t context_of_byte(uint32_t number, unsigned byte)
{
	uint32_t of[8];

	context_spread(number, 1u << byte, of);
	return of[byte];
}

/* In front of the list; none: the list is this context alone. */
static uint32_t compose_pair(uint32_t context, unsigned bytes, uint32_t list)
{
	uint32_t made =
		list ? context_make((struct fl_race_context){context, list, bytes, FL_WHAT_COMPOSITE, NULL})
		     : context;

	if (!made)
		fl_race_count(FL_COUNT_TRUNCATED);
	return made;
}

static uint32_t compose(uint32_t first, uint8_t first_bytes, uint32_t second, uint8_t second_bytes)
{
	uint32_t of[8], list = 0;
	unsigned left = first_bytes | second_bytes;

	context_spread(second, left, of);
	context_spread(first, first_bytes, of);
	while (left) {
		unsigned lowest = (unsigned)__builtin_ctz(left), group = 0;
		for (unsigned i = lowest; i < 8; i++)
			group |= (left >> i & (of[i] == of[lowest])) << i;
		list = compose_pair(of[lowest], group, list);
		if (!list)
			return 0;
		left &= ~group;
	}
	return list;
}

/* Mostly one context's bytes come from below: the list stays, and is one longer. */
static uint32_t compose_above(uint32_t first, uint8_t first_bytes, uint32_t second, uint8_t second_bytes)
{
	struct fl_race_context list = context_at(second);
	bool is_list = list.what == FL_WHAT_COMPOSITE;
	unsigned bytes = is_list ? list.size : second_bytes, lowest = bytes & -bytes;

	if (!second || (first_bytes & -(unsigned)first_bytes) <= lowest || (is_list && list.node == first) ||
		context_at(first).what == FL_WHAT_COMPOSITE)
		return compose(first, first_bytes, second, second_bytes);
	return compose_pair(first, first_bytes, second);
}

/* Composites that were put together lately, by anybody: code that touches memory piece by piece asks for the
 * same ones over and over. No lock: an entry is right when its two words agree. */
static struct {
	uint64_t check, context;
} composed[1 << COMPOSED_LOG2];

#define COMPOSED_MIX 0x9e3779b97f4a7c15u

static uint64_t composed_key(uint32_t first, uint8_t first_bytes, uint32_t second, uint8_t second_bytes)
{
	return (uint64_t)first << (FURLONG_RACE_CONTEXT_BITS + 16) | (uint64_t)second << 16 |
	       first_bytes << 8 | second_bytes;
}

uint32_t fl_context_compose(uint32_t first, uint8_t first_bytes, uint32_t second, uint8_t second_bytes)
{
	uint64_t key, check, known, *entry;
	uint32_t context;

	if (first == second || !(second_bytes & ~first_bytes))
		return first;
	key = composed_key(first, first_bytes, second, second_bytes);
	entry = &composed[key * COMPOSED_MIX >> (64 - COMPOSED_LOG2)].check;
	check = __atomic_load_n(&entry[0], __ATOMIC_RELAXED);
	known = __atomic_load_n(&entry[1], __ATOMIC_RELAXED);
	if (known && (check ^ known * COMPOSED_MIX) == key)
		return (uint32_t)known;
	context = compose_above(first, first_bytes, second, second_bytes);
	__atomic_store_n(&entry[1], context, __ATOMIC_RELAXED);
	__atomic_store_n(&entry[0], key ^ context * COMPOSED_MIX, __ATOMIC_RELAXED);
	return context;
}

struct fl_race_context fl_context_get(uint32_t context, unsigned byte)
{
	return context_at(context_of_byte(context, byte));
}

size_t fl_context_stack(const struct fl_race_context *context, const void **stack, size_t limit)
{
	size_t count = 0;

	if (context->pc && count < limit)
		stack[count++] = context->pc;
	for (uint32_t node = context->node; node && count < limit;) {
		const struct fl_intern_entry *entry = fl_intern_at(&fl_nodes, node);
		stack[count++] = (const void *)(uintptr_t)entry->rest[0];
		node = entry->head;
	}
	return count;
}
