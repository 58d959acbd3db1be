/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * foreign.c: foreign.h. The stack is walked by the tables that exceptions use, from here up to where the
 * frame below has its return address. All or nothing: only a walk that passes both frames is believed.
 *
 *   frames       main     with(foo)                          foo          the access
 *   the stack    main     with(foo)     library   library    foo   ...    here
 *   calls                           ^- [1]    ^- [0]     ^- the frame's own
 */
#include "race/foreign.h"

#include "core/sys_here.h"
#include "core/unwind.h"
#include "race/caller.h"
#include "race/handler.h"

#define FOREIGN_FRAMES 1024  /* of a walk; whoever is deeper goes without */
#define FOREIGN_ROOM   16384 /* bytes that must be left of the stack: a walk takes a few thousand */

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

static size_t calls_between(
	size_t walked, const struct furlong_race_frame *frame, const void *calls[FL_FOREIGN_CALLS])
{
	size_t inner = 0, outer, count = 0;

	while (inner + 1 < walked && !is_of(&foreign.frames[inner], frame))
		inner++;
	for (outer = inner + 1; outer + 1 < walked && !is_of(&foreign.frames[outer], &frame[-1]);)
		outer++;
	if (outer + 1 >= walked)
		return 0;
	/* Of many the outermost ones: who called the library is the last. */
	for (size_t i = inner + 2; i <= outer; i++)
		if (outer - i < FL_FOREIGN_CALLS)
			calls[count++] = (const void *)(foreign.frames[i].pc + 1);
	return count;
}

/* Only on the thread's own stack, whose end is known. */
void fl_foreign_walk(struct fl_foreign_walk *walk)
{
	const struct fl_race_thread *self = fl_race_self_thread;
	struct fl_sys_registers here = {0};
	size_t walked;
	bool cut;

	fl_sys_registers_here(&here);
	if (here.of[FL_SYS_STACK_POINTER] < self->stack_begin + FOREIGN_ROOM ||
		here.of[FL_SYS_STACK_POINTER] >= self->stack_end)
		return;
	fl_lock_take(&foreign.lock);
	if (maps_are_ready()) {
		foreign.maps.besides = (struct fl_map_range){self->stack_begin, self->stack_end};
		walked = fl_unwind(&foreign.maps, &here, foreign.frames, FOREIGN_FRAMES, &cut);
		walk->count = calls_between(walked, walk->frame, walk->calls);
	}
	fl_lock_drop(&foreign.lock);
}

size_t fl_foreign_calls(const struct furlong_race_frame *frame, const void *calls[FL_FOREIGN_CALLS])
{
	struct fl_foreign_walk walk = {frame, calls, 0};
	uint64_t mask;

	if (!frame[-1].return_address || is_pushed(&frame[-1]) || fl_handler_depth ||
		!fl_caller_is_library(frame->return_address))
		return 0;
	mask = fl_sys_signals_block();
	fl_foreign_walk_saved(&walk);
	fl_sys_signals_restore(mask);
	return walk.count;
}

void fl_foreign_fork_child(void)
{
	foreign.lock.word = 0;
}
