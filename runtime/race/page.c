/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * page.c: page.h. What is rare: a page is taken apart.
 */
#include "race/page.h"

#include "core/lock.h"

#define PAGE_LOCKS 64

/* Of chunks: who takes pages of one apart, and the first cell of the page that is being filled. */
static struct page_lock {
	struct fl_lock lock;
	struct furlong_race_cell *filling;
} page_locks[PAGE_LOCKS];

static struct page_lock *page_lock(const struct furlong_race_cell *cell)
{
	return &page_locks[(uint64_t)(fl_owner_chunk(cell) - fl_owner_chunks) % PAGE_LOCKS];
}

/* A cell that was filled says what its page says, or said before somebody else came to all of it: what a
 * thread finds there of its present epoch it did. */
static bool page_fill(struct furlong_race_cell *cell, struct furlong_race_cell seen)
{
	struct furlong_race_cell *end = fl_page_end(cell);

	if (fl_cell_is(seen, FL_SLOT_STATE)) {
		if (!fl_record_refer(seen.word[0], (uint32_t)FL_PAGE_CELLS - 1))
			return false;
		fl_shadow_note(cell);
	}
	for (; cell < end; cell++)
		fl_owner_set(cell, seen);
	return true;
}

/* With the lock. */
static void page_part(struct page_lock *lock, struct furlong_race_cell *first)
{
	const struct furlong_race_cell apart = {{FL_PAGE_APART, 0}};
	struct furlong_race_cell *page = fl_page_of(first), seen;
	bool filled = false;

	while (!fl_page_is_apart(page)) {
		seen = fl_sys_cell_load(page);
		if (seen.word[0] | seen.word[1] || filled) {
			__atomic_store_n(&lock->filling, first, __ATOMIC_RELEASE);
			if (!page_fill(first, seen))
				continue;
			filled = true;
		}
		if (!fl_cell_change(page, seen, apart) && fl_cell_is(seen, FL_SLOT_STATE))
			fl_record_drop(seen.word[0], (uint32_t)FL_PAGE_CELLS - 1);
	}
	__atomic_store_n(&lock->filling, NULL, __ATOMIC_RELEASE);
}

static bool page_says_something(const struct furlong_race_cell *page)
{
	struct furlong_race_cell seen = fl_sys_cell_load(page);

	return seen.word[0] != FL_PAGE_APART && (seen.word[0] | seen.word[1]);
}

/* The rest of the chunk that says something: who comes to one of its pages comes to the next, and so many new
 * pages of memory cost less together. */
static void pages_part_around(struct page_lock *lock, const struct furlong_race_cell *cell)
{
	struct furlong_race_cell *end = fl_owner_end(cell),
				 *first = end - ((uint64_t)1 << (FL_CHUNK_SHIFT - 3));

	while (first < end && !page_says_something(fl_page_of(first)))
		first += FL_PAGE_CELLS;
	while (first < end && !page_says_something(fl_page_of(end - 1)))
		end -= FL_PAGE_CELLS;
	fl_shadow_bring_in(first, (uint64_t)(end - first));
	for (; first < end; first += FL_PAGE_CELLS)
		if (page_says_something(fl_page_of(first)))
			page_part(lock, first);
}

void fl_page_part(struct furlong_race_cell *cell)
{
	struct furlong_race_cell *first = fl_page_end(cell) - FL_PAGE_CELLS;
	struct page_lock *lock = page_lock(cell);

	fl_lock_take(&lock->lock);
	if (page_says_something(fl_page_of(cell)))
		pages_part_around(lock, first);
	page_part(lock, first);
	fl_lock_drop(&lock->lock);
}

/* Who was just at it stayed behind: his page still says all, if it is not apart, and its cells nothing. */
void fl_page_fork_child(void)
{
	for (int i = 0; i < PAGE_LOCKS; i++) {
		struct furlong_race_cell *cell = page_locks[i].filling;

		page_locks[i] = (struct page_lock){0};
		if (cell && !fl_page_is_apart(fl_page_of(cell)))
			for (uint64_t n = 0; n < FL_PAGE_CELLS; n++)
				fl_owner_set(&cell[n], (struct furlong_race_cell){{0, 0}});
	}
}
