/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * log.h: what a program of the oracle writes down about itself. The log shares nothing with coverage: it is
 * a plain array in a file of its own, and atomic, because threads share it. */
#ifndef ORACLE_LOG_H
#define ORACLE_LOG_H

#include <stdint.h>

#define LOG_LINES      8192
#define LOG_CONDITIONS 8192

#ifdef __cplusplus
extern "C" {
#endif

/* Points into the shared file after start-up. */
extern uint64_t *log_line;
extern uint64_t (*log_outcome)[2];

#ifdef __cplusplus
}
#endif

#define T (void)__atomic_fetch_add(&log_line[__LINE__], 1, __ATOMIC_RELAXED)

/* A condition's value, written down. Not a subject of coverage itself. */
#ifdef __clang__
__attribute__((always_inline, no_profile_instrument_function))
#else /* does not inline what is profiled otherwise */
__attribute__((no_profile_instrument_function))
#endif
static inline int
C(unsigned id, int value)
{
	(void)__atomic_fetch_add(&log_outcome[id][value != 0], 1, __ATOMIC_RELAXED);
	return value != 0;
}

#endif
