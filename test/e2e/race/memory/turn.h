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
/* A pointer from one thread to another. */
void turn_lend(void *what);
void *turn_lent(void);
void turn_wait(int turn);
void turn_give(int turn);
#ifdef __cplusplus
}
#endif

#endif
