/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * compiled.h: in handmade.h's place (-include) where the compiler's pass instruments: a count is a call of a
 * function whose name says which. datafile.py finds the functions' counters.
 */
#ifndef HANDMADE_H
#define HANDMADE_H

#include <stdint.h>

#define HANDMADE_COUNTERS 8

#define COUNTED(n)                                                                                           \
	static __attribute__((noinline, unused)) void counter_##n(void)                                      \
	{                                                                                                    \
		__asm__ volatile("");                                                                        \
	}
COUNTED(0)
COUNTED(1)
COUNTED(2)
COUNTED(3)

static inline void counter_of(int n)
{
	switch (n) {
	case 0:
		counter_0();
		break;
	case 1:
		counter_1();
		break;
	case 2:
		counter_2();
		break;
	default:
		counter_3();
	}
}

#define COUNT(n) counter_of(n)

#endif
