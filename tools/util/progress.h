/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * progress.h: what takes longer than a second says so, on a terminal, on stderr; and colours.
 */
#ifndef FURLONG_UTIL_PROGRESS_H
#define FURLONG_UTIL_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

void fl_progress_begin(const char *what, size_t total);
void fl_progress_step(void); /* from any thread */
void fl_progress_end(void);

enum fl_color { FL_COLOR_AUTO, FL_COLOR_ALWAYS, FL_COLOR_NEVER };
void fl_color_choose(enum fl_color color);

/* Whether to write escape sequences to this descriptor: as was chosen; else to a terminal, if NO_COLOR is not
 * set. */
bool fl_color_wanted(int descriptor);

#endif
