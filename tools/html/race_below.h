/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_below.h: what stands on a race's page below its two accesses.
 */
#ifndef FURLONG_HTML_RACE_BELOW_H
#define FURLONG_HTML_RACE_BELOW_H

#include "race_page.h"
#include "race_stack.h"

/* race_picture.c: the threads around the accesses; nothing when there is one thread only. */
void fl_race_picture_emit(struct fl_race_writer *writer, const struct fl_race *race);
/* race_origins.c: memory, threads and locks, and where they come from. */
void fl_race_origins_emit(struct fl_race_writer *writer, const struct fl_race *race);
/* race_after.c: other races on the same object; nothing when there are none. */
void fl_race_others_emit(struct fl_race_writer *writer, const struct fl_race *race);
/* race_after.c: the line for a suppressions file, and the command that shows this race in a terminal. */
void fl_race_silence_emit(struct fl_race_writer *writer, const struct fl_race *race);

#endif
