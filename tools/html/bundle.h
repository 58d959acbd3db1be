/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * bundle.h: the pages of source files, written by several threads; those of neighbouring files are packed
 * together, as they resemble each other and are loaded together.
 */
#ifndef FURLONG_HTML_BUNDLE_H
#define FURLONG_HTML_BUNDLE_H

#include "page.h"
#include "squeeze.h"

struct fl_bundles {
	uint32_t *first; /* file of each bundle, and one more: where the last one ends */
	size_t count;
	struct fl_bag *kept; /* of a single file: each bundle as script; else NULL */
};

void fl_bundles_build(struct fl_bundles *bundles, const struct fl_report *report);
void fl_bundles_free(struct fl_bundles *bundles);
int fl_bundles_write(struct fl_bundles *bundles, const struct fl_report *report, struct fl_error *error);

/* What search knows, a line each: `F PAGE PERCENT BUNDLE PATH`, then of its functions `f LINE COUNT NAME`;
 * with tabs between. */
void fl_bundles_index(const struct fl_bundles *bundles, const struct fl_report *report, struct fl_bag *index);

#endif
