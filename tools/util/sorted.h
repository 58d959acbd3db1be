/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sorted.h: looking through what is sorted.
 */
#ifndef FURLONG_UTIL_SORTED_H
#define FURLONG_UTIL_SORTED_H

#include <stddef.h>
#include <stdint.h>

/* How many of the items begin at `at` or before it. Each starts with its beginning, a uint64_t. */
static inline size_t fl_sorted_upto(const void *items, size_t count, size_t item_bytes, uint64_t at)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const uint64_t *begin = (const void *)((const char *)items + middle * item_bytes);
		if (*begin <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* How many of the items are before the key: those of which `compare`, given the item and the key, says less
 * than 0. */
static inline size_t fl_sorted_before(const void *items, size_t count, size_t item_bytes, const void *key,
	int (*compare)(const void *item, const void *key))
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare((const char *)items + middle * item_bytes, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

#endif
