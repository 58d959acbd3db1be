/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * furlong.h: what a program may say to the instruments that it was built with.
 *
 * Usable with and without the flag: without it every call is an empty inline function, and nothing needs to
 * be linked. Each call is safe in any thread, but not in a signal handler or a vfork child.
 */
#ifndef FURLONG_FURLONG_H
#define FURLONG_FURLONG_H

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __FURLONG_COVERAGE__

/* The data files are right at this moment, and on the disk. They are right at any moment without it, unless
 * counts had to be kept in memory (a warning said so). */
void furlong_coverage_dump(void);

/* Sets the counts that this process has made to 0, together with those of earlier
 * processes whose slots it took over: for exact counts start from a label or a directory of one's own. */
void furlong_coverage_reset(void);

/* From now on, and until the next call, counts of all threads are the test `name`'s ("" for none): `furlong
 * tests` tells tests apart by it. Costs one look at the counters. The name is copied, up to 255 bytes. */
void furlong_coverage_label(const char *name);

#else

static inline void furlong_coverage_dump(void)
{
}

static inline void furlong_coverage_reset(void)
{
}

static inline void furlong_coverage_label(const char *name)
{
	(void)name;
}

#endif

#ifdef __FURLONG_RACE__

/* For code that switches stacks by itself (fibers, green threads). That is found out without these too; with
 * them a report's stack is right however stacks lie, and a fiber takes along what it has seen. A fiber is
 * created once, by anybody; the thread that is about to run it says so right before it jumps there, and again
 * when it jumps back to what it was doing (furlong_race_fiber_current, asked before). What a fiber did comes
 * before what it does in the next thread. */
void *furlong_race_fiber_current(void);
void *furlong_race_fiber_create(void);
void furlong_race_fiber_switch(void *fiber);
void furlong_race_fiber_destroy(void *fiber); /* not the running one */

#else

static inline void *furlong_race_fiber_current(void)
{
	return (void *)0;
}

static inline void *furlong_race_fiber_create(void)
{
	return (void *)0;
}

static inline void furlong_race_fiber_switch(void *fiber)
{
	(void)fiber;
}

static inline void furlong_race_fiber_destroy(void *fiber)
{
	(void)fiber;
}

#endif

/* What furlong_on_report is told; valid during the call. A later version may add members at the end. */
struct furlong_report {
	unsigned long bytes; /* of this structure, in the runtime's version */
	const char *kind;    /* "data-race", "heap-use-after-free" */
	const char *text;    /* as printed; ends in NUL */
	const volatile void *address;
};

/* A program that defines this function has it called after each report, in the thread that found the race,
 * which may hold locks or be in a signal handler, and which waits until the report is printed. Accesses in it
 * are not checked. Also a good place for a debugger to stop: break furlong_on_report. */
void furlong_on_report(const struct furlong_report *report);

#ifdef __cplusplus
}
#endif
#endif
