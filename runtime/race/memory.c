/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * memory.c: memory.h.
 */
#include "race/memory.h"

#include "race/caller.h"
#include "race/follow.h"
#include "race/foreign.h"
#include "race/heap.h"
#include "race/stack.h"

void fl_memory_init(void)
{
	fl_alloc_init();
	fl_stack_main(fl_race_self_thread);
	fl_caller_look();
}

void fl_memory_thread_start(struct fl_race_thread *self, bool by_pthread)
{
	if (self)
		fl_stack_start(self, by_pthread);
}

void fl_memory_fork_child(void)
{
	fl_caller_fork_child();
	fl_stack_fork_child();
	fl_foreign_fork_child();
}

void fl_memory_objects_changed(void)
{
	fl_caller_look();
}

/* Before the first thread there is nothing but marks of blocks that live. */
void fl_memory_fresh(const volatile void *at, size_t size)
{
	bool outermost = !fl_race_depth;

	fl_stack_gone_from((uintptr_t)at, size);
	if (!fl_race_concurrent)
		return;
	fl_race_depth = 1;
	fl_shadow_reset(at, size);
	if (outermost)
		fl_race_leave();
}
