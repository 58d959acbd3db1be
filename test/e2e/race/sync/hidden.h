/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * hidden.h: hand-overs that no detector sees: hidden.c is compiled without the flag, and calls nothing that
 * is intercepted.
 */
#ifndef HIDDEN_H
#define HIDDEN_H

#ifdef __cplusplus
extern "C" {
#endif

/* Turn 0 is there from the start; to give a turn again changes nothing. */
void hidden_give(int turn);
void hidden_wait(int turn);
int hidden_is_given(int turn);
long hidden_rss_kb(void); /* of this process */

#ifdef __cplusplus
}
#endif
#endif
