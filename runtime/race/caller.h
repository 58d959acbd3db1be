/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * caller.h: whose calls of libc functions count as accesses.
 *
 * Those of instrumented objects do, and those of the C++ standard libraries, which act for them on their
 * data. Other libraries may order their accesses by means that we do not see, so theirs do not.
 */
#ifndef FL_RACE_CALLER_H
#define FL_RACE_CALLER_H

#include <stdbool.h>

enum fl_caller {
	FL_CALLER_FOREIGN,
	FL_CALLER_OPENMP,  /* libomp, which says itself what it orders (intercept/openmp.h) */
	FL_CALLER_LIBRARY, /* of the C++ standard; not instrumented */
	FL_CALLER_CHECKED,
};

/* By a return address. */
enum fl_caller fl_caller_of(const void *address);
static inline bool fl_caller_counts(const void *address)
{
	return fl_caller_of(address) >= FL_CALLER_LIBRARY;
}

/* By what is known by now, without a look at what was loaded since: whether it lies in a library that may
 * have been called by the program, and calls back. */
bool fl_caller_is_library(const void *address);
/* Another pointer when there are other objects. */
const void *fl_caller_objects(void);

/* Looks at the loaded objects again; what went away takes its shadow along. Not under the runtime's lock. */
void fl_caller_look(void);
void fl_caller_fork_child(void);

#endif
