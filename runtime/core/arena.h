/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * arena.h: memory that is taken and never given back, and tables that grow without moving.
 *
 * The caller holds the runtime's lock. What comes is zero.
 */
#ifndef FL_CORE_ARENA_H
#define FL_CORE_ARENA_H

#include <stddef.h>
#include <stdint.h>

void *fl_arena_take(size_t size); /* NULL when there is no memory */

#define FL_TABLE_FIRST_LOG2 6
#define FL_TABLE_CHUNKS     24
#define FL_TABLE_LIMIT      (((1u << FL_TABLE_CHUNKS) - 1) << FL_TABLE_FIRST_LOG2)

/* Each chunk has twice as many elements as the one before. */
struct fl_table {
	size_t element_bytes;
	char *chunks[FL_TABLE_CHUNKS];
};

/* The element, made on first use; NULL when there is no memory or index is at the limit. */
void *fl_table_make(struct fl_table *table, uint32_t index);
/* The element, or NULL if it was never made. */
void *fl_table_at(const struct fl_table *table, uint32_t index);

#endif
