/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * intern.h: things numbered once: nodes of the tree of calls, contexts, lists of locks. Private to intern.c,
 * context.c and lockset.c.
 *
 * Entries never move and never go. Nobody waits: an entry is written, then linked into its bucket by one
 * compare-and-exchange; who loses looks again.
 */
#ifndef FL_RACE_INTERN_H
#define FL_RACE_INTERN_H

#include "core/check.h"

#include <stdint.h>

#define INTERN_CHUNK_LOG2 FL_TINY(13, 4)

struct fl_intern_entry {
	uint32_t head;
	uint32_t next;
	uint64_t rest[];
};

struct fl_intern {
	unsigned words; /* of rest */
	uint32_t limit; /* numbers are 1 .. limit - 1 */
	uint32_t bucket_mask;
	uint32_t *buckets;
	struct fl_intern_entry **chunks;
	uint32_t used; /* may go beyond limit */
};

/* 0: full, or no memory. */
uint32_t fl_intern(struct fl_intern *table, uint32_t head, const uint64_t *rest);

/* As below, where `words` is known. */
static inline __attribute__((always_inline)) struct fl_intern_entry *fl_intern_entry(
	const struct fl_intern *table, unsigned words, uint32_t number)
{
	char *chunk = (char *)__atomic_load_n(&table->chunks[number >> INTERN_CHUNK_LOG2], __ATOMIC_ACQUIRE);

	return (struct fl_intern_entry *)(chunk + (number & ((1u << INTERN_CHUNK_LOG2) - 1)) *
							  (sizeof(struct fl_intern_entry) + words * 8));
}

static inline struct fl_intern_entry *fl_intern_at(const struct fl_intern *table, uint32_t number)
{
	return fl_intern_entry(table, table->words, number);
}

#endif
