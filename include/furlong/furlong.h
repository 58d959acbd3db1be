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

/* Sets the counts that this process has made under the present label to 0, together with those of earlier
 * processes whose slots it took over: for exact counts start from a label or a directory of one's own. */
void furlong_coverage_reset(void);

/* From now on count as the test `name` ("" for none), in a data file of its own. The name is copied. */
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

#ifdef __cplusplus
}
#endif
#endif
