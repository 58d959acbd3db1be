/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * shadow.c: where cells are, and memory that begins anew.
 *
 * All of the program's addresses, folded to 45 bits and doubled: 64 TiB of address space, memory only where
 * it is touched. Behind them the cells of pages (page.h). A byte per 64 KiB of the program's says whether
 * anything but plain members was ever there.
 */
#include "race/page.h"

#include "core/print.h"

#define SHADOW_NOTE_SHIFT 16
#define SHADOW_HINT       ((uintptr_t)1 << FL_SHADOW_BITS)
#define SHADOW_HUGE_PAGE  ((uintptr_t)2 << 20)
#define SHADOW_SOME_BYTES                                                                                    \
	((size_t)32 << 10)                 /* of cells: looking at each takes longer than giving them back */
#define SHADOW_BIG_BYTES ((size_t)1 << 20) /* of cells: from here on they are given back */

uint64_t fl_shadow_mask;
char *fl_shadow_cells;
char *fl_shadow_notes;
static uintptr_t shadow_page = 4096; /* the system's */

static uint64_t folded(uintptr_t address)
{
	return address & fl_shadow_mask;
}

static bool fold_apart(uintptr_t a_begin, uintptr_t a_end, uintptr_t b_begin, uintptr_t b_end)
{
	uint64_t mask = ((uint64_t)1 << FL_SHADOW_BITS) - 1;
	uint64_t distance = (b_begin - a_begin) & mask;

	return distance >= a_end - a_begin && mask + 1 - distance >= b_end - b_begin;
}

/* The executable with room for its heap, against the libraries with room below, and the main stack. */
static bool shadow_space_is_ours(void)
{
	const uintptr_t room = (uintptr_t)16 << 30;
	struct fl_sys_space space;
	uintptr_t above;

	fl_sys_space_look(&space);
	above = space.end - space.highest < room / 16 ? space.end : space.highest + room / 16;
	return space.highest - space.lowest < room ||
	       fold_apart(space.lowest, space.lowest + room, space.highest - room, above);
}

/* Simulators (valgrind) place large mappings only where they are asked to. */
static int map_large(void **at, size_t bytes)
{
	int rc = fl_sys_map(at, bytes, FL_SYS_MAP_ANYWHERE, -1, 0);

	if (!rc)
		return 0;
	*at = (void *)SHADOW_HINT;
	if (!fl_sys_map(at, bytes, FL_SYS_MAP_ANYWHERE, -1, 0))
		return 0;
	*at = NULL;
	return rc;
}

bool fl_shadow_init(void)
{
	const size_t with_pages =
		((size_t)1 << FL_SHADOW_BITS) + ((size_t)1 << FL_SHADOW_BITS >> FL_PAGE_LOG2);
	const size_t bytes = 2 * with_pages;
	void *cells = NULL, *notes = NULL;
	int rc;

	if (!shadow_space_is_ours()) {
		fl_print_message(
			"the program and its libraries are where race detection cannot tell them apart; "
			"start it again, or lower vm.mmap_rnd_bits: no races will be found");
		return false;
	}
	rc = map_large(&cells, bytes);
	if (!rc)
		rc = map_large(&notes, with_pages >> SHADOW_NOTE_SHIFT);
	if (!rc)
		rc = fl_owner_init(with_pages);
	if (rc) {
		if (cells)
			fl_sys_unmap(cells, bytes);
		fl_print_message(
			"race detection needs 64 TiB of address space (no memory) and cannot have it: %s; "
			"lift ulimit -v, or set vm.overcommit_memory to 0: no races will be found",
			fl_print_error(rc));
		return false;
	}
	fl_sys_sparse(cells, bytes);
	shadow_page = fl_sys_page_size();
	fl_shadow_cells = cells;
	fl_shadow_notes = notes;
	fl_shadow_mask = (((uint64_t)1 << FL_SHADOW_BITS) - 1) & ~(uint64_t)7;
	return true;
}

void fl_shadow_note(const struct furlong_race_cell *cell)
{
	char *note =
		&fl_shadow_notes[((uintptr_t)cell - (uintptr_t)fl_shadow_cells) >> (SHADOW_NOTE_SHIFT + 1)];

	if (!__atomic_load_n(note, __ATOMIC_RELAXED))
		__atomic_store_n(note, 1, __ATOMIC_RELAXED);
}

/* Cells of a page that is not there are read before they are written: two faults, the second of which stops
 * the other processors (it takes the page of zeros away from them). So many pages are brought in at once, and
 * the zeros of those that were read are taken away together before that. */
void fl_shadow_bring_in(struct furlong_race_cell *cell, uint64_t cells, bool zeros)
{
	const uintptr_t page = shadow_page, huge = SHADOW_HUGE_PAGE;
	uintptr_t begin = (uintptr_t)cell, end = begin + cells * sizeof(*cell),
		  space = (uintptr_t)fl_shadow_cells + FL_SHADOW_BYTES;

	end = (end < space ? end : space) & ~(page - 1);
	begin = (begin + page - 1) & ~(page - 1);
	if (end <= begin)
		return;
	if (zeros && end - begin > page)
		fl_sys_give_back((void *)begin, end - begin);
	if (end - begin >= 2 * huge)
		fl_sys_dense((void *)((begin + huge - 1) & ~(huge - 1)),
			(end & ~(huge - 1)) - ((begin + huge - 1) & ~(huge - 1)));
	fl_sys_populate((void *)begin, end - begin);
}

/* ---- forgetting --------------------------------------------------------------------------------------- */

/* By plain stores where nothing else is. Whoever else changes these cells now uses memory that is not his:
 * his access was compared with what was there, and is forgotten with it. A state that he makes meanwhile
 * stays referred to by nobody, a few dozen bytes. */
static void forget_cells(struct furlong_race_cell *cell, struct furlong_race_cell *end)
{
	for (; cell < end; cell++) {
		struct furlong_race_cell seen = fl_sys_cell_load(cell);

		if (!(seen.word[0] | seen.word[1]))
			continue;
		if (seen.word[0] >= WORD_SPECIAL) {
			fl_cell_forget(cell, 0xff);
			continue;
		}
		__atomic_store_n(&cell->word[0], 0, __ATOMIC_RELAXED);
		__atomic_store_n(&cell->word[1], 0, __ATOMIC_RELAXED);
	}
}

/* Only where the notes say that there is something to give back. */
static void forget_noted(struct furlong_race_cell *cell, struct furlong_race_cell *end)
{
	const uintptr_t step = (uintptr_t)2 << SHADOW_NOTE_SHIFT;
	uintptr_t base = (uintptr_t)fl_shadow_cells;

	while (cell < end) {
		uintptr_t offset = (uintptr_t)cell - base, next = base + (offset / step + 1) * step;
		struct furlong_race_cell *until =
			(struct furlong_race_cell *)next < end ? (struct furlong_race_cell *)next : end;

		if (fl_shadow_notes[offset / step])
			for (; cell < until; cell++)
				if (fl_sys_cell_load(cell).word[0] >= WORD_SPECIAL)
					fl_cell_forget(cell, 0xff);
		cell = until;
	}
}

static void forget_stretch(struct furlong_race_cell *cell, struct furlong_race_cell *end)
{
	uintptr_t page = shadow_page, first = ((uintptr_t)cell + page - 1) & ~(page - 1),
		  last = (uintptr_t)end & ~(page - 1);

	if ((uintptr_t)end - (uintptr_t)cell < SHADOW_SOME_BYTES) {
		forget_cells(cell, end);
		return;
	}
	forget_cells(cell, (struct furlong_race_cell *)first);
	forget_noted((struct furlong_race_cell *)first, (struct furlong_race_cell *)last);
	fl_sys_give_back((void *)first, last - first);
	forget_cells((struct furlong_race_cell *)last, end);
}

/* Empties a page; its cells come after that. False: they are empty. */
static bool forget_page(struct furlong_race_cell *cell)
{
	struct furlong_race_cell *page = fl_page_of(cell), seen;

	do
		seen = fl_sys_cell_load(page);
	while ((seen.word[0] | seen.word[1]) &&
		!fl_cell_replace(page, seen, (struct furlong_race_cell){{0, 0}}));
	if (seen.word[0] == FL_PAGE_FILLING)
		fl_page_settle(cell, cell + 1);
	return seen.word[0] == FL_PAGE_FILLING || seen.word[0] == FL_PAGE_APART;
}

/* Whole pages, each by what was touched of it; so many that looking at each takes too long are given back. */
static void forget_pages(struct furlong_race_cell *cell, uint64_t count)
{
	struct furlong_race_cell *end = cell + count * FL_PAGE_CELLS;

	if (count * FL_PAGE_CELLS * sizeof(*cell) >= SHADOW_BIG_BYTES) {
		forget_stretch(fl_page_of(cell), fl_page_of(cell) + count);
		fl_page_settle(cell, end);
		forget_stretch(cell, end);
		return;
	}
	for (; cell < end; cell += FL_PAGE_CELLS)
		if (forget_page(cell))
			forget_cells(cell, cell + FL_PAGE_CELLS);
}

/* Cells of one page, but not all. */
static void forget_part(struct furlong_race_cell *cell, struct furlong_race_cell *end)
{
	struct furlong_race_cell page = fl_sys_cell_load(fl_page_of(cell));

	if (!(page.word[0] | page.word[1]))
		return;
	if (page.word[0] != FL_PAGE_APART)
		fl_page_part(cell);
	forget_cells(cell, end);
}

static void forget_whole(struct furlong_race_cell *cell, struct furlong_race_cell *end)
{
	while (cell < end) {
		struct furlong_race_cell *next = fl_page_end(cell);
		uint64_t pages = (uint64_t)(end - cell) >> FL_PAGE_LOG2;

		if (cell == next - FL_PAGE_CELLS && pages) {
			forget_pages(cell, pages);
			cell += pages << FL_PAGE_LOG2;
		} else {
			forget_part(cell, next < end ? next : end);
			cell = next;
		}
	}
}

static void forget_bytes(uintptr_t address, size_t size)
{
	fl_cell_forget(fl_cell_open((void *)address), (uint8_t)(((1u << size) - 1) << (address & 7)));
}

void fl_shadow_reset(const volatile void *address, size_t size)
{
	uintptr_t begin = (uintptr_t)address, end = begin + size, first = (begin + 7) & ~(uintptr_t)7,
		  last = end & ~(uintptr_t)7;

	if (!fl_shadow_cells || !size || end < begin)
		return;
	if (fl_race_self_thread)
		fl_race_self_thread->stamp++;
	if (first > last) {
		forget_bytes(begin, size);
		return;
	}
	if (begin < first)
		forget_bytes(begin, first - begin);
	/* A range may cross the fold. */
	while (first < last) {
		uint64_t room = fl_shadow_mask + 8 - folded(first);
		uintptr_t until = last - first < room ? last : first + room;

		forget_whole(
			fl_shadow_cell((void *)first), fl_shadow_cell((void *)first) + (until - first) / 8);
		first = until;
	}
	if (last < end)
		forget_bytes(last, end - last);
}

void fl_cell_forget(struct furlong_race_cell *cell, uint8_t bytes)
{
	struct furlong_race_cell seen, next;
	struct fl_race_location *location;
	struct fl_set set;
	bool done = false;

	fl_set_init(&set);
	while (!done) {
		seen = fl_sys_cell_load(cell);
		if (!(seen.word[0] | seen.word[1]))
			break;
		next = (struct furlong_race_cell){{0, 0}};
		if (fl_cell_is(seen, FL_SLOT_LOCATION)) {
			if (bytes == 0xff) {
				done = fl_cell_change(cell, seen, next);
				if (done)
					fl_record_drop(seen.word[0], 1);
				continue;
			}
			location = fl_record_at(seen.word[0]);
			if (!fl_record_lock(location, seen.word[0]))
				continue;
			fl_location_forget(location, bytes);
			fl_record_unlock(location);
			break;
		}
		if (bytes != 0xff && !fl_cell_is(seen, FL_SLOT_BLOCK)) {
			if (!fl_cell_members(cell, seen, &set))
				continue;
			fl_set_forget(&set, bytes);
			if (!fl_cell_encode(&set, 0, &next))
				break;
		} else if (bytes != 0xff) {
			break;
		}
		done = fl_cell_replace(cell, seen, next);
	}
	fl_set_free(&set);
}
