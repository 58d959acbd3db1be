/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * memory.c: see memory.h.
 */
#include "util/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/error.h"

enum { BLOCK_BYTES = 256 * 1024, ALIGNMENT = 16 };

struct block {
	struct block *next;
	size_t used, size;
	_Alignas(ALIGNMENT) char bytes[];
};

struct fl_arena {
	struct block *blocks; /* the first one is being filled */
};

static _Noreturn void exhausted(void)
{
	fputs("furlong: out of memory\n", stderr);
	_Exit(FL_EXIT_DATA);
}

void *fl_alloc(size_t bytes)
{
	void *memory = calloc(1, bytes ? bytes : 1);
	if (!memory)
		exhausted();
	return memory;
}

void *fl_resize(void *old, size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes))
		exhausted();
	void *memory = realloc(old, bytes ? bytes : 1);
	if (!memory)
		exhausted();
	return memory;
}

void *fl_grow(void *items, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return items;
	*capacity = *capacity ? *capacity * 2 : 8;
	return fl_resize(items, *capacity, size);
}

struct fl_arena *fl_arena_new(void)
{
	return fl_alloc(sizeof(struct fl_arena));
}

void fl_arena_free(struct fl_arena *arena)
{
	if (!arena)
		return;
	for (struct block *block = arena->blocks, *next; block; block = next) {
		next = block->next;
		free(block);
	}
	free(arena);
}

void fl_arena_adopt(struct fl_arena *parent, struct fl_arena *child)
{
	struct block **end = &parent->blocks;
	while (*end)
		end = &(*end)->next;
	*end = child->blocks;
	free(child);
}

void *fl_arena_alloc(struct fl_arena *arena, size_t bytes)
{
	if (bytes > SIZE_MAX / 2)
		exhausted();
	bytes = (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	struct block *block = arena->blocks;
	if (!block || block->size - block->used < bytes) {
		size_t size = bytes > BLOCK_BYTES / 4 ? bytes : BLOCK_BYTES;
		struct block *fresh = fl_resize(NULL, 1, sizeof *fresh + size);
		fresh->used = 0;
		fresh->size = size;
		if (block && size != BLOCK_BYTES) { /* an outsize one: go on filling the present block */
			fresh->next = block->next;
			block->next = fresh;
		} else {
			fresh->next = block;
			arena->blocks = fresh;
		}
		block = fresh;
	}
	void *memory = block->bytes + block->used;
	block->used += bytes;
	return memset(memory, 0, bytes);
}

void *fl_arena_array(struct fl_arena *arena, size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes))
		exhausted();
	return fl_arena_alloc(arena, bytes);
}

char *fl_arena_bytes(struct fl_arena *arena, const char *bytes, size_t length)
{
	char *copy = fl_arena_alloc(arena, length + 1);
	memcpy(copy, bytes, length);
	return copy;
}

char *fl_arena_format_list(struct fl_arena *arena, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	char *text = fl_arena_alloc(arena, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	return text;
}

char *fl_arena_format(struct fl_arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = fl_arena_format_list(arena, format, args);
	va_end(args);
	return text;
}
