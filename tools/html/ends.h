/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * ends.h: where processes were when they ended, on the first page.
 */
#ifndef FURLONG_HTML_ENDS_H
#define FURLONG_HTML_ENDS_H

#include "page.h"

/* Those that a signal ended, or that ended with a status other than 0; nothing when there are none. */
void fl_ends_emit(const struct fl_page *page);
/* Those that left by exit(0) or _exit(0): folded. */
void fl_calm_ends_emit(const struct fl_page *page);

#endif
