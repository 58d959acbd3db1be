/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * foreign.c: foreign.h. The stack is walked by the tables that exceptions use, from here up to where the
 * frame below has its return address. All or nothing: only a walk that passes both frames is believed.
 *
 *   frames       main     with(foo)                          foo          the access
 *   the stack    main     with(foo)     library   library    foo   ...    here
 *   calls                           ^- [1]    ^- [0]     ^- the frame's own
 *
 * A library calls back again and again: a way that was walked is taken for the same as long as each return
 * address of it still lies in its place.
 */
#include "race/foreign.h"

#include "core/sys_here.h"
#include "core/unwind.h"
#include "race/caller.h"
#include "race/handler.h"

#define FOREIGN_FRAMES 1024  /* of a walk; whoever is deeper goes without */
#define FOREIGN_ROOM   16384 /* bytes that must be left of the stack: a walk takes a few thousand */

/* From the frame's own return address to that of the frame below. */
struct fl_foreign_way {
	const struct furlong_race_frame *frame;
	uintptr_t here; /* the stack pointer: a leaf's return address lies in no known place */
	size_t count;   /* 0: none was found */
	uintptr_t places[FL_FOREIGN_CALLS + 2];
	const void *addresses[FL_FOREIGN_CALLS + 2];
};
/* Functions of a library are called from many places: std::string's copy by memcpy. */
enum { FOREIGN_SETS_LOG2 = 4, FOREIGN_SETS = 1 << FOREIGN_SETS_LOG2, FOREIGN_WAYS = 4 };
struct fl_foreign_ways {
	struct fl_foreign_way of[FOREIGN_SETS][FOREIGN_WAYS];
	uint32_t next; /* to make room */
};

static struct {
	struct fl_lock lock;
	const void *objects; /* which ones the maps know */
	struct fl_maps maps;
	struct fl_frame_place frames[FOREIGN_FRAMES];
} foreign;

/* A frame that was pushed for somebody (touch.h) has no place of its own. */
static bool is_pushed(const struct furlong_race_frame *frame)
{
	return frame->place == frame[-1].place;
}

static bool is_of(const struct fl_frame_place *walked, const struct furlong_race_frame *frame)
{
	return walked[1].pc + 1 == (uintptr_t)frame->return_address &&
	       (is_pushed(frame) || (uint32_t)walked->place == frame->place);
}

static bool maps_are_ready(void)
{
	const void *objects = fl_caller_objects();

	if (foreign.objects != objects) {
		fl_maps_forget(&foreign.maps);
		foreign.objects = fl_maps_look(&foreign.maps) ? objects : NULL;
	}
	return foreign.objects;
}

/* Of a way with too many calls the outermost ones: who called the library is the last of them. */
static void note_way(size_t walked, const struct furlong_race_frame *frame, struct fl_foreign_way *way)
{
	size_t inner = 0, outer;

	while (inner + 1 < walked && !is_of(&foreign.frames[inner], frame))
		inner++;
	for (outer = inner + 1; outer + 1 < walked && !is_of(&foreign.frames[outer], &frame[-1]);)
		outer++;
	if (outer + 1 >= walked)
		return;
	for (size_t i = inner; i <= outer; i++)
		if (i == inner || outer - i <= FL_FOREIGN_CALLS) {
			way->places[way->count] = foreign.frames[i].place;
			way->addresses[way->count++] = (const void *)(foreign.frames[i + 1].pc + 1);
		}
}

/* Behind the return address of the frame below: what comes then is known. Of a place 32 bits are. */
static uintptr_t end_of_walk(const struct furlong_race_frame *below, uintptr_t here, uintptr_t stack_end)
{
	uintptr_t end = here + (uint32_t)(below->place - (uint32_t)here) + sizeof(void *);

	return end < stack_end ? end : stack_end;
}

/* Only on the thread's own stack, whose end is known. */
void fl_foreign_walk(struct fl_foreign_walk *walk)
{
	const struct fl_race_thread *self = fl_race_self_thread;
	struct fl_sys_registers here = {0};
	uintptr_t end;
	size_t walked;
	bool cut;

	fl_sys_registers_here(&here);
	if (here.of[FL_SYS_STACK_POINTER] < self->stack_begin + FOREIGN_ROOM ||
		here.of[FL_SYS_STACK_POINTER] >= self->stack_end)
		return;
	end = end_of_walk(&walk->frame[-1], here.of[FL_SYS_STACK_POINTER], self->stack_end);
	fl_lock_take(&foreign.lock);
	if (maps_are_ready()) {
		foreign.maps.besides = (struct fl_map_range){self->stack_begin, end};
		walked = fl_unwind(&foreign.maps, &here, foreign.frames, FOREIGN_FRAMES, &cut);
		note_way(walked, walk->frame, walk->way);
	}
	fl_lock_drop(&foreign.lock);
}

/* Places are in the thread's own stack, which is there as long as the thread is. */
static bool is_way(const struct fl_foreign_way *way, const struct furlong_race_frame *frame, uintptr_t here)
{
	size_t last = way->count - 1;

	if (!way->count || way->frame != frame || way->addresses[0] != frame->return_address ||
		way->addresses[last] != frame[-1].return_address ||
		(uint32_t)way->places[last] != frame[-1].place ||
		(is_pushed(frame) ? way->here != here : (uint32_t)way->places[0] != frame->place))
		return false;
	for (size_t i = 0; i < way->count; i++)
		if (way->places[i] < here || *(const void *const *)way->places[i] != way->addresses[i])
			return false;
	return true;
}

/* Not as a whole: that would be memset, which may use vector registers. */
static void forget_ways(struct fl_foreign_ways *ways)
{
	ways->next = 0;
	for (size_t i = 0; i < FOREIGN_SETS; i++)
		for (size_t j = 0; j < FOREIGN_WAYS; j++)
			ways->of[i][j].count = 0;
}

/* One that is still so; else room for it, `count` 0. NULL: no memory. */
static struct fl_foreign_way *way_from(const struct furlong_race_frame *frame, uintptr_t here)
{
	struct fl_race_thread *self = fl_race_self_thread;
	struct fl_foreign_way *set;
	uint64_t key = (uintptr_t)frame ^ (uintptr_t)frame->return_address * 3 ^
		       (uintptr_t)frame[-1].return_address * 31;

	if (!self->ways) {
		self->ways = fl_pool_take(sizeof(*self->ways));
		if (!self->ways)
			return NULL;
		forget_ways(self->ways);
	}
	set = self->ways->of[key * 0x9e3779b97f4a7c15u >> (64 - FOREIGN_SETS_LOG2)];
	for (size_t i = 0; i < FOREIGN_WAYS; i++)
		if (is_way(&set[i], frame, here))
			return &set[i];
	set += self->ways->next++ % FOREIGN_WAYS;
	set->frame = frame;
	set->here = here;
	set->count = 0;
	return set;
}

size_t fl_foreign_calls(const struct furlong_race_frame *frame, const void *calls[FL_FOREIGN_CALLS])
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	struct fl_foreign_way *way;
	uint64_t mask;

	if (!frame[-1].return_address || is_pushed(&frame[-1]) || fl_handler_depth ||
		!fl_caller_is_library(frame->return_address))
		return 0;
	way = way_from(frame, here);
	if (!way)
		return 0;
	if (!way->count) {
		mask = fl_sys_signals_block();
		fl_foreign_walk_saved(&(struct fl_foreign_walk){frame, way});
		fl_sys_signals_restore(mask);
	}
	for (size_t i = 1; i + 1 < way->count; i++)
		calls[i - 1] = way->addresses[i];
	return way->count ? way->count - 2 : 0;
}

void fl_foreign_free(struct fl_race_thread *thread)
{
	fl_pool_give(thread->ways, sizeof(*thread->ways));
	thread->ways = NULL;
}

void fl_foreign_fork_child(void)
{
	foreign.lock.word = 0;
}
