/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sweep.h: removes the pages of an earlier report, so that no bookmark shows old figures as if they were new.
 */
#ifndef FURLONG_HTML_SWEEP_H
#define FURLONG_HTML_SWEEP_H

/* Deletes file/, dir/, race/ and data/, view.html and index.html below `directory`, and only where a report
 * of ours stands there. What cannot be deleted is left: writing over it will say so if it matters. */
void fl_sweep_old(const char *directory);

#endif
