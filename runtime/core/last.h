/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * last.h: where the program was when it ended: the calls in progress, kept as a block of the ends file
 * (format.h).
 */
#ifndef FL_CORE_LAST_H
#define FL_CORE_LAST_H

#include <stdbool.h>

void fl_last_init(void); /* endings of this process are kept from now on, if the options say so */
void fl_last_fork_child(void);
bool fl_last_is_mine(void); /* not a child of vfork, or one that was forked unseen */

/* In a handler: the thread that got it, and the others, which stay where they are from then on. */
void fl_last_by_signal(int signal, const void *context);
/* By a call of that function. Other threads are left alone: only a signal could ask them, and it would
 * interrupt what they do. Nothing is kept when the calls are all the C library's: main returned. */
void fl_last_by_call(const char *function, int status);

#endif
