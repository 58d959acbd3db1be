/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * alloc.c: malloc and its family, before whichever allocator the program has. Allocates nothing itself.
 *
 * A program that defines these functions is called instead of us, and is none the worse for it: its blocks
 * are memory like any other.
 */
#include "core/sys.h"
#include "race/heap.h"
#include "race/intercept.h"
#include "race/own.h"
#include "race/race.h"
#include "race/touch.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#define CALLER __builtin_return_address(0)

/* While dlsym looks for the functions behind, it may ask for memory (of its messages) from us. */
#define EARLY_BYTES 16384
static char early_memory[EARLY_BYTES] __attribute__((aligned(16)));
static size_t early_used;
#ifndef FL_STATIC
static __thread bool looking_up;
#endif

static bool is_early(const void *block)
{
	return (const char *)block >= early_memory && (const char *)block < early_memory + EARLY_BYTES;
}

static void *early_take(size_t size)
{
	size_t at, need = (size + 31) & ~(size_t)15;

	if (size > EARLY_BYTES)
		return NULL;
	at = __atomic_fetch_add(&early_used, need, __ATOMIC_RELAXED);
	if (at + need > EARLY_BYTES)
		return NULL;
	*(size_t *)(early_memory + at) = size;
	return early_memory + at + 16;
}

static bool look_up(void);

FL_INTERCEPT(void *, malloc, fl_own_malloc, (size_t size))
{
	void *block;

	if (!real_malloc && !look_up())
		return early_take(size);
	block = real_malloc(size);
	if (block)
		fl_heap_born(block, size, CALLER);
	return block;
}

FL_INTERCEPT(void *, calloc, fl_own_calloc, (size_t count, size_t each))
{
	void *block;

	if (!real_calloc && !look_up())
		return early_take(count * each); /* fresh, hence zero */
	block = real_calloc(count, each);
	if (block)
		fl_heap_born_zero(block, count * each, CALLER);
	return block;
}

FL_INTERCEPT(void, free, fl_own_free, (void *block))
{
	if (!block || is_early(block) || (!real_free && !look_up()))
		return;
	fl_heap_dies(block, CALLER);
	real_free(block);
}

static void *leave_early(void *block, size_t size)
{
	size_t was = ((size_t *)block)[-2];
	void *moved = real_malloc ? real_malloc(size) : early_take(size);

	return moved ? memcpy(moved, block, was < size ? was : size) : NULL;
}

/* The block may move, and once the allocator has it somebody else may: it dies before. */
FL_INTERCEPT(void *, realloc, fl_own_realloc, (void *block, size_t size))
{
	void *moved;
	size_t was;

	if ((!real_realloc && !look_up()) || is_early(block))
		return block ? leave_early(block, size) : early_take(size);
	was = block ? fl_heap_size(block) : 0;
	if (block)
		fl_heap_dies(block, CALLER);
	moved = real_realloc(block, size);
	if (moved)
		fl_heap_moved(moved, size, was, CALLER);
	else if (block && size)
		fl_heap_moved(block, was, was, CALLER);
	return moved;
}

/* As the C library does it. */
FL_PUBLIC void *reallocarray(void *block, size_t count, size_t each)
{
	struct furlong_race_frame *frame;
	size_t size;
	void *moved;

	if (__builtin_mul_overflow(count, each, &size)) {
		errno = ENOMEM;
		return NULL;
	}
	frame = fl_touch_push(CALLER);
	moved = realloc(block, size);
	fl_touch_pop(frame);
	return moved;
}

FL_INTERCEPT(int, posix_memalign, fl_own_posix_memalign, (void **block, size_t alignment, size_t size))
{
	int rc = look_up() ? real_posix_memalign(block, alignment, size) : ENOMEM;

	if (!rc)
		fl_heap_born(*block, size, CALLER);
	return rc;
}

#define ALIGNED(name, behind, parameters, arguments)                                                         \
	FL_INTERCEPT(void *, name, behind, parameters)                                                       \
	{                                                                                                    \
		void *block = look_up() ? real_##name arguments : NULL;                                      \
                                                                                                             \
		if (block)                                                                                   \
			fl_heap_born(block, size, CALLER);                                                   \
		return block;                                                                                \
	}

ALIGNED(memalign, fl_own_memalign, (size_t alignment, size_t size), (alignment, size))
ALIGNED(aligned_alloc, fl_own_memalign, (size_t alignment, size_t size), (alignment, size))
ALIGNED(valloc, fl_own_valloc, (size_t size), (size))
ALIGNED(pvalloc, fl_own_pvalloc, (size_t size), (size))

#ifdef FL_STATIC
static bool look_up(void)
{
	return true;
}
#else
/* False while the calling thread is at it. */
static bool look_up(void)
{
	static bool done;

	if (__atomic_load_n(&done, __ATOMIC_ACQUIRE))
		return true;
	if (looking_up)
		return false;
	looking_up = true;
	fl_intercept_look_up(&intercept_calloc);
	fl_intercept_look_up(&intercept_free);
	fl_intercept_look_up(&intercept_realloc);
	fl_intercept_look_up(&intercept_posix_memalign);
	fl_intercept_look_up(&intercept_memalign);
	fl_intercept_look_up(&intercept_aligned_alloc);
	fl_intercept_look_up(&intercept_valloc);
	fl_intercept_look_up(&intercept_pvalloc);
	fl_intercept_look_up(&intercept_malloc);
	looking_up = false;
	__atomic_store_n(&done, true, __ATOMIC_RELEASE);
	return true;
}
#endif

/* Whoever has memory of ours gives it back to us. */
void fl_alloc_stay(void)
{
#ifndef FL_STATIC
	if (!early_used)
		return;
	way_free = intercept_free.checked;
	way_realloc = intercept_realloc.checked;
#endif
}

/* Blocks are marked in front where the C library's own header is, hence only when the allocator is its own.
 */
void fl_alloc_init(void)
{
	look_up();
#ifdef FL_STATIC
	fl_own_init();
	fl_heap_init(true, fl_own_usable);
#else
	fl_heap_init((void *)real_malloc == dlsym(RTLD_NEXT, "__libc_malloc"),
		(size_t(*)(void *))dlsym(RTLD_NEXT, "malloc_usable_size"));
#endif
}
