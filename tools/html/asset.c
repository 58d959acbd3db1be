/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * asset.c: see asset.h.
 */
#include "asset.h"

#include <string.h>

#include "emit.h"

/* Pages may not carry style attributes, so a bar's width is a class: w1 to w100. */
static void emit_widths(struct fl_emit *out)
{
	for (unsigned width = 1; width <= 100; width++) {
		EMIT(out, ".w");
		fl_emit_number(out, width);
		EMIT(out, "{width:");
		fl_emit_number(out, width);
		EMIT(out, "%}\n");
	}
}

int fl_asset_write(const char *directory, struct fl_error *error)
{
	struct fl_emit out;
	int status = 0;
	fl_emit_init(&out);
	for (const struct fl_asset *asset = fl_assets; asset->name && status == 0; asset++) {
		status = fl_emit_open(&out, directory, asset->name, error);
		if (status)
			break;
		fl_emit_bytes(&out, (const char *)asset->bytes, asset->length);
		if (!strcmp(asset->name, "style.css"))
			emit_widths(&out);
		status = fl_emit_close(&out, error);
	}
	fl_emit_free(&out);
	return status;
}
