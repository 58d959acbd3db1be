/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * pager.h: what is longer than a screen goes through the user's pager, as git's does.
 *
 * FURLONG_PAGER, else PAGER, else less; empty or `cat`: none. Only when stdout is a terminal.
 */
#ifndef FURLONG_CMD_PAGER_H
#define FURLONG_CMD_PAGER_H

/* From here on stdout leads to the pager, if one is wanted. */
void fl_pager_begin(void);
/* Waits until the user has done. stdout leads nowhere afterwards if there was a pager. */
void fl_pager_end(void);

#endif
