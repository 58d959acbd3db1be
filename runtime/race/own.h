/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * own.h: the allocator of static programs.
 */
#ifndef FL_RACE_OWN_H
#define FL_RACE_OWN_H

#include <stddef.h>

void fl_own_init(void);
void *fl_own_malloc(size_t size);
void fl_own_free(void *block);
void *fl_own_calloc(size_t count, size_t each);
void *fl_own_realloc(void *block, size_t size);
void *fl_own_memalign(size_t alignment, size_t size);
int fl_own_posix_memalign(void **block, size_t alignment, size_t size);
void *fl_own_valloc(size_t size);
void *fl_own_pvalloc(size_t size);
size_t fl_own_usable(void *block);

#endif
