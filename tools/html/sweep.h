/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sweep.h: removes the pages of an earlier report, so that no bookmark shows old figures as if they were new.
 */
#ifndef FURLONG_HTML_SWEEP_H
#define FURLONG_HTML_SWEEP_H

#include <stdbool.h>

struct fl_map;

/* Before a report is written: whether one of ours stands in `directory`. Its index.html and view.html go at
 * once, so that what is half written is never taken for whole. */
bool fl_sweep_begin(const char *directory);

/* After it: deletes what stands in file/, dir/, race/ and data/ and is not in `kept` ("file/main.c.html").
 * What cannot be deleted is left. */
void fl_sweep_old(const char *directory, const struct fl_map *kept);

#endif
