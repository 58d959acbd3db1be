/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * ends.h: where processes were when they ended, on the first page.
 */
#ifndef FURLONG_HTML_ENDS_H
#define FURLONG_HTML_ENDS_H

#include "page.h"

/* Nothing when all ended by a return from main. */
void fl_ends_emit(const struct fl_page *page);

#endif
