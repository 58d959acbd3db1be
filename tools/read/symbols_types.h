/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * symbols_types.h: what an expression of the source is, by the types of the debug information: which field of
 * which struct. Of symbols_object.c only.
 */
#ifndef FURLONG_READ_SYMBOLS_TYPES_H
#define FURLONG_READ_SYMBOLS_TYPES_H

#include <elfutils/libdw.h>

#include "model/race.h"
#include "read/expression.h"
#include "read/symbols_unit.h"

/* Fills in the subject's type and field for an access of `size` bytes (0: unknown) in `function`, which may
 * be NULL; `address` tells apart blocks of it. Leaves them alone when the types do not agree with the
 * expression or the size. */
void fl_symbols_types_field(struct fl_subject *subject, const struct fl_expression *expression,
	struct fl_symbols_unit *unit, Dwarf_Die *function, uint64_t address, uint64_t size,
	struct fl_arena *arena);

/* The same for a variable of that name at file level, by the offset of the access in it: `table[3].next`. */
bool fl_symbols_types_part(struct fl_subject *subject, struct fl_symbols_unit *unit, const char *symbol,
	uint64_t offset, uint64_t size, struct fl_arena *arena);

#endif
