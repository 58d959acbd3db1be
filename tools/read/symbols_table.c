/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * symbols_table.c: see symbols_table.h. libdwfl looks through the whole table for each address.
 */
#include "read/symbols_table.h"

#include <stdbool.h>
#include <stdlib.h>

#include "util/memory.h"
#include "util/sorted.h"

struct span {
	GElf_Addr begin, end, last_end; /* the greatest of it and those before it */
	int number, rank;
};

struct fl_symbols_table {
	Dwfl_Module *module;
	struct span *spans; /* those that have a size */
	size_t count, capacity;
};

static int rank_of(const GElf_Sym *symbol)
{
	switch (GELF_ST_BIND(symbol->st_info)) {
	case STB_LOCAL:
		return 0;
	case STB_WEAK:
		return 1;
	default:
		return 2;
	}
}

static bool is_of_memory(const char *name, const GElf_Sym *symbol)
{
	int type = GELF_ST_TYPE(symbol->st_info);
	return name && *name && symbol->st_size && symbol->st_shndx != SHN_UNDEF && type != STT_SECTION &&
	       type != STT_FILE && type != STT_TLS;
}

/* Which is to be found stands behind the others: it begins last, ranks highest, is the first in the file. */
static int compare(const void *a, const void *b)
{
	const struct span *left = a, *right = b;
	if (left->begin != right->begin)
		return left->begin < right->begin ? -1 : 1;
	if (left->rank != right->rank)
		return left->rank - right->rank;
	return right->number - left->number;
}

struct fl_symbols_table *fl_symbols_table_new(Dwfl_Module *module)
{
	struct fl_symbols_table *table = fl_alloc(sizeof *table);
	int count = dwfl_module_getsymtab(module);
	GElf_Addr last_end = 0;
	table->module = module;
	for (int i = 1; i < count; i++) {
		GElf_Sym symbol;
		GElf_Addr begin;
		const char *name = dwfl_module_getsym_info(module, i, &symbol, &begin, NULL, NULL, NULL);
		if (is_of_memory(name, &symbol))
			*FL_PUSH(table->spans, table->count, table->capacity) = (struct span){
				.begin = begin,
				.end = begin + symbol.st_size,
				.number = i,
				.rank = rank_of(&symbol),
			};
	}
	if (table->count)
		qsort(table->spans, table->count, sizeof *table->spans, compare);
	for (size_t i = 0; i < table->count; i++) {
		last_end = table->spans[i].end > last_end ? table->spans[i].end : last_end;
		table->spans[i].last_end = last_end;
	}
	return table;
}

void fl_symbols_table_free(struct fl_symbols_table *table)
{
	free(table->spans);
	free(table);
}

const char *fl_symbols_table_at(
	struct fl_symbols_table *table, GElf_Addr address, GElf_Sym *symbol, GElf_Addr *begin)
{
	size_t upto = fl_sorted_upto(table->spans, table->count, sizeof *table->spans, address);
	while (upto && table->spans[upto - 1].end <= address) {
		if (table->spans[upto - 1].last_end <= address)
			return NULL;
		upto--;
	}
	return upto ? dwfl_module_getsym_info(
			      table->module, table->spans[upto - 1].number, symbol, begin, NULL, NULL, NULL)
		    : NULL;
}
