/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * treemap.h: a picture of a directory: files as areas, as large as their lines, shaded by what of them ran.
 * SVG with links; what it says stands in the list below it, too.
 */
#ifndef FURLONG_HTML_TREEMAP_H
#define FURLONG_HTML_TREEMAP_H

#include "page.h"

void fl_treemap_emit(const struct fl_page *page);

#endif
