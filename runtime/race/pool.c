/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * pool.c: memory that comes and goes, in powers of two, without malloc and without the runtime's big lock.
 *
 * Free blocks hang in a list per size. Large ones go back to the kernel. At each moment the lists are whole:
 * a forked child may find a lock held by a thread that stayed behind, and takes it to be free.
 */
#include "race/cell.h"

#include "core/sys.h"

#define POOL_SMALLEST_LOG2 5
#define POOL_LARGEST_LOG2  FL_TINY(15, 10)
#define POOL_BLOCK_BYTES   ((size_t)FL_TINY(256, 8) << 10)

struct pool_free {
	struct pool_free *next;
};

static struct pool_class {
	struct fl_lock lock;
	struct pool_free *free;
	char *at, *end;
} pool_classes[POOL_LARGEST_LOG2 + 1];

static unsigned pool_log2(size_t size)
{
	unsigned log2 = POOL_SMALLEST_LOG2;

	while ((size_t)1 << log2 < size)
		log2++;
	return log2;
}

static size_t pool_pages(size_t size)
{
	return (size + 4095) & ~(size_t)4095;
}

size_t fl_pool_room(size_t size)
{
	unsigned log2 = pool_log2(size);

	return log2 > POOL_LARGEST_LOG2 ? pool_pages(size) : (size_t)1 << log2;
}

/* What nobody has says so, in the checked runtime: no one may have written to it since. */
#ifdef FL_CHECKED
#define POOL_GIVEN 0xf7ee
static void pool_is_given(struct pool_free *block, size_t size)
{
	for (size_t i = 1; i < size / sizeof(uint64_t); i++)
		((uint64_t *)block)[i] = POOL_GIVEN;
}

static void pool_was_given(const struct pool_free *block, size_t size)
{
	for (size_t i = 1; i < size / sizeof(uint64_t); i++)
		FL_CHECK(((const uint64_t *)block)[i] == POOL_GIVEN);
}
#else
#define pool_is_given(block, size)  ((void)0)
#define pool_was_given(block, size) ((void)0)
#endif

enum fl_race_blind fl_race_blind;

static void *pool_none(void)
{
	fl_race_count(FL_COUNT_BLIND);
	__atomic_store_n(&fl_race_blind, FL_BLIND_OF_MEMORY, __ATOMIC_RELEASE);
	return NULL;
}

void *fl_pool_map(size_t bytes)
{
	void *at = NULL;

	return fl_check_is_starved() || fl_sys_map(&at, bytes, FL_SYS_MAP_ANYWHERE, -1, 0) ? pool_none() : at;
}

static void *pool_cut(struct pool_class *class, size_t size)
{
	void *block = NULL;

	if ((size_t)(class->end - class->at) < size) {
		/* Small sizes first in small steps: most programs need little of most sizes. */
		size_t bytes = class->at ? POOL_BLOCK_BYTES : POOL_BLOCK_BYTES / 4;
		block = fl_pool_map(bytes);
		if (!block)
			return NULL;
		class->at = block;
		class->end = class->at + bytes;
	}
	block = class->at;
	class->at += size;
	return block;
}

void *fl_pool_take(size_t size)
{
	unsigned log2 = pool_log2(size);
	struct pool_class *class = &pool_classes[log2 > POOL_LARGEST_LOG2 ? 0 : log2];
	void *block = NULL;

	if (fl_check_is_starved())
		return pool_none();
	if (log2 > POOL_LARGEST_LOG2)
		return fl_pool_map(pool_pages(size));
	fl_lock_take(&class->lock);
	if (class->free) {
		block = class->free;
		class->free = class->free->next;
		pool_was_given(block, (size_t)1 << log2);
	} else {
		block = pool_cut(class, (size_t)1 << log2);
	}
	fl_lock_drop(&class->lock);
	return block;
}

void fl_pool_give(void *memory, size_t size)
{
	unsigned log2 = pool_log2(size);
	struct pool_class *class = &pool_classes[log2 > POOL_LARGEST_LOG2 ? 0 : log2];
	struct pool_free *block = memory;

	if (!memory)
		return;
	if (log2 > POOL_LARGEST_LOG2) {
		fl_sys_unmap(memory, pool_pages(size));
		return;
	}
	fl_lock_take(&class->lock);
	pool_is_given(block, (size_t)1 << log2);
	block->next = class->free;
	class->free = block;
	fl_lock_drop(&class->lock);
}

void fl_pool_fork_child(void)
{
	for (unsigned i = 0; i <= POOL_LARGEST_LOG2; i++)
		pool_classes[i].lock.word = 0;
}
