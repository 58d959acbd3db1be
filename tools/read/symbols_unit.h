/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * symbols_unit.h: the functions and variables of one compilation unit, to be found without going through all
 * of it each time: a unit may have a hundred thousand. Read at the first question. Of symbols_object.c and
 * symbols_types.c only.
 */
#ifndef FURLONG_READ_SYMBOLS_UNIT_H
#define FURLONG_READ_SYMBOLS_UNIT_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdint.h>

struct fl_symbols_unit;

struct fl_symbols_unit *fl_symbols_unit_new(const Dwarf_Die *die);
void fl_symbols_unit_free(struct fl_symbols_unit *unit);
Dwarf_Die *fl_symbols_unit_die(struct fl_symbols_unit *unit);
/* The function whose code the address is in, before anything was inlined into it; in DWARF's addresses. */
bool fl_symbols_unit_function(struct fl_symbols_unit *unit, uint64_t address, Dwarf_Die *function);
/* The variable at file level of that name or linkage name: of several the first. */
bool fl_symbols_unit_variable(struct fl_symbols_unit *unit, const char *name, Dwarf_Die *variable);

#endif
