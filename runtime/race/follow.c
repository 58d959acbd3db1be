/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * follow.c: follow.h. A thread's own stack has its frames; each stack that the program made has others, which
 * belong to it whatever thread is on it.
 *
 *   place   where a return address lies: frames of one stack go down from the first one on
 *
 * Nobody says where a stack that the program made begins and ends. It is known from the places that were
 * seen: a place right below them is the same stack grown, any other one is another stack. So a function with
 * more than FOLLOW_GROWTH bytes of variables, the first to be so deep, has callees whose callers are not
 * known; and of two stacks without a gap, the upper used up to its last FURLONG_RACE_NEAR bytes, the lower
 * one may be taken for the upper.
 */
#include "race/follow.h"

#include "core/sys.h"
#include "race/annotate.h"
#include "race/handler.h"
#include "race/slow.h"
#include "race/thread.h"

#define FOLLOW_GROWTH 4096
#define FOLLOW_CALLER 512 /* whoever calls the first function there may do it from so much higher up */

#define FOLLOW_FRAMES (FL_FRAMES_BYTES / sizeof(struct furlong_race_frame) - 1)

struct follow_stack {
	uintptr_t low, high; /* of the places seen; or all of it, as told */
	struct furlong_race_frame *frames;
	struct follow_stack *child[2]; /* lower ones, higher ones */
	uint32_t rank;                 /* of a heap: no child's is greater */
};
static struct follow_stack *follow_root;
static struct fl_lock follow_lock;
static bool follow_inside; /* one lies inside of a thread's own */
bool fl_stack_is_made;

static bool is_own(const struct fl_race_thread *self, uintptr_t place)
{
	return place - self->stack_begin < self->stack_end - self->stack_begin;
}

/* ---- all stacks that were made, in the order of their addresses: a treap ---- */

static struct follow_stack *root_with(struct follow_stack *root, struct follow_stack *more)
{
	struct follow_stack *child;
	bool side;

	if (!root)
		return more;
	side = more->high > root->high;
	child = root->child[side] = root_with(root->child[side], more);
	if (child->rank <= root->rank)
		return root;
	root->child[side] = child->child[!side];
	child->child[!side] = root;
	return child;
}

static struct follow_stack *root_of_two(struct follow_stack *lower, struct follow_stack *higher)
{
	if (!lower || !higher)
		return lower ? lower : higher;
	if (lower->rank > higher->rank) {
		lower->child[1] = root_of_two(lower->child[1], higher);
		return lower;
	}
	higher->child[0] = root_of_two(lower, higher->child[0]);
	return higher;
}

static struct follow_stack *root_without(struct follow_stack *root, const struct follow_stack *gone)
{
	bool side = gone->high > root->high;

	if (root == gone)
		return root_of_two(root->child[0], root->child[1]);
	root->child[side] = root_without(root->child[side], gone);
	return root;
}

/* The lowest stack that ends at the place or above it; and in *below the highest one that ends below. */
static struct follow_stack *stack_up_from(uintptr_t place, struct follow_stack **below)
{
	struct follow_stack *found = NULL;

	*below = NULL;
	for (struct follow_stack *each = follow_root; each;) {
		bool side = each->high < place;

		*(side ? below : &found) = each;
		each = each->child[side];
	}
	return found;
}

static struct follow_stack *stack_make(uintptr_t low, uintptr_t high)
{
	static uint32_t rank;
	struct follow_stack *stack = fl_pool_take(sizeof(*stack));

	if (!stack)
		return NULL;
	rank = rank * 1664525 + 1013904223;
	*stack = (struct follow_stack){low, high, fl_frames_take(FL_FRAMES_BYTES), {NULL, NULL}, rank};
	if (!stack->frames) {
		fl_pool_give(stack, sizeof(*stack));
		return NULL;
	}
	follow_root = root_with(follow_root, stack);
	return stack;
}

static bool is_on(const struct follow_stack *stack, const struct furlong_race_frame *top)
{
	return top >= stack->frames && top <= stack->frames + FOLLOW_FRAMES;
}

/* How deep it ever was, by what is left of its frames. */
static void look_down(struct follow_stack *stack)
{
	for (const struct furlong_race_frame *each = stack->frames; each->return_address || each->place;
		each++) {
		uintptr_t place = stack->high - ((uint32_t)stack->high - each->place);

		if (place < stack->low)
			stack->low = place;
	}
}

static bool is_above(uintptr_t place, const struct furlong_race_frame *frame)
{
	return (int32_t)(frame->place - (uint32_t)place) <= 0;
}

/* A stack inside of the thread's own: there a call goes up, and leaves callers behind that still run. */
static bool is_inside(
	const struct fl_race_thread *self, const struct furlong_race_frame *top, uintptr_t place)
{
	uint32_t above = (uint32_t)self->stack_end - top[-1].place;

	return top > self->frames && top <= self->frames_end && is_above(place, &top[-1]) &&
	       above < self->stack_end - self->stack_begin &&
	       fl_sys_returns_to(self->stack_end - above, top[-1].return_address);
}

/* The one that has the place; NULL: the thread's own, or no memory. */
static struct follow_stack *stack_at(
	struct fl_race_thread *self, const struct furlong_race_frame *top, uintptr_t place)
{
	struct follow_stack *below, *stack = stack_up_from(place, &below);
	bool own = is_own(self, place);

	if (stack && place < stack->low)
		look_down(stack);
	if (stack && place < stack->low && place + FOLLOW_GROWTH > stack->low && (!own || is_on(stack, top)))
		stack->low = place;
	if (stack && place >= stack->low)
		return stack;
	if (own && !is_inside(self, top, place))
		return NULL;
	if (below && place - below->high < FOLLOW_CALLER) {
		below->high = place;
		return below;
	}
	follow_inside |= own;
	return stack_make(place, place);
}

/* ---- frames ---- */

/* Whether its function may still run. A frame that was pushed for somebody has his caller's place; of all
 * others the return address is still there. */
static bool is_live(const struct furlong_race_frame *frame, uintptr_t place, uintptr_t high)
{
	uint32_t above = frame->place - (uint32_t)place;

	if (!above || above > high - place || frame->place > frame[-1].place)
		return false;
	return frame->place == frame[-1].place || fl_sys_returns_to(place + above, frame->return_address);
}

/* The first frame that is not of a call in progress. */
static struct furlong_race_frame *top_of(struct furlong_race_frame *frames, uintptr_t place, uintptr_t high)
{
	struct furlong_race_frame *top = frames;

	while (is_live(top, place, high))
		top++;
	return top;
}

/* The same where `top` is of this stack: what lies lower than the place was left behind. */
static struct furlong_race_frame *top_down(
	struct furlong_race_frame *frames, struct furlong_race_frame *top, uintptr_t place)
{
	while (top > frames && top[-1].place != top[-2].place && is_above(place, &top[-1]))
		top--;
	return top;
}

static void use(struct furlong_race_frame *frames, const struct furlong_race_frame *end, uintptr_t place,
	uintptr_t high)
{
	struct furlong_race_frame *top = __furlong_race_self.top;

	top = top >= frames && top <= end ? top_down(frames, top, place) : top_of(frames, place, high);
	if (top == frames) /* so that the next call from outside is near */
		top[-1].place = (uint32_t)place + FURLONG_RACE_NEAR / 2;
	__furlong_race_self.top = top;
}

static void use_own(const struct fl_race_thread *self, uintptr_t place)
{
	use(self->frames, self->frames_end, place, self->stack_end);
}

/* A handler's stack goes on from what it interrupted, wherever it is (signal.c); who says when it switches
 * (tsan_fiber.c) is believed. A thread that clone made brought a stack of which nothing is known. */
void fl_stack_follow(uintptr_t place)
{
	struct fl_race_thread *self = fl_race_self_thread;
	const struct furlong_race_frame *top = __furlong_race_self.top;
	struct follow_stack *stack;
	uint64_t mask;

	if (!self || !self->stack_end || fl_handler_depth || fl_fiber_is_used())
		return;
	if (!follow_inside && is_own(self, place) && !is_inside(self, top, place)) {
		use_own(self, place);
		return;
	}
	mask = fl_sys_signals_block();
	fl_lock_take(&follow_lock);
	fl_stack_is_made = true;
	stack = stack_at(self, top, place);
	if (stack)
		use(stack->frames, stack->frames + FOLLOW_FRAMES, place, stack->high);
	fl_lock_drop(&follow_lock);
	fl_sys_signals_restore(mask);
	if (!stack && is_own(self, place))
		use_own(self, place);
}

void fl_race_slow_stack(const volatile void *place)
{
	fl_stack_follow((uintptr_t)place);
}

/* ---- what others know ---- */

void fl_stack_told(uintptr_t begin, size_t size)
{
	struct follow_stack *below, *stack;
	uint64_t mask = fl_sys_signals_block();

	fl_lock_take(&follow_lock);
	stack = stack_up_from(begin, &below);
	if (!stack || stack->low >= begin + size)
		stack = stack_make(begin, begin + size - sizeof(void *));
	if (stack && stack->high < begin + size)
		stack->low = begin;
	fl_stack_is_made = true;
	follow_inside |= is_own(fl_race_self_thread, begin);
	fl_lock_drop(&follow_lock);
	fl_sys_signals_restore(mask);
}

void fl_stack_forget(uintptr_t begin, size_t size)
{
	struct follow_stack *below, *stack;
	uint64_t mask = fl_sys_signals_block();

	fl_lock_take(&follow_lock);
	while ((stack = stack_up_from(begin, &below)) && stack->low < begin + size) {
		follow_root = root_without(follow_root, stack);
		fl_frames_give(stack->frames, FL_FRAMES_BYTES);
		fl_pool_give(stack, sizeof(*stack));
	}
	fl_lock_drop(&follow_lock);
	fl_sys_signals_restore(mask);
}

void fl_stack_fork_child(void)
{
	follow_lock.word = 0;
	fl_frames_fork_child();
}
