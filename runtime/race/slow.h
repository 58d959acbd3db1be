/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * slow.h: what the assembly stubs (sys_stubs.c) call, one C function per shape of a slow path. The stubs save
 * the registers that C may use; these functions use no vector registers, nor does what they call.
 */
#ifndef FL_RACE_SLOW_H
#define FL_RACE_SLOW_H

#include "race/budget.h"

#define FL_SPEC_SIZE       31
#define FL_SPEC_WRITE      32
#define FL_SPEC_WHAT_SHIFT 8

void fl_race_slow(const volatile void *address, const void *caller, const void *pc, uint32_t spec);
void fl_race_slow_read1(const volatile void *address, const void *caller, const void *pc);
void fl_race_slow_read2(const volatile void *address, const void *caller, const void *pc);
void fl_race_slow_read4(const volatile void *address, const void *caller, const void *pc);
void fl_race_slow_read8(const volatile void *address, const void *caller, const void *pc);
void fl_race_slow_read_vptr(const volatile void *address, const void *caller, const void *pc);
void fl_race_slow_write4(const volatile void *address, const void *caller, const void *pc);
void fl_race_slow_write8(const volatile void *address, const void *caller, const void *pc);
/* spec as above, without the size */
void fl_race_slow_range(
	const volatile void *address, uint64_t size, const void *caller, const void *pc, uint32_t spec);
void fl_race_slow_elements(const volatile void *address, uint64_t count, uint64_t shape, const void *caller,
	const void *pc, uint32_t spec);
void fl_race_slow_vptr(const volatile void *address, const void *value, const void *caller, const void *pc);
void fl_race_slow_begin(
	const volatile void *address, uint32_t size, uint32_t what, const void *caller, const void *pc);
void fl_race_slow_end(const volatile void *address, uint32_t size, uint32_t what, uint32_t stored);
void fl_race_slow_fence(uint32_t order);
void fl_race_slow_stack(const volatile void *place); /* follow.c */

/* fl_report_race with the vector registers saved around it. */
void fl_report_race_saved(const struct fl_race_found *found);

/* The record of the calling thread, if the operation counts; the caller is inside the runtime from then on.
 * `left_out`: in which cases it does not, of the thread's ignore_reads_and_writes. */
static inline struct fl_race_thread *fl_operation_enter(uint32_t left_out)
{
	struct fl_race_thread *self = fl_race_self_thread;

	if (!self || !fl_race_concurrent)
		return NULL;
	if (fl_race_depth) {
		self->counts[FL_COUNT_IN_SIGNAL]++;
		return NULL;
	}
	if (self->ignore_reads_and_writes & left_out) {
		if (self->ignore_reads_and_writes & FL_RESTS)
			fl_budget_follow(self);
		return NULL;
	}
	fl_race_depth = 1;
	__asm__ volatile("" ::: "memory");
	return self;
}

/* The same for an access. */
static inline struct fl_race_thread *fl_access_enter(void)
{
	return fl_operation_enter(UINT32_MAX);
}

static inline void fl_access_leave(void)
{
	__asm__ volatile("" ::: "memory");
	fl_race_leave();
}

#endif
