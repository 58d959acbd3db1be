/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * elements.c: what a loop accesses (abi.h, __furlong_race_read_elements), and which of it the thread went
 * through lately in its present epoch: inner loops come again and again.
 */
#include "race/elements.h"

#include "race/recent.h"
#include "race/run.h"
#include "race/short.h"
#include "race/slow.h"

void fl_walked_free(struct fl_race_thread *self)
{
	fl_lately_free(&self->walked, sizeof(struct fl_race_walked));
}

static struct fl_race_walked *walked_entry(const struct fl_race_thread *self, uintptr_t begin, uint64_t count)
{
	uint64_t hash = (begin ^ count << 48) * 0x9e3779b97f4a7c15u;

	return (struct fl_race_walked *)self->walked.at + (hash >> 40 & self->walked.mask);
}

/* Stamps as in recent.h; of a write, it says the reads too. */
static inline __attribute__((always_inline)) bool walked_has(
	const struct fl_race_thread *self, const struct fl_race_walked *now)
{
	const struct fl_race_walked *entry;

	if (!self->walked.at)
		return false;
	entry = walked_entry(self, now->begin, now->count);
	return entry->begin == now->begin && entry->count == now->count && entry->shape == now->shape &&
	       entry->when - now->when <= (~now->when & 1);
}

/* Whether that may be entered in the table without asking for a larger one. */
static inline bool has_room(const struct fl_race_thread *self, const struct fl_race_walked *now)
{
	const struct fl_race_walked *entry = walked_entry(self, now->begin, now->count);

	return self->walked.mask >= FL_WALKED_MOST - 1 || entry->begin == now->begin ||
	       entry->when >> 1 != now->when >> 1;
}

/* As many columns of a matrix as there are make room for each other: a larger table is called for. */
static void walked_note(struct fl_race_thread *self, const struct fl_race_walked *now)
{
	if (!self->walked.at && fl_race_savings.walks)
		fl_lately_make(&self->walked, FL_WALKED_FEWEST, sizeof(*now));
	if (!self->walked.at)
		return;
	if (!has_room(self, now))
		fl_lately_lose(&self->walked, 2, FL_WALKED_MOST, sizeof(*now));
	if (self->walked.at)
		*walked_entry(self, now->begin, now->count) = *now;
}

static inline __attribute__((always_inline)) bool walked(
	uintptr_t address, uint64_t count, uint64_t shape, bool write)
{
	const struct fl_race_thread *self = fl_race_self_thread;

	return self && walked_has(self, &(struct fl_race_walked){
						address, count, shape, fl_recent_stamp(self) << 1 | write});
}

/* Loops that turn once or twice are many, and each goes elsewhere. Of a few bytes without others between them
 * the cells say that they are written, as inline code would ask them (abi.h). Of reads they often do not:
 * what several threads read has states. A function of its own: who does not come to it saves few registers.
 */
static FL_SYS_SAVES_ALL __attribute__((noinline)) bool few_are_written(
	uintptr_t at, uint64_t count, uint64_t shape)
{
	const struct fl_race_thread *self = fl_race_self_thread;
	uint64_t size = shape & ((1u << FURLONG_RACE_STRIDE_SHIFT) - 1),
		 stride = shape >> FURLONG_RACE_STRIDE_SHIFT,
		 bytes = count == 1 ? size : (count - 1) * stride + size;
	const uint64_t mask = ~(uint64_t)0 << FURLONG_RACE_EPOCH_SHIFT | WORD_READ;
	const struct furlong_race_cell *cell = fl_shadow_cell((const volatile void *)at);
	unsigned from = at & 7, end = from + (unsigned)bytes;
	struct fl_race_walked now;

	if (!self || !self->walked.at || bytes > FL_SHORT || (count != 1 && stride > size))
		return false;
	for (; end; cell++, from = 0) {
		unsigned until = end < 8 ? end : 8;
		uint64_t wanted = (1u << until) - (1u << from),
			 word = __atomic_load_n(&cell->word[0], __ATOMIC_RELAXED);

		if ((word ^ __furlong_race_self.epoch) & (mask | wanted << FURLONG_RACE_MISSING_SHIFT))
			return false;
		end -= until;
	}
	now = (struct fl_race_walked){at, count, shape, fl_recent_stamp(self) << 1 | 1};
	if (!has_room(self, &now))
		return false;
	*walked_entry(self, at, count) = now;
	return true;
}

FL_SYS_SAVES_ALL bool fl_walked_read(uintptr_t address, uint64_t count, uint64_t shape)
{
	return walked(address, count, shape, false);
}

FL_SYS_SAVES_ALL bool fl_walked_written(uintptr_t address, uint64_t count, uint64_t shape)
{
	return walked(address, count, shape, true) || few_are_written(address, count, shape);
}

#define WALK_DENSE      2048 /* bytes from one element to the next: each page of cells is touched */
#define PATTERN_WIDEST  64
#define PATTERN_AT_ONCE 4096 /* cells */

/* Stretches that were gone through whole, a piece behind the other: a loop that is told of in pieces has
 * others the next time. */
static bool stretch_has(struct fl_race_thread *self, uintptr_t begin, uintptr_t end, uint64_t when)
{
	for (int i = 0; i < FL_STRETCHES; i++) {
		const struct fl_race_stretch *stretch = &self->stretches[i];

		if (stretch->begin <= begin && end <= stretch->end && stretch->when >> 1 == when >> 1 &&
			stretch->when >= when)
			return true;
	}
	return false;
}

/* Of a few bytes only what goes on with a stretch: the rest of it comes by longer ones. */
static void stretch_note(
	struct fl_race_thread *self, uintptr_t begin, uintptr_t end, uint64_t when, bool is_short)
{
	for (int i = 0; i < FL_STRETCHES; i++) {
		struct fl_race_stretch *stretch = &self->stretches[i];

		if (stretch->when == when && stretch->begin <= begin && begin <= stretch->end &&
			stretch->end < end) {
			stretch->end = end;
			return;
		}
	}
	if (!is_short)
		self->stretches[self->next_stretch++ % FL_STRETCHES] =
			(struct fl_race_stretch){begin, end, when};
}

/* Elements that lie close: what is touched of a cell comes again every so many cells. Those bytes of the cell
 * at `at` that are some element's. */
static uint8_t bytes_touched(uintptr_t at, uintptr_t begin, uintptr_t end, uint32_t size, uint64_t stride)
{
	uintptr_t byte = at < begin ? begin : at, until = end - at < 8 ? end : at + 8;
	uint64_t phase = (byte - begin) % stride;
	uint32_t bytes = 0;

	for (; byte < until; byte++) {
		bytes |= (phase < size) << (byte - at);
		phase = phase + 1 == stride ? 0 : phase + 1;
	}
	return (uint8_t)bytes;
}

/* The pattern's cells one after the other, each with its like; no further at once than caches hold. */
static void walk_pattern(struct fl_walk *walk, uintptr_t begin, uintptr_t end, uint32_t size, uint64_t stride)
{
	uint64_t period = stride >> (stride & 7 ? __builtin_ctzll(stride) : 3);
	uintptr_t first = (begin + 7) & ~(uintptr_t)7, last = end & ~(uintptr_t)7;

	if (first > last)
		first = last = begin & ~(uintptr_t)7;
	if (begin < first)
		fl_walk_along(walk, first - 8, bytes_touched(first - 8, begin, end, size, stride), 1, 1);
	while (first < last) {
		uint64_t cells = (last - first) / 8 < PATTERN_AT_ONCE ? (last - first) / 8 : PATTERN_AT_ONCE;

		for (uint64_t i = 0; i < period && i < cells; i++)
			fl_walk_along(walk, first + 8 * i,
				bytes_touched(first + 8 * i, begin, end, size, stride),
				(cells - i + period - 1) / period, period);
		first += 8 * cells;
	}
	if (last < end)
		fl_walk_along(walk, last, bytes_touched(last, begin, end, size, stride), 1, 1);
}

/* One after the other, as far apart as they are. */
static void walk_apart(struct fl_walk *walk, uintptr_t begin, uint64_t count, uint32_t size, uint64_t stride)
{
	for (; count; count--, begin += stride)
		walk_pattern(walk, begin, begin + size, size, size);
}

static void walk_elements(struct fl_race_thread *self, uintptr_t at, uint64_t count, uint64_t stride,
	uint32_t size, uint64_t whole)
{
	struct fl_walk walk;

	fl_walk_init(&walk, self, whole, at, stride);
	if (stride < WALK_DENSE && 8 % stride) /* whole pages may not need their cells */
		fl_run_ahead(fl_shadow_cell((const volatile void *)at), count * stride / 8);
	if (stride % 8 == 0 && (at & 7) + size <= 8)
		fl_walk_along(&walk, at & ~(uintptr_t)7, (uint8_t)(((1u << size) - 1) << (at & 7)), count,
			stride / 8);
	else if (stride < PATTERN_WIDEST)
		walk_pattern(&walk, at, at + (count - 1) * stride + size, size, stride);
	else
		walk_apart(&walk, at, count, size, stride);
	fl_walk_leave(&walk);
}

/* Elements without bytes between them. */
static void access_stretch(struct fl_race_thread *self, const struct fl_race_walked *what, uintptr_t begin,
	uintptr_t end, uint64_t stride, const void *pc, const void *caller)
{
	uint32_t size = what->shape & ((1u << FURLONG_RACE_STRIDE_SHIFT) - 1);
	bool write = what->when & 1, is_short = end - begin <= FL_SHORT;

	if (walked_has(self, what) || stretch_has(self, begin, end, what->when))
		return;
	if (is_short && fl_range_is_said(self, begin, end - begin, write)) {
		walked_note(self, what);
	} else {
		fl_access_range(
			self, begin, end - begin, write, stride, 0, fl_context_here(pc, caller, size, 0));
		if (!is_short)
			walked_note(self, what);
	}
	stretch_note(self, begin, end, what->when, is_short);
}

static void access_elements(
	struct fl_race_thread *self, const struct fl_race_walked *what, const void *pc, const void *caller)
{
	int64_t step = (int64_t)what->shape >> FURLONG_RACE_STRIDE_SHIFT;
	uint64_t stride = step < 0 ? -(uint64_t)step : (uint64_t)step;
	uint32_t size = what->shape & ((1u << FURLONG_RACE_STRIDE_SHIFT) - 1);
	uintptr_t at = what->begin - (step < 0 ? stride * (what->count - 1) : 0);

	if (stride <= size) {
		access_stretch(self, what, at, at + stride * (what->count - 1) + size, stride, pc, caller);
		return;
	}
	if (walked_has(self, what))
		return;
	walk_elements(self, at, what->count, stride, size,
		word_make(fl_epoch_make(self->slot, self->now), 0xff, !(what->when & 1),
			fl_context_here(pc, caller, size, 0)));
	walked_note(self, what);
}

void fl_race_slow_elements(const volatile void *address, uint64_t count, uint64_t shape, const void *caller,
	const void *pc, uint32_t spec)
{
	struct fl_race_thread *self = count ? fl_access_enter() : NULL;
	struct fl_race_walked what;

	if (!self)
		return;
	self->counts[FL_COUNT_SLOW]++;
	what = (struct fl_race_walked){
		(uintptr_t)address, count, shape, fl_recent_stamp(self) << 1 | !!(spec & FL_SPEC_WRITE)};
	access_elements(self, &what, pc, caller);
	fl_access_leave();
}
