/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * own.c: an allocator for static programs, where no other can be had behind ours: the C library's malloc and
 * free are strong symbols of one object, which the linker leaves out when both are defined already.
 *
 * Blocks up to 1 MiB come from lists, one for each of 104 sizes; larger ones from the system. In front of a
 * block:
 *
 *   -16  size class (OWN_MAPPED: a mapping of its own) | distance from the start of the piece << 8
 *    -8  as glibc has it (heap.c): bytes up to the next header | 2 when mapped
 */
#include "race/own.h"

#include "core/core.h"
#include "core/sys.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <string.h>

#define OWN_HEADER      16
#define OWN_FINE        1024 /* pieces up to here are of any multiple of 16; then four sizes for each doubling */
#define OWN_CLASSES     104
#define OWN_LARGEST     ((size_t)1 << 20)
#define OWN_REFILL      ((size_t)256 << 10)
#define OWN_MAPPED      255
#define OWN_WORD_MAPPED 2

struct own_free {
	struct own_free *next;
};

static struct own_list {
	struct fl_lock lock;
	struct own_free *first;
	char *fresh, *fresh_end;
} own_lists[OWN_CLASSES];

static unsigned own_class(size_t piece)
{
	unsigned log2;

	if (piece <= OWN_FINE)
		return (unsigned)((piece + 15) / 16) - 1;
	log2 = 63 - (unsigned)__builtin_clzll(piece - 1); /* piece is in (1 << log2, 2 << log2] */
	return 64 + (log2 - 10) * 4 + (unsigned)((piece - 1) >> (log2 - 2) & 3);
}

static size_t own_class_bytes(unsigned class)
{
	unsigned log2 = (class - 64) / 4 + 10;

	if (class < 64)
		return (class + 1) * (size_t)16;
	return ((size_t)1 << log2) + ((class - 64) % 4 + 1) * ((size_t)1 << (log2 - 2));
}

static size_t *own_header(void *block)
{
	return (size_t *)((char *)block - OWN_HEADER);
}

static size_t own_usable(void *block)
{
	size_t word = own_header(block)[1];

	return (word & ~(size_t)7) - (word & OWN_WORD_MAPPED ? 16 : 8);
}

static void *own_take_mapped(size_t size, size_t alignment)
{
	size_t bytes = (size + alignment + OWN_HEADER + 4095) & ~(size_t)4095;
	uintptr_t block;
	void *at = NULL;

	if (bytes < size || fl_sys_map(&at, bytes, FL_SYS_MAP_ANYWHERE, -1, 0))
		return NULL;
	block = ((uintptr_t)at + OWN_HEADER + alignment - 1) & ~(alignment - 1);
	own_header((void *)block)[0] = OWN_MAPPED | (block - (uintptr_t)at) << 8;
	own_header((void *)block)[1] = ((uintptr_t)at + bytes - block + 16) | OWN_WORD_MAPPED;
	return (void *)block;
}

static char *own_take_piece(unsigned class)
{
	struct own_list *list = &own_lists[class];
	size_t bytes = own_class_bytes(class), refill = bytes > OWN_REFILL ? bytes : OWN_REFILL;
	char *piece = NULL;
	void *at = NULL;

	fl_lock_take(&list->lock);
	if (list->first) {
		piece = (char *)list->first - OWN_HEADER;
		list->first = list->first->next;
	} else {
		if ((size_t)(list->fresh_end - list->fresh) < bytes &&
			!fl_sys_map(&at, refill, FL_SYS_MAP_ANYWHERE, -1, 0)) {
			list->fresh = at;
			list->fresh_end = list->fresh + refill;
		}
		if ((size_t)(list->fresh_end - list->fresh) >= bytes) {
			piece = list->fresh;
			list->fresh += bytes;
		}
	}
	fl_lock_drop(&list->lock);
	return piece;
}

static void *own_take(size_t size, size_t alignment)
{
	size_t room = size + OWN_HEADER + (alignment > 16 ? alignment : 0);
	uintptr_t block;
	void *taken = NULL;
	unsigned class;
	char *piece;

	if (size > PTRDIFF_MAX || alignment > PTRDIFF_MAX / 2 || room < size) {
		errno = ENOMEM;
		return NULL;
	}
	if (room < 32)
		room = 32;
	if (room > OWN_LARGEST) {
		taken = own_take_mapped(size, alignment < 16 ? 16 : alignment);
	} else {
		class = own_class(room);
		piece = own_take_piece(class);
		if (piece) {
			block = (uintptr_t)piece + OWN_HEADER;
			if (alignment > 16)
				block = (block + alignment - 1) & ~(alignment - 1);
			taken = (void *)block;
			own_header(taken)[0] = class | (block - (uintptr_t)piece) << 8;
			own_header(taken)[1] = (size_t)(piece + own_class_bytes(class) - (char *)taken) + 8;
		}
	}
	if (!taken)
		errno = ENOMEM;
	return taken;
}

void *fl_own_malloc(size_t size)
{
	return own_take(size, 16);
}

void fl_own_free(void *block)
{
	size_t word = own_header(block)[0], before = word >> 8;
	unsigned class = word & 0xff;
	struct own_list *list;
	struct own_free *entry;

	if (class == OWN_MAPPED) {
		fl_sys_unmap((char *)block - before, before + own_usable(block));
		return;
	}
	list = &own_lists[class];
	entry = (struct own_free *)((char *)block - before + OWN_HEADER);
	fl_lock_take(&list->lock);
	entry->next = list->first;
	list->first = entry;
	fl_lock_drop(&list->lock);
}

void *fl_own_calloc(size_t count, size_t each)
{
	size_t size;
	void *block;

	if (__builtin_mul_overflow(count, each, &size)) {
		errno = ENOMEM;
		return NULL;
	}
	block = own_take(size, 16);
	if (block && !(own_header(block)[1] & OWN_WORD_MAPPED))
		memset(block, 0, size);
	return block;
}

void *fl_own_realloc(void *block, size_t size)
{
	size_t was = block ? own_usable(block) : 0;
	void *moved;

	if (block && !size) {
		fl_own_free(block);
		return NULL;
	}
	if (block && size <= was && size >= was / 2)
		return block;
	moved = own_take(size, 16);
	if (moved && block) {
		memcpy(moved, block, size < was ? size : was);
		fl_own_free(block);
	}
	return moved;
}

void *fl_own_memalign(size_t alignment, size_t size)
{
	size_t power = 16;

	while (power < alignment && power < PTRDIFF_MAX / 2)
		power *= 2;
	return own_take(size, power);
}

int fl_own_posix_memalign(void **block, size_t alignment, size_t size)
{
	int saved = errno;
	void *taken;

	if (!alignment || alignment % sizeof(void *) || (alignment & (alignment - 1)))
		return EINVAL;
	taken = fl_own_memalign(alignment, size);
	errno = saved;
	if (!taken)
		return ENOMEM;
	*block = taken;
	return 0;
}

void *fl_own_valloc(size_t size)
{
	return own_take(size, 4096);
}

void *fl_own_pvalloc(size_t size)
{
	return own_take((size + 4095) & ~(size_t)4095, 4096);
}

size_t fl_own_usable(void *block)
{
	return block ? own_usable(block) : 0;
}

static void own_lock_all(void)
{
	for (unsigned i = 0; i < OWN_CLASSES; i++)
		fl_lock_take(&own_lists[i].lock);
}

static void own_unlock_all(void)
{
	for (unsigned i = 0; i < OWN_CLASSES; i++)
		fl_lock_drop(&own_lists[i].lock);
}

void fl_own_init(void)
{
	pthread_atfork(own_lock_all, own_unlock_all, own_unlock_all);
}

/* The rest of the C library's object, whose presence would bring it in. There is nothing to tune. */
FL_PUBLIC size_t malloc_usable_size(void *block)
{
	return fl_own_usable(block);
}

FL_PUBLIC int malloc_trim(size_t pad)
{
	(void)pad;
	return 0;
}

FL_PUBLIC int mallopt(int parameter, int value)
{
	(void)parameter;
	(void)value;
	return 1;
}

FL_PUBLIC struct mallinfo2 mallinfo2(void)
{
	return (struct mallinfo2){0};
}
