/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys_cell.h: both words of a cell changed at once, by the processor's own instructions (no libatomic, no
 * vector registers). A cell is read as two words; whoever changes it says what it took them to be.
 */
#ifndef FL_RACE_SYS_CELL_H
#define FL_RACE_SYS_CELL_H

#include "furlong/abi.h"

#include <stdbool.h>

static inline struct furlong_race_cell fl_sys_cell_load(const struct furlong_race_cell *cell)
{
	return (struct furlong_race_cell){{__atomic_load_n(&cell->word[0], __ATOMIC_ACQUIRE),
		__atomic_load_n(&cell->word[1], __ATOMIC_ACQUIRE)}};
}

#if defined(__x86_64__)

static inline bool fl_sys_cell_change(
	struct furlong_race_cell *cell, struct furlong_race_cell old, struct furlong_race_cell new)
{
	bool done;

	__asm__ volatile("lock cmpxchg16b %1"
			 : "=@ccz"(done), "+m"(*cell), "+a"(old.word[0]), "+d"(old.word[1])
			 : "b"(new.word[0]), "c"(new.word[1])
			 : "memory");
	return done;
}

#elif defined(__aarch64__)

static inline bool fl_sys_cell_change(
	struct furlong_race_cell *cell, struct furlong_race_cell old, struct furlong_race_cell new)
{
	uint64_t seen0, seen1;
	uint32_t failed;

	__asm__ volatile("1:	ldaxp	%0, %1, [%3]\n"
			 "	cmp	%0, %4\n"
			 "	ccmp	%1, %5, #0, eq\n"
			 "	b.ne	2f\n"
			 "	stlxp	%w2, %6, %7, [%3]\n"
			 "	cbnz	%w2, 1b\n"
			 "	b	3f\n"
			 "2:	clrex\n"
			 "	mov	%w2, #1\n"
			 "3:"
			 : "=&r"(seen0), "=&r"(seen1), "=&r"(failed)
			 : "r"(cell), "r"(old.word[0]), "r"(old.word[1]), "r"(new.word[0]), "r"(new.word[1])
			 : "cc", "memory");
	return !failed;
}

#endif

/* A function that saves every register which it changes, for a caller that saves none. It may use no vector
 * registers, as the runtime does not; its unit tests do. */
#if defined(__x86_64__) && !defined(__SSE2__)
#define FL_SYS_SAVES_ALL __attribute__((no_caller_saved_registers))
#else
#define FL_SYS_SAVES_ALL
#endif

#endif
