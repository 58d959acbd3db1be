/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * instrument.h: the beginning of race detection.
 */
#ifndef FL_RACE_INSTRUMENT_H
#define FL_RACE_INSTRUMENT_H

/* When a module with checks registers; idempotent. In the thread that loads it, without the runtime's lock.
 */
void fl_race_begin(void);

#endif
