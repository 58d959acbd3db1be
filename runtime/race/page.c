/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * page.c: page.h. What is rare: a page is taken apart.
 */
#include "race/page.h"

#include "core/lock.h"

#define PAGE_LOCKS 64

#define FL_PAGES_IN_CHUNK ((uint64_t)1 << (FL_CHUNK_SHIFT - 3) >> FL_PAGE_LOG2)

/* Of chunks: who takes pages of one apart; the first cell of the page that is being filled, and with what. */
static struct page_lock {
	struct fl_lock lock;
	struct furlong_race_cell *filling, seen;
} page_locks[PAGE_LOCKS];

static struct page_lock *page_lock(const struct furlong_race_cell *cell)
{
	return &page_locks[(uint64_t)(fl_owner_chunk(cell) - fl_owner_chunks) % PAGE_LOCKS];
}

/* False: there are too many references to be counted, and the cells say nothing. */
static bool page_refer(const struct furlong_race_cell *cell, struct furlong_race_cell seen)
{
	if (!fl_cell_is(seen, FL_SLOT_STATE))
		return true;
	if (!fl_record_refer(seen.word[0], (uint32_t)FL_PAGE_CELLS - 1)) {
		fl_race_count(FL_COUNT_BLIND);
		return false;
	}
	fl_shadow_note(cell);
	return true;
}

static void page_fill_cell(struct furlong_race_cell *cell, struct furlong_race_cell seen)
{
	__atomic_store_n(&cell->word[0], seen.word[0], __ATOMIC_RELAXED);
	__atomic_store_n(&cell->word[1], seen.word[1], __ATOMIC_RELEASE);
}

/* A cell that was filled says what its page says, or said before somebody else came to all of it: what a
 * thread finds there of its present epoch it did. `rest`: some are filled already. */
static void page_fill(struct furlong_race_cell *cell, struct furlong_race_cell seen, bool rest)
{
	struct furlong_race_cell *end = fl_page_end(cell);

	if (!page_refer(cell, seen))
		return;
	for (; cell < end; cell++)
		if (!rest || !cell->word[1])
			page_fill_cell(cell, seen);
}

/* With the lock. Who empties the page meanwhile looks whether it is being filled after that. */
static void page_part(struct page_lock *lock, struct furlong_race_cell *first)
{
	const struct furlong_race_cell apart = {{FL_PAGE_APART, 0}}, filling = {{FL_PAGE_FILLING, 0}};
	struct furlong_race_cell *page = fl_page_of(first);

	__atomic_store_n(&lock->filling, first, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	while (!fl_page_is_apart(page)) {
		lock->seen = fl_sys_cell_load(page);
		if (!(lock->seen.word[0] | lock->seen.word[1])) {
			fl_cell_change(page, lock->seen, apart);
		} else if (fl_cell_change(page, lock->seen, filling)) {
			page_fill(first, lock->seen, false);
			fl_cell_change(page, filling, apart);
		}
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

/* Of pages that say nothing. Where the ones in front of it are apart, the next ones will be, too: their
 * cells' memory is brought in with its own, as much as there is in front of it. */
static void page_bring_in(struct furlong_race_cell *first)
{
	struct furlong_race_cell *end = fl_owner_end(first), *page = fl_page_of(first);
	uint64_t room = (uint64_t)(end - first), before = 0;

	while (before < FL_PAGES_IN_CHUNK - room / FL_PAGE_CELLS && fl_page_is_apart(page - before - 1))
		before++;
	if (before & (before - 1)) /* it was brought in */
		return;
	before = (before ? before : 1) * FL_PAGE_CELLS;
	fl_shadow_bring_in(first, before < room ? before : room);
}

void fl_page_part(struct furlong_race_cell *cell)
{
	struct furlong_race_cell *first = fl_page_end(cell) - FL_PAGE_CELLS;
	struct page_lock *lock = page_lock(cell);

	fl_lock_take(&lock->lock);
	if (page_says_something(fl_page_of(cell)))
		pages_part_around(lock, first);
	else if (!fl_page_is_apart(fl_page_of(cell)))
		page_bring_in(first);
	page_part(lock, first);
	fl_lock_drop(&lock->lock);
}

void fl_page_settle(const struct furlong_race_cell *cell, const struct furlong_race_cell *end)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	for (int i = 0; i < PAGE_LOCKS; i++) {
		struct page_lock *lock = &page_locks[i];
		const struct furlong_race_cell *first = __atomic_load_n(&lock->filling, __ATOMIC_ACQUIRE);

		if (!first || first < cell || first >= end)
			continue;
		fl_lock_take(&lock->lock);
		fl_lock_drop(&lock->lock);
	}
}

/* Who was just at it stayed behind: what he did not come to is done. */
void fl_page_fork_child(void)
{
	for (int i = 0; i < PAGE_LOCKS; i++) {
		struct furlong_race_cell *cell = page_locks[i].filling;

		if (cell && fl_page_of(cell)->word[0] == FL_PAGE_FILLING) {
			page_fill(cell, page_locks[i].seen, true);
			fl_owner_set(fl_page_of(cell), (struct furlong_race_cell){{FL_PAGE_APART, 0}});
		}
		page_locks[i] = (struct page_lock){0};
	}
}
