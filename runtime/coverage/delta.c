/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * delta.c: which deltas to try, in which order. Pure: the mapping itself decides whether one is free.
 *
 * Position-independent programs stand high: candidates go down, the nearest a 16th of the lowest object's
 * address away, spread over a third of it. A program at a fixed low address cannot be mirrored below itself:
 * if libraries may be loaded, candidates go up by less than the room between libraries and stack; if not, up
 * far. Likewise where the register takes no negative value, or must not hold one: Linux lets no debugger
 * write the registers of a thread with such a base (EIO).
 *
 * Another tool may have taken those places: ThreadSanitizer forbids all but a few regions, in which a program
 * has room either above it or close to it. So these are tried next.
 *
 * Within its span candidates follow the van der Corput sequence: the first n of them are at least span/2n
 * apart, whatever n turns out to be, so that windows of modules that come later fall into free space. It
 * begins at a quarter of the span, not at half of it (its numbers are shifted digit by digit, which leaves
 * the distances as they are): the room behind the first thread's windows must take race detection's shadow,
 * which is mapped next, in one piece.
 *
 * The loader puts later objects below what is mapped at the time. For such a one to meet something at a
 * living thread's delta, the program must have mapped as much as the nearest candidate is away (5 TiB; half
 * the room below the stack for programs at a fixed address), or its objects must lie further apart than two
 * deltas (27 GiB with 1000 threads), or somebody must have mapped at an address of his choice close to a
 * window that was there already. It is said in one line; such a thread must not run the new module.
 */
#include "coverage/coverage.h"

#define DELTA_ALIGN   ((uintptr_t)64 << 10) /* the largest page */
#define DELTA_LOW_END ((uintptr_t)1 << 32)  /* below: a fixed address */

#define NEAR_BELOW ((uintptr_t)64 << 30)

#define SHIFT ((uint32_t)3 << 30) /* the first three: 1/4, 1/2, 0 of the span */

static struct fl_delta_plan below(uintptr_t base, uintptr_t span)
{
	return (struct fl_delta_plan){(intptr_t)base, span, -1};
}

/* Up by less than `room`; `far`: by half of it and more. */
static struct fl_delta_plan above(const struct fl_sys_space *space, bool far)
{
	uintptr_t room = space->ceiling > space->highest ? space->ceiling - space->highest : 0;

	if (!space->loader && space->lowest < DELTA_LOW_END)
		room /= 2;
	if (room < DELTA_ALIGN * 64)
		return (struct fl_delta_plan){0, 0, 0};
	if (!far)
		return (struct fl_delta_plan){(intptr_t)(room / 16), room / 16, 1};
	return (struct fl_delta_plan){(intptr_t)(room / 2), room / 2 - room / 8, 1};
}

struct fl_delta_plan fl_delta_plan_make(const struct fl_sys_space *space, bool negative_ok, int attempt)
{
	if (!negative_ok || space->lowest < DELTA_LOW_END)
		return attempt < 2 ? above(space, !attempt) : (struct fl_delta_plan){0, 0, 0};
	switch (attempt) {
	case 0:
		return below(space->lowest / 16, space->lowest / 3);
	case 1:
		return above(space, true);
	default:
		return space->lowest / 4 > NEAR_BELOW ? below(NEAR_BELOW, NEAR_BELOW)
						      : (struct fl_delta_plan){0, 0, 0};
	}
}

static uint32_t reverse(uint32_t n)
{
	uint32_t reversed = 0;

	for (int bit = 0; bit < 32; bit++, n >>= 1)
		reversed = reversed << 1 | (n & 1);
	return reversed;
}

intptr_t fl_delta_candidate(const struct fl_delta_plan *plan, uint32_t number)
{
	uint64_t part = reverse(number + 1) ^ SHIFT; /* of 2^32 */
	uintptr_t distance =
		(uintptr_t)plan->base + (plan->span >> 32) * part + ((plan->span & UINT32_MAX) * part >> 32);

	return plan->sign * (intptr_t)(distance & ~(DELTA_ALIGN - 1));
}
