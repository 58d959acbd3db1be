/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * turn.h: who is next, told by means that the detector does not see: accesses happen in that order, unordered.
 */
#ifndef TURN_H
#define TURN_H

#ifdef __cplusplus
extern "C" {
#endif
void turn_begin(void);
void turn_wait(int turn);
void turn_give(int turn);
#ifdef __cplusplus
}
#endif

#endif
