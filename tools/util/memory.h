/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * memory.h: allocation that does not fail, arenas, growing arrays.
 *
 * Out of memory ends the tool with one line: nothing it does is worth carrying on without. An arena
 * frees everything at once and is not shared between threads.
 */
#ifndef FURLONG_UTIL_MEMORY_H
#define FURLONG_UTIL_MEMORY_H

#include <stdarg.h>
#include <stddef.h>

void *fl_alloc(size_t bytes);                          /* zeroed */
void *fl_resize(void *old, size_t count, size_t size); /* count * size, overflow-checked */

struct fl_arena;
struct fl_arena *fl_arena_new(void);
void fl_arena_free(struct fl_arena *arena);
void *fl_arena_alloc(struct fl_arena *arena, size_t bytes); /* zeroed, aligned to 16 */
void *fl_arena_array(struct fl_arena *arena, size_t count, size_t size);
char *fl_arena_bytes(struct fl_arena *arena, const char *bytes, size_t length); /* NUL added */
char *fl_arena_format(struct fl_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *fl_arena_format_list(struct fl_arena *arena, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* Moves all that `child` holds to `parent` and frees the empty child. */
void fl_arena_adopt(struct fl_arena *parent, struct fl_arena *child);

/* Makes room for one more element in items[0..count) of `size` bytes each; returns items. */
void *fl_grow(void *items, size_t count, size_t *capacity, size_t size);

/* Appends to a {items, count, capacity} triple. */
#define FL_PUSH(items, count, capacity)                                                                      \
	((items) = fl_grow((items), (count), &(capacity), sizeof *(items)), &(items)[(count)++])

#endif
