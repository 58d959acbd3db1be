/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * run.c: run.h.
 */
#include "race/run.h"

static void run_init(struct fl_run *run)
{
	for (int i = 0; i < FL_RUN_WAYS; i++) {
		run->ways[i].seen.word[0] = UINT64_MAX;
		run->ways[i].then = run->ways;
	}
	run->now = run->ways;
	run->oldest = 0;
	run->taken = run->left = 0;
}

static inline bool run_way_is(
	const struct fl_run_way *way, const struct fl_access *access, struct furlong_race_cell seen)
{
	return fl_cell_same(way->seen, seen) && way->word == access->word;
}

static inline bool run_has_in_hand(const struct fl_run *run)
{
	return run->taken || run->left;
}

/* References in hand are given back. In no chunk: a record that nobody refers to any more is given back with
 * its lock, and who has that may wait for a chunk. */
static void run_settle(struct fl_run *run)
{
	if (run->taken)
		fl_record_drop(run->now->next.word[0], run->taken);
	if (run->left)
		fl_record_drop(run->now->seen.word[0], run->left);
	run->taken = run->left = 0;
}

/* What a thread did in this epoch already is left alone, but that freed memory says that it is free. */
static void run_way_find(
	struct fl_run_way *way, const struct fl_access *access, struct furlong_race_cell seen, bool free)
{
	uint64_t state;

	way->seen = seen;
	way->word = access->word;
	way->becomes = way->was = false;
	way->way = FL_SHORT_SAME;
	if (!free && fl_is_said(access->self, seen, access->word))
		return;
	way->way = fl_short_way(access->self, access->word, seen, &way->next);
	state = way->way == FL_SHORT_NONE && !free ? fl_memo_look(access->self, seen, access->word) : 0;
	if (state) {
		way->next = fl_cell_of(state);
		way->way = FL_SHORT_CHANGE;
		way->becomes = true;
		way->was = fl_cell_is(seen, FL_SLOT_STATE);
		if (word_is_read(access->word))
			fl_know(access->self, state, word_epoch(access->word), word_bytes(access->word));
	}
	if (way->way != FL_SHORT_CHANGE)
		return;
	way->renewed = fl_word_renewed(seen, way->next);
	way->keeps = fl_keeps_reads(access->self, seen, way->next);
}

/* States come and go, and what needed more than this may not the next time. False: what is in hand has to be
 * given back first. */
static bool run_look(struct fl_run *run, const struct fl_access *access, struct furlong_race_cell seen)
{
	struct fl_run_way *way = run->now->then;

	if (run_has_in_hand(run))
		return false;
	if (!run_way_is(way, access, seen)) {
		way = run->ways;
		while (way < run->ways + FL_RUN_WAYS && !run_way_is(way, access, seen))
			way++;
		if (way == run->ways + FL_RUN_WAYS)
			way = &run->ways[run->oldest++ % FL_RUN_WAYS];
		run->now->then = way;
	}
	run->now = way;
	if (!run_way_is(way, access, seen) || way->way == FL_SHORT_NONE || way->becomes)
		run_way_find(way, access, seen, run->free);
	return true;
}

static bool run_take(struct fl_run *run)
{
	const uint32_t many = 64;

	if (!fl_record_refer(run->now->next.word[0], many))
		return false;
	run->taken = many;
	return true;
}

static inline bool looks_like(struct furlong_race_cell *cell, struct furlong_race_cell seen)
{
	return fl_cell_same(fl_sys_cell_load(cell), seen);
}

/* Cells that look alike, the first of which does: what becomes of each is no state and was none. */
static inline __attribute__((always_inline)) uint64_t run_alike(const struct fl_run_way *way,
	struct furlong_race_cell *cell, uint64_t count, uint64_t step, enum fl_owner_way whose)
{
	const struct furlong_race_cell seen = way->seen, next = way->next;
	const int renewed = way->renewed;
	uint64_t done = 0;

	if (way->way == FL_SHORT_SAME) {
		do
			cell += step;
		while (++done < count && looks_like(cell, seen));
	} else if (whose == FL_OWNER_MINE) {
		do {
			fl_owner_set(cell, next);
			cell += step;
		} while (++done < count && looks_like(cell, seen));
	} else if (whose == FL_OWNER_READ && renewed >= 0) {
		do {
			__atomic_store_n(&cell->word[renewed], next.word[renewed], __ATOMIC_RELAXED);
			cell += step;
		} while (++done < count && looks_like(cell, seen));
	} else if (whose == FL_OWNER_ALL || way->keeps) {
		for (; done < count && fl_word_change(cell, renewed, seen, next); done++)
			cell += step;
	}
	return done;
}

/* A state counts its references. */
static bool run_state(struct fl_run *run, struct furlong_race_cell *cell, enum fl_owner_way whose)
{
	const struct fl_run_way *now = run->now;

	if (now->becomes && !run->taken && !run_take(run))
		return false;
	if (!run_alike(now, cell, 1, 1, whose))
		return false;
	run->taken -= now->becomes;
	run->left += now->was;
	if (now->becomes)
		fl_shadow_note(cell);
	return true;
}

/* One after the other of `count` cells, one every `step`, in a part of a chunk that is entered. How many were
 * done: the next one is not changed, and needs more than this, or what is in hand to be given back. */
static uint64_t run_along(struct fl_run *run, const struct fl_access *access, struct furlong_race_cell *cell,
	uint64_t count, uint64_t step, enum fl_owner_way whose)
{
	uint64_t done = 0, alike;

	while (done < count) {
		struct furlong_race_cell seen = fl_sys_cell_load(cell);

		if (!run_way_is(run->now, access, seen) && !run_look(run, access, seen))
			break;
		if (run->now->way == FL_SHORT_NONE)
			break;
		alike = run->now->becomes || run->now->was
				? run_state(run, cell, whose)
				: run_alike(run->now, cell, count - done, step, whose);
		if (!alike)
			break;
		if (run->now->way == FL_SHORT_CHANGE)
			access->self->dirty = true;
		done += alike;
		cell += alike * step;
	}
	return done;
}

/* ---- walks -------------------------------------------------------------------------------------------- */

void fl_walk_init(
	struct fl_walk *walk, struct fl_race_thread *self, uint64_t whole, uintptr_t origin, uint64_t stride)
{
	walk->access.self = self;
	walk->access.atomic = false;
	walk->access.origin = origin;
	walk->access.stride = stride;
	walk->whole = whole;
	walk->run.free = false;
	walk->begin = walk->end = NULL;
	run_init(&walk->run);
}

void fl_walk_leave(struct fl_walk *walk)
{
	fl_owner_leave(walk->access.self);
	walk->begin = walk->end = NULL;
}

static void walk_enter(struct fl_walk *walk, const struct furlong_race_cell *cell)
{
	if (cell >= walk->begin && cell < walk->end)
		return;
	fl_walk_leave(walk);
	walk->whose = fl_owner_enter(walk->access.self, cell, true);
	walk->end = fl_owner_end(cell);
	walk->begin = walk->end - ((size_t)1 << (FL_CHUNK_SHIFT - 3));
}

/* As run_along; but then nothing is in hand any more. If something was, the chunk is left. */
static uint64_t walk_on(struct fl_walk *walk, struct furlong_race_cell *cell, uint64_t count, uint64_t step)
{
	uint64_t done;

	walk_enter(walk, cell);
	done = run_along(&walk->run, &walk->access, cell, count, step, walk->whose);
	if (run_has_in_hand(&walk->run)) {
		fl_walk_leave(walk);
		run_settle(&walk->run);
	}
	return done;
}

/* Cells of one chunk, up to one that needs more; how many. */
static uint64_t walk_in_chunk(
	struct fl_walk *walk, struct furlong_race_cell *cell, uint64_t count, uint64_t step)
{
	uint64_t done = 0, more;

	do {
		more = walk_on(walk, cell + done * step, count - done, step);
		done += more;
	} while (!walk->begin && more && done < count);
	if (walk->whose == FL_OWNER_ALL && done && walk->run.now->renewed >= 0) {
		fl_walk_leave(walk);
		fl_owner_renewed(walk->access.self, cell, done);
	}
	return done;
}

/* Whole pages that are not apart, from the one on that begins with this cell; how many cells were done. */
static uint64_t walk_pages(struct fl_walk *walk, struct furlong_race_cell *cell, uint64_t count)
{
	struct furlong_race_cell *page = fl_page_of(cell);
	uint64_t pages = count >> FL_PAGE_LOG2, room = (uint64_t)(fl_owner_end(page) - page);

	if (!pages || cell != fl_page_end(cell) - FL_PAGE_CELLS || fl_page_is_apart(page) ||
		!fl_race_savings.pages)
		return 0;
	return walk_in_chunk(walk, page, pages < room ? pages : room, 1) << FL_PAGE_LOG2;
}

/* The pages that hold `count` cells, one every `step`, are apart then; as far as the first whole one that
 * is not, which comes as a page. How many cells there are until then. */
static uint64_t walk_open(
	struct fl_walk *walk, struct furlong_race_cell *first, uint64_t count, uint64_t step)
{
	struct furlong_race_cell *cell = first;

	for (uint64_t done = 0; done < count; cell = first + done * step) {
		if (!fl_page_is_apart(fl_page_of(cell))) {
			if (done && step == 1)
				return done;
			fl_walk_leave(walk);
			fl_page_part(cell);
		}
		done += step < FL_PAGE_CELLS ? ((uint64_t)(fl_page_end(cell) - cell) + step - 1) / step : 1;
	}
	return count;
}

/* As many as are done in one go; the one that needs all of the rules among them. */
static uint64_t walk_some(struct fl_walk *walk, uintptr_t at, uint64_t count, uint64_t step)
{
	struct furlong_race_cell *cell = fl_shadow_cell((const volatile void *)at);
	uint64_t here = ((uint64_t)(fl_owner_end(cell) - cell) + step - 1) / step, done;

	here = walk_open(walk, cell, here < count ? here : count, step);
	done = walk_in_chunk(walk, cell, here, step);
	if (done == here)
		return done;
	fl_walk_leave(walk);
	walk->access.address = at + done * step * 8;
	fl_cell_access(cell + done * step, &walk->access);
	run_init(&walk->run);
	return done + 1;
}

void fl_walk_along(struct fl_walk *walk, uintptr_t at, uint8_t bytes, uint64_t count, uint64_t step)
{
	if (!bytes)
		return;
	walk->access.word = word_without(walk->whole, (uint8_t)~bytes);
	while (count) {
		uint64_t done =
			step == 1 ? walk_pages(walk, fl_shadow_cell((const volatile void *)at), count) : 0;

		if (!done)
			done = walk_some(walk, at, count, step);
		at += done * step * 8;
		count -= done;
	}
}
