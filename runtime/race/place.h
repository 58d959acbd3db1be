/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * place.h: what an address is, for a report's line on the location. Globals are the report's own business:
 * they are found in the object's symbols.
 */
#ifndef FL_RACE_PLACE_H
#define FL_RACE_PLACE_H

#include "race/race.h"

enum fl_where_kind {
	FL_WHERE_UNKNOWN,
	FL_WHERE_HEAP,  /* `block` says all */
	FL_WHERE_STACK, /* of `thread`, which may have ended */
	FL_WHERE_TLS,
	FL_WHERE_DESCRIPTOR,
};

struct fl_where {
	enum fl_where_kind kind;
	uintptr_t begin; /* of the block, stack or thread-local storage */
	size_t size;
	uint32_t thread; /* uid of the thread whose stack or storage it is, or who allocated it */
	int descriptor;
	struct fl_race_block block;
};

/* Any thread, any address; inside the runtime. */
void fl_where(uintptr_t address, struct fl_where *where);

#endif
