/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * list.h: index.html and the pages of directories, each in every order.
 */
#ifndef FURLONG_HTML_LIST_H
#define FURLONG_HTML_LIST_H

#include "page.h"

/* The page of directory `node` in all its orders. */
int fl_list_write(struct fl_emit *out, const struct fl_report *report, uint32_t node, struct fl_error *error);

#endif
