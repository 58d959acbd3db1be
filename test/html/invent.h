/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * invent.h: made-up counts for a real source file.
 */
#ifndef FURLONG_TEST_INVENT_H
#define FURLONG_TEST_INVENT_H

#include <stddef.h>

#include "model/build.h"

/* Adds functions, regions and branches of the text to file number `file` of the builder. */
void fl_invent(struct fl_build *build, size_t file, const char *text, size_t length);

#endif
