/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * jump.c: contexts by swapcontext and setcontext. Each has frames of its own.
 *
 * A context that swapcontext saved puts its frames back itself when it goes on: they are in its own
 * variables. Any other is new (makecontext), and gets frames that stay with its address. getcontext and
 * setjmp return twice, where compiled code sets `top` again: they need nothing, nor does longjmp, as no
 * handler ever runs on top of the runtime (signal.c).
 */
#include "core/sys.h"
#include "race/annotate.h"
#include "race/handler.h"
#include "race/intercept.h"
#include "race/race.h"

#include <ucontext.h>

#define CONTEXT_COUNT                                                                                        \
	4096 /* addresses of contexts; with more at once the last ones share their parents' frames */
#define CONTEXT_FRAMES_BYTES ((size_t)16 << 20) /* of address space */

/* The frames that a thread is using. */
struct jump_frames {
	struct furlong_race_frame *begin, *end, *top;
};

static struct jump_context {
	const ucontext_t *context; /* NULL: free; entries are never removed */
	struct furlong_race_frame *frames;
	bool saved; /* by swapcontext, and it did not go on since */
} jump_contexts[CONTEXT_COUNT];
static struct fl_lock jump_lock;

/* Not inlined: the thread may be another one after a switch, and compilers remember where its variables are.
 */
static __attribute__((noinline)) struct jump_frames frames_now(void)
{
	struct fl_race_thread *self = fl_race_self_thread;
	struct jump_frames now = {NULL, NULL, __furlong_race_self.top};

	if (self) {
		now.begin = self->frames;
		now.end = self->frames_end;
	}
	return now;
}

static __attribute__((noinline)) void frames_use(const struct jump_frames *frames)
{
	struct fl_race_thread *self = fl_race_self_thread;

	if (self && frames->begin) {
		self->frames = frames->begin;
		self->frames_end = frames->end;
		__furlong_race_self.top = frames->top;
	}
}

/* With the lock. NULL: no room. */
static struct jump_context *context_at_address(const ucontext_t *context)
{
	size_t at = (size_t)(((uintptr_t)context >> 4) * 0x9e3779b97f4a7c15u >> 52);

	for (size_t i = 0; i < CONTEXT_COUNT; i++) {
		struct jump_context *entry = &jump_contexts[(at + i) % CONTEXT_COUNT];

		if (!entry->context)
			entry->context = context;
		if (entry->context == context)
			return entry;
	}
	return NULL;
}

static void note_saved(const ucontext_t *context)
{
	uint64_t mask = fl_sys_signals_block();
	struct jump_context *entry;

	fl_lock_take(&jump_lock);
	entry = context_at_address(context);
	if (entry)
		entry->saved = true;
	fl_lock_drop(&jump_lock);
	fl_sys_signals_restore(mask);
}

static void *frames_map(void)
{
	void *at = NULL;

	return fl_sys_map(&at, CONTEXT_FRAMES_BYTES, FL_SYS_MAP_ANYWHERE, -1, 0) ? NULL : at;
}

static void enter_context(const ucontext_t *context)
{
	uint64_t mask = fl_sys_signals_block();
	struct jump_frames frames = {0};
	struct jump_context *entry;

	fl_handler_depth = 0; /* maybe out of a handler; what it must not do is not asked after that */
	fl_lock_take(&jump_lock);
	entry = context_at_address(context);
	if (entry && !entry->saved) {
		if (!entry->frames)
			entry->frames = frames_map();
		frames.begin = frames.top = entry->frames;
		frames.end = frames.begin + CONTEXT_FRAMES_BYTES / sizeof(*frames.begin);
	} else if (entry) {
		entry->saved = false;
	}
	fl_lock_drop(&jump_lock);
	fl_sys_signals_restore(mask);
	frames_use(&frames);
}

FL_INTERCEPT(int, swapcontext, __swapcontext, (ucontext_t *restrict from, const ucontext_t *restrict to))
{
	struct jump_frames frames = frames_now();
	int rc;

	if (fl_fiber_is_used()) /* it says itself whose frames are which */
		return FL_REAL(swapcontext)(from, to);
	note_saved(from);
	enter_context(to);
	rc = FL_REAL(swapcontext)(from, to);
	frames_use(&frames);
	return rc;
}

FL_INTERCEPT(int, setcontext, __setcontext, (const ucontext_t *to))
{
	struct jump_frames frames = frames_now();
	int rc;

	if (fl_fiber_is_used())
		return FL_REAL(setcontext)(to);
	enter_context(to);
	rc = FL_REAL(setcontext)(to);
	frames_use(&frames); /* it failed */
	return rc;
}

void fl_jump_fork_child(void)
{
	jump_lock.word = 0;
}
