/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * page.h: pages of cells that all say the same. A page is 256 cells, those of 2 KiB of the program's memory.
 * As long as what comes to it comes to all of its bytes, by ranges, one cell stands for all of them: the
 * page's. The cells themselves are zeros then, mostly in memory that was never touched. The first access to
 * less takes the page apart: its cells say what it said, and it stays apart until its memory is new.
 *
 *   page's cell   means
 *   apart         the cells say it
 *   filling       they are about to: each does once its word 1, which comes last, is no zero
 *   other         as cell.h; but never a location, nor a block
 *
 * So a thread that finds its own older read in a cell need not ask.
 *
 * Pages' cells lie behind all others (shadow.c): what owner.h and state.c do with cells they do with these.
 */
#ifndef FL_RACE_PAGE_H
#define FL_RACE_PAGE_H

#include "race/cell.h"

#ifndef FL_PAGE_LOG2
#define FL_PAGE_LOG2 FL_TINY(8, 4)
#endif
#define FL_PAGE_CELLS   ((uint64_t)1 << FL_PAGE_LOG2)
#define FL_PAGE_APART   WORD_SPECIAL
#define FL_PAGE_FILLING (WORD_SPECIAL + 1)

static inline struct furlong_race_cell *fl_page_of(const struct furlong_race_cell *cell)
{
	uint64_t offset = (uintptr_t)cell - (uintptr_t)fl_shadow_cells;

	return (struct furlong_race_cell *)(fl_shadow_cells + FL_SHADOW_BYTES) +
	       (offset / sizeof(*cell) >> FL_PAGE_LOG2);
}
/* The first cell behind that one's page. */
static inline struct furlong_race_cell *fl_page_end(const struct furlong_race_cell *cell)
{
	uint64_t bytes = FL_PAGE_CELLS * sizeof(*cell), base = (uintptr_t)fl_shadow_cells;

	return (struct furlong_race_cell *)(base + (((uintptr_t)cell - base) / bytes + 1) * bytes);
}
static inline bool fl_page_is_apart(const struct furlong_race_cell *page)
{
	return __atomic_load_n(&page->word[0], __ATOMIC_ACQUIRE) == FL_PAGE_APART;
}

/* Takes that cell's page apart. The caller is inside the runtime, and in no chunk (owner.h). */
void fl_page_part(struct furlong_race_cell *cell);
/* Pages of these cells that were being filled when they were emptied are not any more: the cells may be
 * emptied too. */
void fl_page_settle(const struct furlong_race_cell *cell, const struct furlong_race_cell *end);
void fl_page_fork_child(void);

/* The cell of an address, which says what is known of it. As above. */
static inline __attribute__((always_inline)) struct furlong_race_cell *fl_cell_open(
	const volatile void *address)
{
	struct furlong_race_cell *cell = fl_shadow_cell(address);

	if (__builtin_expect(
		    !__atomic_load_n(&cell->word[1], __ATOMIC_ACQUIRE) && !fl_page_is_apart(fl_page_of(cell)),
		    0))
		fl_page_part(cell);
	return cell;
}

#endif
