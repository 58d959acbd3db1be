/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * range.c: accesses of any size, volatile ones, and those of pointers to virtual functions.
 */
#include "race/run.h"
#include "race/slow.h"

#include "core/options.h"

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

/* States come and go, and what needed more than this may not the next time. */
void fl_run_look(struct fl_run *run, const struct fl_access *access, struct furlong_race_cell seen)
{
	struct fl_run_way *way = run->now->then;

	fl_run_settle(run);
	if (!fl_run_way_is(way, access, seen)) {
		way = run->ways;
		while (way < run->ways + FL_RUN_WAYS && !fl_run_way_is(way, access, seen))
			way++;
		if (way == run->ways + FL_RUN_WAYS)
			way = &run->ways[run->oldest++ % FL_RUN_WAYS];
		run->now->then = way;
	}
	run->now = way;
	if (!fl_run_way_is(way, access, seen) || way->way == FL_SHORT_NONE || way->becomes)
		run_way_find(way, access, seen, run->free);
}

bool fl_run_take(struct fl_run *run)
{
	const uint32_t many = 64;

	if (!fl_record_refer(run->now->next.word[0], many))
		return false;
	run->taken = many;
	return true;
}

void fl_run_settle(struct fl_run *run)
{
	if (run->taken)
		fl_record_drop(run->now->next.word[0], run->taken);
	if (run->left)
		fl_record_drop(run->now->seen.word[0], run->left);
	run->taken = run->left = 0;
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

	if (now->becomes && !run->taken && !fl_run_take(run))
		return false;
	if (!run_alike(now, cell, 1, 1, whose))
		return false;
	run->taken -= now->becomes;
	run->left += now->was;
	if (now->becomes)
		fl_shadow_note(cell);
	return true;
}

uint64_t fl_run_along(struct fl_run *run, const struct fl_access *access, struct furlong_race_cell *cell,
	uint64_t count, uint64_t step, enum fl_owner_way whose)
{
	uint64_t done = 0, alike;

	while (done < count) {
		struct furlong_race_cell seen = fl_sys_cell_load(cell);

		if (!fl_run_way_is(run->now, access, seen))
			fl_run_look(run, access, seen);
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

/* Cells of one chunk, up to one that needs more; returns it. */
static struct furlong_race_cell *run_in_chunk(const struct fl_access *access, struct fl_run *run,
	struct furlong_race_cell *cell, const struct furlong_race_cell *end)
{
	enum fl_owner_way whose = fl_owner_enter(access->self, cell, true);
	uint64_t done = fl_run_along(run, access, cell, (uint64_t)(end - cell), 1, whose);

	fl_owner_leave(access->self);
	if (whose == FL_OWNER_ALL && done && run->now->renewed >= 0)
		fl_owner_renewed(access->self, cell, done);
	return cell + done;
}

/* Cells that all of their bytes are touched of. */
static void access_run(struct fl_access *access, uintptr_t at, size_t cells, bool free)
{
	struct fl_run run;

	fl_run_init(&run, free);
	fl_run_ahead(fl_shadow_cell((const volatile void *)at), cells);
	while (cells) {
		struct furlong_race_cell *cell = fl_shadow_cell((const volatile void *)at);
		struct furlong_race_cell *end = fl_owner_end(cell);
		size_t done;

		if ((size_t)(end - cell) > cells)
			end = cell + cells;
		done = (size_t)(run_in_chunk(access, &run, cell, end) - cell);
		at += 8 * done;
		cells -= done;
		if (cell + done == end)
			continue;
		fl_run_settle(&run);
		access->address = at;
		fl_cell_access(cell + done, access);
		fl_run_init(&run, free);
		at += 8;
		cells--;
	}
	fl_run_settle(&run);
}

/* Those of `size` bytes that are in the first one's cell. */
static inline unsigned count_in_cell(uintptr_t at, size_t size)
{
	unsigned room = 8 - (at & 7);

	return size < room ? (unsigned)size : room;
}

static inline uint64_t word_of(uint64_t whole, uintptr_t at, unsigned count)
{
	return word_without(whole, (uint8_t) ~(((1u << count) - 1) << (at & 7)));
}

bool fl_range_is_said(struct fl_race_thread *self, uintptr_t at, size_t size, bool write)
{
	uint64_t whole = word_make(fl_epoch_make(self->slot, self->now), 0xff, !write, 0);

	while (size) {
		unsigned count = count_in_cell(at, size);
		struct furlong_race_cell seen = fl_sys_cell_load(fl_shadow_cell((const volatile void *)at));

		if (!fl_is_said(self, seen, word_of(whole, at, count)))
			return false;
		at += count;
		size -= count;
	}
	return true;
}

void fl_access_range(struct fl_race_thread *self, uintptr_t at, size_t size, bool write, uint64_t element,
	uint32_t what, uint32_t context)
{
	uint64_t whole = word_make(fl_epoch_make(self->slot, self->now), 0xff, !write, context);
	bool atomic = what & FL_WHAT_ATOMIC, free = what & FL_WHAT_FREE;
	struct fl_access access;

	access.self = self;
	access.atomic = atomic;
	access.origin = at;
	access.stride = element;
	while (size) {
		unsigned count = count_in_cell(at, size);

		if (count == 8 && !atomic) {
			access.word = whole;
			access_run(&access, at, size / 8, free);
			at += size & ~(size_t)7;
			size &= 7;
			continue;
		}
		access.address = at;
		access.word = word_of(whole, at, count);
		fl_cell_access(fl_shadow_cell((const volatile void *)at), &access);
		at += count;
		size -= count;
	}
}

void fl_access(const volatile void *address, size_t size, bool write, uint32_t what, uint32_t context)
{
	struct fl_race_thread *self = fl_race_self_thread;

	if (!self || !fl_race_concurrent)
		return;
	if (!self->ignore_reads_and_writes)
		fl_access_range(self, (uintptr_t)address, size, write, 0, what, context);
	if (what & FL_WHAT_FREE)
		self->stamp++; /* somebody else may get it and hand it back: recent.h */
}

void fl_race_slow_range(
	const volatile void *address, uint64_t size, const void *caller, const void *pc, uint32_t spec)
{
	uint32_t what = spec >> FL_SPEC_WHAT_SHIFT;
	struct fl_race_thread *self;

	if (!size)
		return;
	if (what & FL_WHAT_VOLATILE && fl_options.volatile_accesses[0] != 'p') {
		if (fl_options.volatile_accesses[0] == 'i')
			return;
		what |= FL_WHAT_ATOMIC;
	}
	self = fl_access_enter();
	if (!self)
		return;
	self->counts[FL_COUNT_SLOW]++;
	if (size > FL_SHORT || what ||
		!fl_range_is_said(self, (uintptr_t)address, size, spec & FL_SPEC_WRITE))
		fl_access_range(self, (uintptr_t)address, size, spec & FL_SPEC_WRITE, 0, what,
			fl_context_here(pc, caller, size < UINT32_MAX ? (uint32_t)size : UINT32_MAX, what));
	fl_access_leave();
}

/* Constructors and destructors set it to what it is already, again and again; nobody can tell. */
void fl_race_slow_vptr(const volatile void *address, const void *value, const void *caller, const void *pc)
{
	uint32_t spec = sizeof(void *) | FL_WHAT_VPTR << FL_SPEC_WHAT_SHIFT;

	if (*(const void *const volatile *)address != value)
		fl_race_slow(address, caller, pc, spec | FL_SPEC_WRITE);
}
