/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * invent.h: made-up counts for a real source file, made-up races, endings and tests in it.
 */
#ifndef FURLONG_TEST_INVENT_H
#define FURLONG_TEST_INVENT_H

#include <stddef.h>

#include "model/build.h"
#include "model/tests.h"

/* Adds functions, regions and branches of the text to file number `file` of the builder. */
void fl_invent(struct fl_build *build, size_t file, const char *text, size_t length);

/* Adds races to a finished model, `count` of them on one global; all in the file whose path says "ordinary".
 */
void fl_invent_races(struct fl_model *model, size_t count);

/* A decision of two conditions, for the file that is shown as src/decide.c. */
void fl_invent_decision(struct fl_build *build, size_t file);
/* Endings of processes, and tests with names, in src/ordinary.c. */
void fl_invent_endings(struct fl_model *model);
struct fl_tests *fl_invent_tests(const struct fl_model *model, size_t count);

#endif
