/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * inspect.h: how a binary was built, as far as it shows.
 */
#ifndef FURLONG_READ_INSPECT_H
#define FURLONG_READ_INSPECT_H

#include <stdbool.h>
#include <stddef.h>

#include "util/error.h"

struct fl_inspection {
	bool has_counters, has_tables; /* coverage */
	bool has_race;
	bool has_symbols;
	bool is_linked;     /* an executable or shared object; not .o */
	bool has_runtime;   /* inside: linked from the archive */
	bool needs_runtime; /* a shared one, at run time */
	bool runtime_found; /* by its path or along the runpath */
	char runpath[1024]; /* "": none */
	size_t functions, unreadable;
	const char *wrong; /* with the first unreadable one */
};

int fl_inspect_binary(const char *path, struct fl_inspection *inspection, struct fl_error *error);

#endif
