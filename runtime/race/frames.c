/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * frames.c: memory for the frames of one stack (abi.h). The one below the first is nobody's: no return
 * address, and a place that follow.c sets.
 *
 * That of stacks that are gone is kept for those that come: the addresses stay, because a fiber that began in
 * one thread and goes on in another may still have pointers to where its frames were; the memory does not.
 */
#include "race/thread.h"

#include "core/sys.h"

/* Nobody comes so far, unless the stack is not what it was taken for. It stays with the addresses. */
#define FRAMES_GUARD ((size_t)4096)

#define FRAMES_FIRST ((size_t)4096)

static struct frames_spare {
	struct furlong_race_frame *begin;
	size_t bytes;
	struct frames_spare *next;
} * frames_spare;
static struct fl_lock frames_lock;

static void *frames_take_spare(size_t bytes)
{
	struct frames_spare **place = &frames_spare, *spare;
	uint64_t mask = fl_sys_signals_block();
	void *at = NULL;

	fl_lock_take(&frames_lock);
	while (*place && (*place)->bytes != bytes)
		place = &(*place)->next;
	spare = *place;
	if (spare) {
		*place = spare->next;
		at = spare->begin;
	}
	fl_lock_drop(&frames_lock);
	fl_pool_give(spare, sizeof(*spare));
	fl_sys_signals_restore(mask);
	return at;
}

struct furlong_race_frame *fl_frames_take(size_t bytes)
{
	struct furlong_race_frame *at = frames_take_spare(bytes);
	void *guard;

	if (at)
		return at + 1;
	at = fl_pool_map(bytes + FRAMES_GUARD);
	if (!at)
		return NULL;
	guard = (char *)at + bytes;
	fl_sys_reserve(&guard, FRAMES_GUARD, FL_SYS_MAP_REPLACE);
	return at + 1;
}

/* Frames lie side by side: where there are none at the beginning of the second page, there are none behind
 * it. A new mapping takes pages away from under other processors, which costs most of what a thread does that
 * does little. */
static bool frames_clear_the_first(struct furlong_race_frame *at)
{
	const size_t count = FRAMES_FIRST / sizeof(*at);

	for (size_t i = count; i < count + 4; i++)
		if (at[i].return_address || at[i].node || at[i].place)
			return false;
	for (size_t i = 0; i < count; i++) {
		at[i] = (struct furlong_race_frame){0};
		__asm__ volatile("");
	}
	return true;
}

void fl_frames_give(struct furlong_race_frame *frames, size_t bytes)
{
	struct frames_spare *spare = frames ? fl_pool_take(sizeof(*spare)) : NULL;
	uint64_t mask;
	void *at;

	if (!spare)
		return;
	at = spare->begin = frames - 1;
	spare->bytes = bytes;
	if (!frames_clear_the_first(at))
		fl_sys_map(&at, bytes, FL_SYS_MAP_REPLACE, -1, 0);
	mask = fl_sys_signals_block();
	fl_lock_take(&frames_lock);
	spare->next = frames_spare;
	frames_spare = spare;
	fl_lock_drop(&frames_lock);
	fl_sys_signals_restore(mask);
}

void fl_frames_fork_child(void)
{
	frames_lock.word = 0;
}
