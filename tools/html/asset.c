/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * asset.c: see asset.h.
 */
#include "asset.h"

#include <stdbool.h>
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

static bool is_script(const char *name)
{
	const char *dot = strrchr(name, '.');
	return dot && !strcmp(dot, ".js");
}

/* What is a byte in packed pages, for data.js. */
static void emit_script_start(struct fl_emit *out)
{
#define WORD(name, text) "\"" text "\", "
	EMIT(out, "\"use strict\";\n(() => {\nconst words = [" FL_WORDS(WORD) "];\n");
#undef WORD
	EMIT(out, "const firstWord = ");
	fl_emit_number(out, FL_WORD_FIRST);
	EMIT(out, ";\n");
}

void fl_asset_emit(struct fl_emit *out, const char *name)
{
	bool script = is_script(name);
	if (script)
		emit_script_start(out);
	for (const struct fl_asset *asset = fl_assets; asset->name; asset++)
		if (script ? is_script(asset->name) : !strcmp(asset->name, name))
			fl_emit_bytes(out, (const char *)asset->bytes, asset->length);
	if (script)
		EMIT(out, "})();\n");
	if (!strcmp(name, "style.css"))
		emit_widths(out);
}

int fl_asset_write(const char *directory, struct fl_error *error)
{
	static const char *const names[] = {"style.css", "script.js", "icon.svg", "help.html"};
	struct fl_emit out;
	int status = 0;
	fl_emit_init(&out);
	for (size_t i = 0; i < sizeof names / sizeof *names && status == 0; i++) {
		status = fl_emit_open(&out, directory, names[i], error);
		if (status)
			break;
		fl_asset_emit(&out, names[i]);
		status = fl_emit_close(&out, error);
	}
	fl_emit_free(&out);
	return status;
}
