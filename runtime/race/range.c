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
	way->renewed = -1;
	way->way = FL_SHORT_SAME;
	if (!free && fl_is_said(access->self, seen, access->word))
		return;
	way->way = fl_short_way(access->self, access->word, seen, &way->next);
	if (way->way == FL_SHORT_CHANGE)
		way->renewed = fl_word_renewed(seen, way->next);
	state = way->way == FL_SHORT_NONE && !free ? fl_memo_look(access->self, seen, access->word) : 0;
	if (!state)
		return;
	way->next = fl_cell_of(state);
	way->way = FL_SHORT_CHANGE;
	way->becomes = true;
	way->was = fl_cell_is(seen, FL_SLOT_STATE);
	if (word_is_read(access->word))
		fl_know(access->self, state, word_epoch(access->word), word_bytes(access->word));
}

/* States come and go, and what needed more than this may not the next time. */
void fl_run_look(struct fl_run *run, const struct fl_access *access, struct furlong_race_cell seen)
{
	uint64_t key = seen.word[0] ^ seen.word[1] << 1 ^ access->word >> FURLONG_RACE_MISSING_SHIFT;
	struct fl_run_way *way = &run->ways[key * 0x9e3779b97f4a7c15u >> 62];

	fl_run_settle(run);
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

/* Cells of one chunk, up to one that needs more; returns it. */
static struct furlong_race_cell *run_in_chunk(const struct fl_access *access, struct fl_run *run,
	struct furlong_race_cell *cell, const struct furlong_race_cell *end)
{
	bool owned = fl_owner_enter(access->self, cell);
	struct furlong_race_cell *noted = NULL;

	for (; cell < end && fl_run_step(run, access, cell, owned); cell++)
		if (run->now->becomes && !noted)
			fl_shadow_note(noted = cell);
	if (owned)
		fl_owner_leave(access->self);
	return cell;
}

/* Cells that all of their bytes are touched of. */
static void access_run(struct fl_access *access, uintptr_t at, size_t cells, bool free)
{
	struct fl_run run;

	fl_run_init(&run, free);
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
		unsigned offset = at & 7, count = size < 8 - offset ? (unsigned)size : 8 - offset;

		if (count == 8 && !atomic) {
			access.word = whole;
			access_run(&access, at, size / 8, free);
			at += size & ~(size_t)7;
			size &= 7;
			continue;
		}
		access.address = at;
		access.word =
			count == 8 ? whole : word_without(whole, (uint8_t) ~(((1u << count) - 1) << offset));
		fl_cell_access(fl_shadow_cell((const volatile void *)at), &access);
		at += count;
		size -= count;
	}
}

void fl_access(const volatile void *address, size_t size, bool write, uint32_t context)
{
	struct fl_race_thread *self = fl_race_self_thread;

	uint32_t what = fl_context_get(context, 0).what;

	if (!self || !fl_race_concurrent || self->ignore_reads_and_writes)
		return;
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
