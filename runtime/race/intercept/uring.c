/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * uring.c: io_uring by liburing.so: who sees that something is complete comes after all that was handed to
 * the ring before. The library's own accesses and the kernel's are out of the pass's sight; what is inline in
 * its header loads the tail of completions by an acquire. So to hand something over is a release of that
 * tail.
 *
 * A ring is as wide as a pipe: whose entry it was is not looked at.
 */
#include "race/intercept.h"
#include "race/race.h"
#include "race/touch.h"

/* Of struct io_uring, which liburing keeps as it is for all of its versions. */
struct uring {
	uint64_t submission[13];
	uint32_t *head, *tail; /* of completions */
};

/* The loader finds these here under the library's version; the linker does not: a program that forgets its
 * -luring must not link. */
#define URING(result, name, since, parameters, arguments, gives)                                             \
	__asm__(".symver " #name ", " #name "@" since ", remove");                                           \
	FL_PUBLIC result name parameters;                                                                    \
	FL_INTERCEPT_LATE(result, name, parameters)                                                          \
	{                                                                                                    \
		struct furlong_race_frame *frame = fl_touch_push(FL_HERE);                                   \
		result got;                                                                                  \
                                                                                                             \
		if (gives)                                                                                   \
			uring_tail(ring, FURLONG_RACE_ATOMIC_UPDATE | __ATOMIC_RELEASE << 4);                \
		got = FL_REAL_LATE(name) arguments;                                                          \
		uring_tail(ring, FURLONG_RACE_ATOMIC_LOAD | __ATOMIC_ACQUIRE << 4);                          \
		fl_touch_pop(frame);                                                                         \
		return got;                                                                                  \
	}

static void uring_tail(const struct uring *ring, uint32_t what)
{
	if (!fl_race_concurrent || !fl_race_self_thread)
		return;
	__furlong_race_atomic_begin(ring->tail, sizeof(*ring->tail), what, NULL);
	__furlong_race_atomic_end(ring->tail, sizeof(*ring->tail), what, 1);
}

URING(int, io_uring_submit, "LIBURING_2.0", (struct uring * ring), (ring), true)
URING(int, io_uring_submit_and_wait, "LIBURING_2.0", (struct uring * ring, unsigned count), (ring, count),
	true)
URING(int, io_uring_submit_and_wait_timeout, "LIBURING_2.2",
	(struct uring * ring, void **entry, unsigned count, void *until, void *signals),
	(ring, entry, count, until, signals), true)
URING(int, io_uring_submit_and_get_events, "LIBURING_2.3", (struct uring * ring), (ring), true)
URING(int, __io_uring_get_cqe, "LIBURING_2.0",
	(struct uring * ring, void **entry, unsigned submit, unsigned count, void *signals),
	(ring, entry, submit, count, signals), submit != 0)
URING(int, io_uring_wait_cqes, "LIBURING_2.0",
	(struct uring * ring, void **entry, unsigned count, void *until, void *signals),
	(ring, entry, count, until, signals), true)
URING(int, io_uring_wait_cqe_timeout, "LIBURING_2.0", (struct uring * ring, void **entry, void *until),
	(ring, entry, until), true)
URING(unsigned, io_uring_peek_batch_cqe, "LIBURING_2.0",
	(struct uring * ring, void **entries, unsigned count), (ring, entries, count), false)
