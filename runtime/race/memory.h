/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * memory.h: the moments of a process's life that the files about memory take part in: caller.c, heap.c,
 * stack.c and what they interpose. And memory that begins anew.
 */
#ifndef FL_RACE_MEMORY_H
#define FL_RACE_MEMORY_H

#include "race/race.h"

/* In the main thread, once it has a record. */
void fl_memory_init(void);
/* In a new thread, before fl_race_thread_start; `by_pthread`: the C library made its stack. */
void fl_memory_thread_start(struct fl_race_thread *self, bool by_pthread);
void fl_memory_fork_child(void);
/* Objects were loaded, or are gone. Not under the runtime's lock. */
void fl_memory_objects_changed(void);

/* fl_shadow_reset, for callers outside the runtime, known threads or not. */
void fl_memory_fresh(const volatile void *at, size_t size);

#endif
