/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * heap.h: blocks come and go. Called by the interposed allocator's functions (intercept/alloc.c), whose call
 * is the innermost frame of the stack that is kept.
 */
#ifndef FL_RACE_HEAP_H
#define FL_RACE_HEAP_H

#include <stdbool.h>
#include <stddef.h>

void fl_alloc_init(void); /* intercept/alloc.c: once, at start */
/* Where nobody else needs us before the allocator: unless it was asked before it was found. */
void fl_alloc_stay(void);
/* Once, when the functions behind are known. `own_headers`: the allocator is the C library's, which keeps 8
 * bytes of its own in front of a block and nobody else looks at them. */
void fl_heap_init(bool own_headers, size_t (*usable)(void *));
void fl_heap_born(void *block, size_t size, const void *caller);
/* As above, and the allocator has cleared it. */
void fl_heap_born_zero(void *block, size_t size, const void *caller);
/* Before it is given back. */
void fl_heap_dies(void *block, const void *caller);
/* After a realloc: `block` holds what was in a block of `old_size` bytes, perhaps here. */
void fl_heap_moved(void *block, size_t size, size_t old_size, const void *caller);
size_t fl_heap_usable(void *block);
size_t fl_heap_size(void *block); /* as it was asked for, if that is known */

#endif
