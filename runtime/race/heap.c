/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * heap.c: heap.h. A block's cells are new when it comes; when it goes it is written to as a whole, so that
 * whoever uses it without order is found out, before or after. The mark of a block stands in the cell in
 * front of it.
 *
 * Before the first thread nothing is in the cells, and nothing has to be reset; blocks are marked elsewhere
 * (alone.h).
 */
#include "race/heap.h"

#include "race/alone.h"
#include "race/caller.h"
#include "race/handler.h"
#include "race/memory.h"
#include "race/misuse.h"
#include "race/touch.h"

/* In the word in front of a block (glibc's malloc.c, "chunk"). */
#define CHUNK_IN_USE_BEFORE ((size_t)1)
#define CHUNK_MAPPED        ((size_t)2)
#define CHUNK_FLAGS         ((size_t)7)

static bool heap_own_headers;
static size_t (*heap_usable)(void *);

void fl_heap_init(bool own_headers, size_t (*usable)(void *))
{
	heap_own_headers = own_headers;
	heap_usable = usable;
}

static size_t chunk_word(const void *block)
{
	return ((const size_t *)block)[-1];
}

/* A mapping of its own: its pages go back to the system with it. */
static bool is_mapped_alone(const void *block)
{
	return heap_own_headers && chunk_word(block) & CHUNK_MAPPED;
}

size_t fl_heap_usable(void *block)
{
	size_t word;

	if (!heap_own_headers)
		return heap_usable ? heap_usable(block) : 0;
	word = chunk_word(block);
	return (word & ~CHUNK_FLAGS) - (word & CHUNK_MAPPED ? 2 : 1) * sizeof(size_t);
}

size_t fl_heap_size(void *block)
{
	struct fl_race_block marked;

	if (heap_own_headers && fl_block_at((uintptr_t)block, &marked))
		return marked.size;
	return fl_heap_usable(block);
}

static void mark(void *block, size_t size, const void *pc, const void *caller)
{
	struct fl_race_block marked = {.begin = (uintptr_t)block, .size = size};

	if (!heap_own_headers)
		return;
	FL_RACE_INSIDE
	{
		marked.context =
			fl_race_concurrent ? fl_context_here(pc, caller, 0, 0) : fl_alone_context(pc, caller);
		marked.owner = fl_race_self_thread->person->uid;
		if (fl_race_concurrent || !fl_alone_mark(&marked))
			fl_block_mark(&marked);
	}
}

static void unmark(void *block)
{
	if (heap_own_headers && fl_shadow_mask && !fl_alone_unmark((uintptr_t)block))
		*fl_shadow_cell((char *)block - sizeof(size_t)) = (struct furlong_race_cell){{0, 0}};
}

#ifdef FL_STATIC
static bool is_runtime(const void *address)
{
	(void)address;
	return false;
}
#else
/* The runtime calls the allocator on behalf of who called it: operators new and delete, reallocarray. */
static bool is_runtime(const void *address)
{
	extern const char __ehdr_start[] __attribute__((visibility("hidden")));
	extern const char _end[] __attribute__((visibility("hidden")));
	const char *at = address;

	return at >= __ehdr_start && at < _end;
}
#endif

/* How code that we do not check orders its own memory (the loader's and libc's locks, say) we do not see. */
static bool is_foreign(const void *caller)
{
	return !fl_caller_counts(caller) && !is_runtime(caller);
}

static void write_block(void *block, size_t size, const void *pc, const void *caller)
{
	/* The C library and the loader order what they keep for themselves (a thread's DTV) by means of their
	 * own. */
	if (!is_foreign(caller))
		FL_RACE_INSIDE
	fl_access(block, size, true, FL_WHAT_RANGE,
		fl_context_here(pc, caller, fl_touch_size(size), FL_WHAT_RANGE));
}

__attribute__((noinline)) void fl_heap_born(void *block, size_t size, const void *caller)
{
	fl_handler_check(__builtin_return_address(0), caller);
	if (fl_race_concurrent)
		fl_memory_fresh(block, fl_heap_usable(block));
	mark(block, size, __builtin_return_address(0), caller);
}

/* A mapping of its own is zero without anybody's writing to it. */
__attribute__((noinline)) void fl_heap_born_zero(void *block, size_t size, const void *caller)
{
	if (fl_race_concurrent) {
		fl_memory_fresh(block, fl_heap_usable(block));
		if (!is_mapped_alone(block) && !is_foreign(caller))
			write_block(block, size, __builtin_return_address(0), caller);
	}
	mark(block, size, __builtin_return_address(0), caller);
}

__attribute__((noinline)) void fl_heap_dies(void *block, const void *caller)
{
	struct fl_race_block marked;
	size_t size;
	bool known;

	fl_handler_check(__builtin_return_address(0), caller);
	if (!fl_race_concurrent) {
		if (fl_lock_holds_any())
			fl_misuse_freed(block, fl_heap_usable(block), __builtin_return_address(0), caller);
		unmark(block);
		return;
	}
	size = fl_heap_usable(block);
	if (is_foreign(caller)) {
		fl_memory_fresh(block, size);
		unmark(block);
		return;
	}
	known = heap_own_headers && fl_block_at((uintptr_t)block, &marked);
	if (fl_race_self_thread)
		fl_race_self_thread->met_objects = false;
	FL_RACE_INSIDE
	fl_access(block, size, true, FL_WHAT_FREE,
		fl_context_here(__builtin_return_address(0), caller,
			fl_touch_size(known ? marked.size : size), FL_WHAT_FREE));
	if (fl_race_self_thread && fl_race_self_thread->met_objects) {
		fl_misuse_freed(block, size, __builtin_return_address(0), caller);
		FL_RACE_INSIDE fl_lock_memory_gone(block, size);
	}
	fl_alone_unmark((uintptr_t)block); /* not before it is reported */
	if (is_mapped_alone(block)) {
		/* Whoever touches it from here on is told so by the system. */
		fl_memory_fresh((char *)block - sizeof(size_t), size + sizeof(size_t));
	} else if (known) {
		marked.freed = true;
		FL_RACE_INSIDE
		fl_block_mark(&marked);
	}
}

/* The old block died before the call, and its cells say so: where it stayed, it is a new one all the same. */
__attribute__((noinline)) void fl_heap_moved(void *block, size_t size, size_t old_size, const void *caller)
{
	if (fl_race_concurrent) {
		fl_memory_fresh(block, fl_heap_usable(block));
		if (!is_mapped_alone(block)) /* whose pages move, or stay */
			write_block(block, size < old_size ? size : old_size, __builtin_return_address(0),
				caller);
	}
	mark(block, size, __builtin_return_address(0), caller);
}
