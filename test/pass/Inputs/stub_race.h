/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * stub_race.h: what a test may ask of stub_race.c.
 */
#ifndef STUB_RACE_H
#define STUB_RACE_H
#ifdef __cplusplus
extern "C" {
#endif

void stub_begin(const void *origin); /* addresses are told as distances from there */
void stub_end(void);
void stub_epoch(unsigned clock);
void stub_share(const void *address); /* its cell is the thread's shared one */
unsigned long stub_depth(void);       /* frames in progress */
const void *stub_frame(unsigned up);  /* return address of one of them, 0: the innermost */

#ifdef __cplusplus
}
#endif
#endif
