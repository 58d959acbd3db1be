/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * symbols_table.h: the symbol that an address is in, by a sorted copy of an object's table. Of
 * symbols_object.c only.
 */
#ifndef FURLONG_READ_SYMBOLS_TABLE_H
#define FURLONG_READ_SYMBOLS_TABLE_H

#include <elfutils/libdwfl.h>

struct fl_symbols_table;

struct fl_symbols_table *fl_symbols_table_new(Dwfl_Module *module);
void fl_symbols_table_free(struct fl_symbols_table *table);
/* NULL: in none. Both addresses are libdwfl's; of symbols that overlap the one that begins last, of those
 * the one that others may link to. */
const char *fl_symbols_table_at(
	struct fl_symbols_table *table, GElf_Addr address, GElf_Sym *symbol, GElf_Addr *begin);

#endif
