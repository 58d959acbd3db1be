/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_page.h: a page for each race, and the list of them on the index.
 */
#ifndef FURLONG_HTML_RACE_PAGE_H
#define FURLONG_HTML_RACE_PAGE_H

#include "page.h"

/* race/FINGERPRINT.html, all of them. */
int fl_race_write_all(struct fl_emit *out, const struct fl_report *report, struct fl_error *error);

/* On the index: how many, where, between whom. Nothing when nobody looked. */
void fl_race_list_emit(const struct fl_page *page);
/* What was looked at, for the foot of the index. */
void fl_race_looked_emit(const struct fl_page *page);

/* race/FINGERPRINT.html */
void fl_race_path(const struct fl_race *race, char path[static FL_PAGE_PATH_BYTES]);
/* href="..." of a race's page, relative to this one. */
void fl_race_href(const struct fl_page *page, const struct fl_race *race);

#endif
