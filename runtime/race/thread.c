/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * thread.c: threads from birth to end, their epochs, and the people that reports speak of.
 *
 * Births and endings are under the runtime's lock; everything else is the thread's own.
 */
#include "race/budget.h"
#include "race/slot.h"

#include "core/arena.h"
#include "core/core.h"
#include "core/sys.h"
#include "race/cuts.h"
#include "race/elements.h"
#include "race/foreign.h"
#include "race/held.h"
#include "race/invariants.h"
#include "race/owner.h"
#include "race/past.h"
#include "race/recent.h"
#include "race/thread.h"

/* What code finds that runs before the runtime knows its thread. Many may write to these frames at once,
 * nobody reads them. */
static struct furlong_race_frame unknown_frames[FL_FRAMES_BYTES / sizeof(struct furlong_race_frame)];
static char unknown_cells[4096] __attribute__((aligned(64)));

FL_PUBLIC __thread struct furlong_race_thread __furlong_race_self = {
	.cells = unknown_cells,
	.top = unknown_frames + 1,
};
__thread struct fl_race_thread *fl_race_self_thread;
__thread uint32_t fl_race_depth;
bool fl_race_concurrent;
uint32_t fl_race_time = 1;

#define PEOPLE_STEPS 64 /* of births and joins that are followed */

static struct fl_table thread_records = {.element_bytes = sizeof(struct fl_race_thread *)};
static struct fl_table people = {.element_bytes = sizeof(struct fl_race_person)};
static uint32_t people_count;
/* Of threads that ended; and of nobody in particular. */
static uint64_t counts_of_ended[FL_COUNT_ROOM];
/* All that live. */
static struct fl_race_thread *threads_first;
static uint32_t threads_count;
static struct fl_lock threads_lock;

void fl_race_count(enum fl_race_count what)
{
	struct fl_race_thread *self = fl_race_self_thread;

	if (self)
		self->counts[what]++;
	else
		__atomic_fetch_add(&counts_of_ended[what], 1, __ATOMIC_RELAXED);
}

void fl_race_counts(uint64_t counts[FL_COUNT_ROOM])
{
	fl_lock_take(&threads_lock);
	for (int i = 0; i < FL_COUNT_ROOM; i++)
		counts[i] = __atomic_load_n(&counts_of_ended[i], __ATOMIC_RELAXED);
	for (struct fl_race_thread *each = threads_first; each; each = each->next)
		for (int i = 0; i < FL_COUNT_ROOM; i++)
			counts[i] += __atomic_load_n(&each->counts[i], __ATOMIC_RELAXED);
	fl_lock_drop(&threads_lock);
}

void fl_race_threads_keep(void)
{
	fl_lock_take(&threads_lock);
}

bool fl_race_threads_try(const struct fl_race_thread **first, uint32_t *count)
{
	if (!fl_lock_try(&threads_lock))
		return false;
	*first = threads_first;
	*count = threads_count;
	return true;
}

void fl_race_threads_let_go(void)
{
	fl_lock_drop(&threads_lock);
}

uint32_t fl_race_clock_on(uint32_t slot)
{
	uint32_t clock = 0;

	fl_lock_take(&threads_lock);
	for (struct fl_race_thread *each = threads_first; each && !clock; each = each->next)
		if (__atomic_load_n(&each->slot, __ATOMIC_RELAXED) == slot)
			clock = __atomic_load_n(&each->now, __ATOMIC_RELAXED);
	fl_lock_drop(&threads_lock);
	return clock;
}

bool fl_race_is_inside(const uint64_t *version)
{
	bool inside = false;

	fl_lock_take(&threads_lock);
	for (struct fl_race_thread *each = threads_first; each && !inside; each = each->next)
		inside = each != fl_race_self_thread &&
			 __atomic_load_n(&each->inside, __ATOMIC_ACQUIRE) == version;
	fl_lock_drop(&threads_lock);
	return inside;
}

const struct fl_race_person *fl_race_person(uint32_t uid)
{
	return uid < people_count ? fl_table_at(&people, uid) : NULL;
}

void fl_race_person_name(const char *name)
{
	struct fl_race_thread *self = fl_race_self_thread;
	size_t i = 0;

	if (!self)
		return;
	for (; name[i] && i < sizeof(self->person->name) - 1; i++)
		self->person->name[i] = name[i];
	self->person->name[i] = 0;
}

struct fl_race_thread *fl_race_thread_of(const struct fl_thread *core)
{
	struct fl_race_thread **entry = fl_table_at(&thread_records, core->index);

	return entry ? *entry : NULL;
}

static void thread_link(struct fl_race_thread *thread)
{
	fl_lock_take(&threads_lock);
	thread->previous = NULL;
	thread->next = threads_first;
	if (threads_first)
		threads_first->previous = thread;
	threads_first = thread;
	threads_count++;
	fl_lock_drop(&threads_lock);
}

static void thread_unlink(struct fl_race_thread *thread)
{
	fl_lock_take(&threads_lock);
	if (thread->previous)
		thread->previous->next = thread->next;
	else
		threads_first = thread->next;
	if (thread->next)
		thread->next->previous = thread->previous;
	threads_count--;
	for (int i = 0; i < FL_COUNT_ROOM; i++)
		__atomic_fetch_add(&counts_of_ended[i], thread->counts[i], __ATOMIC_RELAXED);
	fl_lock_drop(&threads_lock);
}

static bool thread_make_frames(struct fl_race_thread *thread)
{
	size_t stack = thread->stack_end - thread->stack_begin;
	size_t bytes = stack > FL_FRAMES_BYTES ? (stack + 4095) & ~(size_t)4095 : FL_FRAMES_BYTES;
	struct furlong_race_frame *frames = fl_frames_take(bytes);

	if (!frames)
		return false;
	thread->frames = frames;
	thread->frames_end = frames - 1 + bytes / sizeof(*frames);
	return true;
}

static void thread_give_frames(struct fl_race_thread *thread)
{
	if (thread->frames)
		fl_frames_give(
			thread->frames, (size_t)((char *)thread->frames_end - (char *)(thread->frames - 1)));
}

static void thread_free(struct fl_race_thread *thread)
{
	thread_unlink(thread);
	fl_owner_gone(thread);
	fl_clock_release(&thread->clock);
	fl_clock_release(&thread->release_fence);
	fl_clock_release(&thread->acquire_pending);
	fl_memo_free(thread);
	fl_called_free(thread);
	fl_foreign_free(thread);
	fl_locks_known_free(thread);
	fl_recent_free(thread);
	fl_known_free(thread);
	fl_walked_free(thread);
	thread_give_frames(thread);
	fl_pool_give(thread, sizeof(*thread));
}

/* Its clock is as far as its creator's; it runs on a slot of its own. */
static struct fl_race_thread *thread_make(struct fl_thread *core, const struct fl_clock *clock)
{
	struct fl_race_thread **entry = fl_table_make(&thread_records, core->index);
	struct fl_race_person *person = fl_table_make(&people, people_count);
	struct fl_race_thread *thread = fl_pool_take(sizeof(*thread));
	uint32_t last = 0;

	if (!entry || !person || !thread)
		goto no_memory;
	*thread = (struct fl_race_thread){.core = core, .person = person, .content = 1, .contents = 1};
	*person = (struct fl_race_person){.uid = people_count};
	fl_clock_copy(&thread->clock, clock);
	thread->slot = fl_race_slot_take(clock, person, &last);
	if (thread->slot == FL_SLOT_LIMIT)
		goto no_slot;
	fl_clock_set(&thread->clock, thread->slot, last);
	if (thread->clock.count <= thread->slot)
		goto no_slot;
	thread->now = last + 1;
	fl_cuts_begin(thread, thread->now);
	people_count++;
	*entry = thread;
	fl_owner_born(thread);
	thread_link(thread);
	return thread;
no_slot:
	fl_clock_release(&thread->clock);
no_memory:
	if (thread)
		fl_pool_give(thread, sizeof(*thread));
	fl_race_count(FL_COUNT_BLIND);
	return NULL;
}

void fl_race_publish(struct fl_race_thread *thread)
{
	struct furlong_race_thread *self = &__furlong_race_self;

	self->epoch = (uint64_t)fl_epoch_make(thread->slot, thread->now) << FURLONG_RACE_EPOCH_SHIFT;
	self->shared = UINT64_MAX; /* the word of no cell: an untouched one is 0 */
	if (!fl_race_concurrent || !fl_shadow_cells || fl_race_blind ||
		thread->ignore_reads_and_writes & FL_RESTS) {
		self->epoch = 0;
		self->mask = 0;
		self->cells = unknown_cells;
		return;
	}
	self->mask = fl_shadow_mask;
	self->cells = fl_shadow_cells;
}

static void thread_move_on(struct fl_race_thread *thread)
{
	uint32_t last, slot = fl_race_slot_take(&thread->clock, thread->person, &last);

	if (slot == FL_SLOT_LIMIT) {
		fl_race_count(FL_COUNT_FROZEN);
		return;
	}
	fl_clock_set(&thread->clock, thread->slot, thread->now);
	fl_race_slot_give(thread->slot, thread->now);
	thread->slot = slot;
	thread->learned++;
	fl_clock_set(&thread->clock, slot, last);
	thread->now = last + 1;
	fl_cuts_begin(thread, thread->now);
	thread->dirty = false;
	thread->stamp++;
}

/* Frozen: all is published as done, and what comes in the same epoch looks as if it were too. Races may be
 * missed, none is invented. */
static void thread_advance(struct fl_race_thread *thread)
{
	thread->undo = NULL;
	if (thread == fl_race_self_thread)
		fl_budget_release(thread);
	if (!thread->dirty)
		return;
	thread->content = thread->again ? thread->again : ++thread->contents;
	thread->again = 0;
	if (thread->now >= FL_CLOCK_LAST) {
		fl_clock_set(&thread->clock, thread->slot, thread->now);
		thread_move_on(thread);
	} else {
		fl_clock_set(&thread->clock, thread->slot, thread->now);
		thread->now++;
		thread->dirty = false;
		thread->stamp++;
	}
	thread->lockset_before = thread->lockset;
	fl_held_note(thread);
	if (thread == fl_race_self_thread)
		fl_race_publish(thread);
	fl_check_thread(thread);
}

void fl_race_advance_at(struct fl_race_thread *thread, const void *lock)
{
	thread_advance(thread);
	fl_cuts_add(thread, thread->now - 1, lock);
}

void fl_race_advance(struct fl_race_thread *thread)
{
	fl_race_advance_at(thread, NULL);
}

void fl_race_go_back(struct fl_race_thread *thread)
{
	thread->again = thread->content;
	thread->content = ++thread->contents;
	thread->now--;
	fl_held_note(thread);
	fl_clock_set(&thread->clock, thread->slot, thread->now - 1);
	thread->dirty = true;
	thread->undo = NULL;
	thread->stamp++;
	fl_race_publish(thread);
	fl_check_thread(thread);
}

static void thread_has_news(struct fl_race_thread *thread)
{
	thread->content = ++thread->contents;
	thread->again = 0;
	thread->learned++;
}

void fl_race_learn(struct fl_race_thread *thread, const struct fl_clock *clock)
{
	fl_check_learned(thread, clock);
	if (!fl_clock_join(&thread->clock, clock))
		return;
	thread_has_news(thread);
}

bool fl_race_thread_init(void)
{
	const struct fl_clock nothing = {0};
	uint64_t mask = fl_enter();
	struct fl_thread *core = fl_threads_self();
	struct fl_race_thread *thread = core ? thread_make(core, &nothing) : NULL;

	fl_leave(mask);
	if (!thread)
		return false;
	fl_race_thread_start(thread);
	return true;
}

/* All it did so far is published. */
static void thread_will_have_children(struct fl_race_thread *self)
{
	if (!fl_race_concurrent) {
		__atomic_store_n(&fl_race_concurrent, true, __ATOMIC_RELEASE);
#ifdef FL_STARVED
		fl_check_starving = true;
#endif
		fl_race_publish(self);
	}
	fl_race_advance(self);
}

static struct fl_race_thread *thread_born(
	struct fl_thread *child, const struct fl_clock *clock, uint32_t parent, uint32_t birth_context)
{
	struct fl_race_thread *thread = thread_make(child, clock);

	if (!thread)
		return NULL;
	thread->person->parent = parent;
	thread->person->born_at = __atomic_add_fetch(&fl_race_time, 1, __ATOMIC_RELAXED);
	thread->person->birth_context = birth_context;
	return thread;
}

struct fl_race_thread *fl_race_thread_prepare(struct fl_thread *child, uint32_t birth_context)
{
	struct fl_race_thread *self = fl_race_self_thread;
	struct fl_race_thread **entry = fl_table_at(&thread_records, child->index);

	if (entry)
		*entry = NULL;
	if (!self || !fl_shadow_cells) {
		fl_race_count(FL_COUNT_BLIND);
		return NULL;
	}
	thread_will_have_children(self);
	return thread_born(child, &self->clock, self->person->uid, birth_context);
}

void fl_race_thread_sponsor(struct fl_race_sponsor *sponsor)
{
	struct fl_race_thread *self = fl_race_self_thread;

	if (!fl_shadow_cells)
		return;
	fl_past_stop();
	thread_will_have_children(self);
	fl_clock_join(&sponsor->clock, &self->clock);
	sponsor->uid = self->person->uid;
}

struct fl_race_thread *fl_race_thread_adopt(struct fl_thread *thread, const struct fl_race_sponsor *sponsor)
{
	return fl_shadow_cells ? thread_born(thread, &sponsor->clock, sponsor->uid, sponsor->context) : NULL;
}

void fl_race_thread_unprepare(struct fl_race_thread *child)
{
	if (child)
		fl_race_thread_gone(child);
}

void fl_race_thread_start(struct fl_race_thread *self)
{
	if (!self || !thread_make_frames(self))
		return;
	self->person->tid = fl_sys_thread();
	self->person->running = true;
	fl_race_self_thread = self;
	fl_race_depth = 0;
	__furlong_race_self.top = self->frames;
	fl_race_publish(self);
}

static uint32_t thread_last(const struct fl_race_thread *thread)
{
	return thread->dirty ? thread->now : thread->now - 1;
}

void fl_race_thread_joined(struct fl_race_thread *child)
{
	struct fl_race_thread *self = fl_race_self_thread;

	if (!self)
		return;
	fl_race_learn(self, &child->clock);
	fl_clock_set(&self->clock, child->slot, thread_last(child));
	thread_has_news(self);
	__atomic_store_n(&self->joins, NULL, __ATOMIC_RELEASE);
	child->person->joiner = self->person->uid;
	child->person->joined_at = __atomic_add_fetch(&fl_race_time, 1, __ATOMIC_RELAXED);
}

/* Up the line of the later one's births, and on through the joins of the earlier one. */
bool fl_race_is_born_after(uint32_t uid, uint32_t time, uint32_t later_uid, uint32_t later_time)
{
	const struct fl_race_person *person;

	for (unsigned step = 0; step < PEOPLE_STEPS; step++) {
		uint32_t at = later_uid, until = later_time;

		for (unsigned up = 0; up < PEOPLE_STEPS; up++) {
			if (at == uid)
				return time < until;
			person = fl_race_person(at);
			if (!person || !at)
				break;
			at = person->parent;
			until = person->born_at;
		}
		person = fl_race_person(uid);
		if (!person || !person->joined_at)
			return false;
		uid = person->joiner;
		time = person->joined_at - 1; /* what he does from then on has that time at least */
	}
	return false;
}

void fl_race_thread_gone(struct fl_race_thread *thread)
{
	struct fl_race_thread **entry = fl_table_at(&thread_records, thread->core->index);

	thread->person->running = false;
	if (entry && *entry == thread)
		*entry = NULL;
	fl_race_slot_give(thread->slot, thread_last(thread));
	thread_free(thread);
}

/* What the others did is past. Their clocks are in their records, which are copies of memory like all else.
 */
void fl_race_thread_fork_child(void)
{
	struct fl_race_thread *self = fl_race_self_thread, *next;

	threads_lock.word = 0;
	fl_pool_fork_child();
	fl_held_fork_child();
	fl_record_fork_child();
	fl_page_fork_child();
	fl_owner_fork_child(self);
	fl_location_fork_child();
	if (!self)
		return;
	for (struct fl_race_thread *each = threads_first; each; each = next) {
		next = each->next;
		if (each == self)
			continue;
		fl_clock_join(&self->clock, &each->clock);
		fl_clock_set(&self->clock, each->slot, thread_last(each));
	}
	fl_race_slot_fork_child(self);
	for (struct fl_race_thread *each = threads_first; each; each = next) {
		next = each->next;
		if (each != self)
			fl_race_thread_gone(each);
	}
	self->person->tid = fl_sys_thread();
	self->in_operation = NULL;
	fl_race_depth = 0;
	fl_race_publish(self);
}
