/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * page.c: page.h. What is rare: a page is taken apart.
 */
#include "race/page.h"

#include "core/lock.h"

#define PAGE_LOCKS 64

#define PAGES_OF_FULL  8 /* so many that are apart: the rest of the chunk will be */
#define PAGES_IN_CHUNK ((uint64_t)1 << (FL_CHUNK_SHIFT - 3) >> FL_PAGE_LOG2)

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

/* Memory for the cells of pages none of which is apart: code that is compiled in may have read them. With the
 * lock. (A page that is just being emptied for new memory may lose its cells to this: records that they refer
 * to stay referred to by nobody then.) */
static void pages_bring_in(struct furlong_race_cell *first, uint64_t pages)
{
	fl_shadow_bring_in(first, pages * FL_PAGE_CELLS, true);
}

/* From that page on, up to one that is apart. */
static uint64_t pages_whole(const struct furlong_race_cell *page, uint64_t most)
{
	uint64_t pages = 0;

	while (pages < most && !fl_page_is_apart(page + pages))
		pages++;
	return pages;
}

static struct furlong_race_cell *chunk_begin(const struct furlong_race_cell *cell)
{
	return fl_owner_end(cell) - PAGES_IN_CHUNK * FL_PAGE_CELLS;
}

/* Those that are not apart yet. */
static void pages_bring_in_all(struct furlong_race_cell *first, const struct furlong_race_cell *end)
{
	while (first < end) {
		uint64_t pages = pages_whole(fl_page_of(first), (uint64_t)(end - first) / FL_PAGE_CELLS);

		pages_bring_in(first, pages);
		first += (pages + 1) * FL_PAGE_CELLS;
	}
}

/* The rest of the chunk that says something: who comes to one of its pages comes to the next, and so many new
 * pages of memory cost less together. */
static void pages_part_around(struct page_lock *lock, const struct furlong_race_cell *cell)
{
	struct furlong_race_cell *end = fl_owner_end(cell), *first = chunk_begin(cell);

	while (first < end && !page_says_something(fl_page_of(first)))
		first += FL_PAGE_CELLS;
	while (first < end && !page_says_something(fl_page_of(end - 1)))
		end -= FL_PAGE_CELLS;
	pages_bring_in_all(first, end);
	for (; first < end; first += FL_PAGE_CELLS)
		if (page_says_something(fl_page_of(first)))
			page_part(lock, first);
}

/* Of a page that says nothing. The more of its chunk are apart, the more will be: as many behind it have
 * their memory brought in with its own, and then all. */
static void page_bring_in(struct furlong_race_cell *first)
{
	const struct furlong_race_cell *page = fl_page_of(first), *pages = fl_page_of(chunk_begin(first));
	uint64_t room = (uint64_t)(pages + PAGES_IN_CHUNK - page), apart = 0, most;

	for (uint64_t i = 0; i < PAGES_IN_CHUNK; i++)
		apart += fl_page_is_apart(&pages[i]);
	most = apart ? apart : 1;
	if (apart == PAGES_OF_FULL)
		pages_bring_in_all(chunk_begin(first), fl_owner_end(first));
	else if (apart < PAGES_OF_FULL && !(apart & (apart - 1))) /* else it was brought in */
		pages_bring_in(first, pages_whole(page, most < room ? most : room));
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
