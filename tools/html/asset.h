/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * asset.h: the files of a report that are the same in every report, carried inside the program.
 */
#ifndef FURLONG_HTML_ASSET_H
#define FURLONG_HTML_ASSET_H

#include <stddef.h>

struct fl_error;

struct fl_asset {
	const char *name;
	const unsigned char *bytes;
	size_t length;
};

/* Made by cmake/embed.cmake from the files beside this one; ends with a NULL name. */
extern const struct fl_asset fl_assets[];

struct fl_emit;

/* style.css, script.js (all of script/ in one), icon.svg, help.html */
void fl_asset_emit(struct fl_emit *out, const char *name);
int fl_asset_write(const char *directory, struct fl_error *error);

#endif
