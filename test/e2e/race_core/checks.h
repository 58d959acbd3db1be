/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * checks.h: what the pass emits around accesses, by hand, so that the runtime is tested without a compiler's
 * help.
 */
#ifndef CHECKS_H
#define CHECKS_H

#include "furlong/abi.h"

static inline struct furlong_race_cell *cell_of(const volatile void *p)
{
	return (struct furlong_race_cell *)(__furlong_race_self.cells +
					    2 * ((uintptr_t)p & __furlong_race_self.mask));
}

static inline uint64_t need_of(const volatile void *p, unsigned size)
{
	return ((1u << size) - 1) << ((uintptr_t)p & 7) & 0xff;
}

#define CHECKED(size, type)                                                                                  \
	static inline type load##size(type *p)                                                               \
	{                                                                                                    \
		uint64_t word = cell_of(p)->word[1], y = word ^ __furlong_race_self.epoch;                   \
                                                                                                             \
		if ((y >> 24 & (need_of(p, size) | ~(uint64_t)0xff)) && word != __furlong_race_self.shared)  \
			__furlong_race_read##size(p, 0);                                                     \
		return *p;                                                                                   \
	}                                                                                                    \
	static inline void store##size(type *p, type value)                                                  \
	{                                                                                                    \
		uint64_t y = cell_of(p)->word[0] ^ __furlong_race_self.epoch;                                \
                                                                                                             \
		if (y >> 23 & (need_of(p, size) << 1 | ~(uint64_t)0x1ff))                                    \
			__furlong_race_write##size(p, 0);                                                    \
		*p = value;                                                                                  \
	}
CHECKED(1, uint8_t)
CHECKED(2, uint16_t)
CHECKED(4, uint32_t)
CHECKED(8, uint64_t)

/* A function with a frame, as the pass makes them. */
#define FRAMED(body)                                                                                         \
	do {                                                                                                 \
		struct furlong_race_frame *frame_ = __furlong_race_self.top;                                 \
		frame_->return_address = __builtin_return_address(0);                                        \
		frame_->node = 0;                                                                            \
		frame_->place = (uint32_t)(uintptr_t)__builtin_frame_address(0) + 8;                         \
		__furlong_race_self.top = frame_ + 1;                                                        \
		body;                                                                                        \
		__furlong_race_self.top = frame_;                                                            \
	} while (0)

/* A hand-off between threads that no instrument sees. */
static inline void turn_wait(volatile int *turn, int value)
{
	while (__atomic_load_n(turn, __ATOMIC_ACQUIRE) != value)
		__asm__ volatile("");
}
static inline void turn_give(volatile int *turn, int value)
{
	__atomic_store_n(turn, value, __ATOMIC_RELEASE);
}

static inline uint64_t atomic_store8(uint64_t *p, uint64_t value, unsigned order)
{
	__furlong_race_atomic_begin(p, 8, FURLONG_RACE_ATOMIC_STORE | order << 4, 0);
	__atomic_store_n(p, value, __ATOMIC_SEQ_CST);
	__furlong_race_atomic_end(p, 8, FURLONG_RACE_ATOMIC_STORE | order << 4, 1);
	return value;
}
static inline uint64_t atomic_load8(uint64_t *p, unsigned order)
{
	uint64_t value;

	__furlong_race_atomic_begin(p, 8, FURLONG_RACE_ATOMIC_LOAD | order << 4, 0);
	value = __atomic_load_n(p, __ATOMIC_SEQ_CST);
	__furlong_race_atomic_end(p, 8, FURLONG_RACE_ATOMIC_LOAD | order << 4, 0);
	return value;
}

#endif
