/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * touch.c: touch.h.
 */
#include "race/touch.h"

#define ALWAYS_EXACT 256

/* Each size is a context of its own. When the table fills up, long ones keep three digits of their binary
 * form, so that loops over lengths leave room for the rest, and `quality` counts that. */
uint32_t fl_touch_size(size_t size)
{
	int shift;

	if (size > UINT32_MAX)
		return UINT32_MAX;
	if (size <= ALWAYS_EXACT || fl_context_has_room())
		return (uint32_t)size;
	fl_race_count(FL_COUNT_TRUNCATED);
	shift = 61 - __builtin_clzll(size);
	return (uint32_t)(size >> shift << shift);
}

__attribute__((noinline)) void fl_touch(const volatile void *at, size_t size, bool write, const void *caller)
{
	const void *pc = __builtin_return_address(0);

	if (!size)
		return;
	FL_RACE_INSIDE
	if (size > FL_SHORT || !fl_range_is_said(fl_race_self_thread, (uintptr_t)at, size, write))
		fl_access(at, size, write, FL_WHAT_RANGE,
			fl_context_here(pc, caller, fl_touch_size(size), FL_WHAT_RANGE));
}
