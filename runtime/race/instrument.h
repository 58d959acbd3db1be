/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * instrument.h: the beginning of race detection.
 */
#ifndef FL_RACE_INSTRUMENT_H
#define FL_RACE_INSTRUMENT_H

/* When a module with checks registers; idempotent. In the thread that loads it, without the runtime's lock.
 */
void fl_race_begin(void);

/* The calling thread asks the C library for threads that will begin by themselves; the calling thread is such
 * a one. */
struct fl_race_sponsor;
void fl_race_sponsor(struct fl_race_sponsor *sponsor);
void fl_race_adopt(const struct fl_race_sponsor *sponsor);

#endif
