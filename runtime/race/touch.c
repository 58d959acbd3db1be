/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * touch.c: touch.h.
 */
#include "race/touch.h"

#define EXACT_SIZES 256

/* Each size is a context of its own: long ones keep three digits of their binary form, so that a loop over
 * lengths does not fill the table. */
uint32_t fl_touch_size(size_t size)
{
	int shift;

	if (size <= EXACT_SIZES)
		return (uint32_t)size;
	if (size > UINT32_MAX)
		return UINT32_MAX;
	shift = 61 - __builtin_clzll(size);
	return (uint32_t)(size >> shift << shift);
}

__attribute__((noinline)) void fl_touch(
	const volatile void *at, size_t size, bool write, const void *caller)
{
	const void *pc = __builtin_return_address(0);

	if (!size)
		return;
	FL_RACE_INSIDE
		fl_access(at, size, write, fl_context_here(pc, caller, fl_touch_size(size), FL_WHAT_RANGE));
}
