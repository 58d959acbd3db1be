/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * case.h: for the small programs of this folder. A program's name is what it claims. Built as it is it races;
 * built with ORDERED it is right, and nothing may be reported. Its head comment says which races there are:
 *
 *   race: OP @MARK FUNCTION [CALLER ...] / OP @MARK FUNCTION [CALLER ...]
 *
 * MARK stands in a comment at the end of the line of the access, FUNCTION and CALLERs in that order in the
 * stack. OP may be `any`; more than one line: more than one report. Further lines: `addresses: N` in place of
 * races: at that many different addresses, each asked for; `absent: FUNCTIONS` are in no stack; `location:
 * TEXT` stands in every report; `says: TEXT` in some report; `once: FUNCTIONS` at most once in a stack;
 * `with: FILES` that belong to the program; `clang: N` the oldest that knows the language; `options: ...` for
 * the compiler.
 */
#ifndef CASE_H
#define CASE_H

#include <pthread.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
/* Steps that threads take in turns, by means that no detector sees (steps.c, built without any). */
void await_step(int step); /* until step - 1 others have been made */
void make_step(void);
#ifdef __cplusplus
}
#endif

/* Used: else clang 14 at -O3 hands over what an argument points at, and reads it in the caller. */
#define NOINLINE __attribute__((noinline, used))
#define STAY()   __asm__ volatile("" ::: "memory") /* what comes before is no tail call */
/* Of variables that threads share: stay in memory even if nobody reads them; no neighbours. */
#define SHARED __attribute__((used, aligned(64))) static
#ifdef ORDERED
#define RIGHT 1
#else
#define RIGHT 0
#endif

static inline pthread_t start(void *(*run)(void *), void *argument)
{
	pthread_t thread;
	if (pthread_create(&thread, NULL, run, argument))
		__builtin_trap();
	return thread;
}

static inline void finish(pthread_t thread)
{
	if (pthread_join(thread, NULL))
		__builtin_trap();
}

#endif
