/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * symbols_object.h: one ELF object's symbols and DWARF, by libdw. Of symbols.c only.
 */
#ifndef FURLONG_READ_SYMBOLS_OBJECT_H
#define FURLONG_READ_SYMBOLS_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fl_arena;
struct fl_expression;
struct fl_subject;
struct fl_symbols_object;

/* A function that the address is in, inlined ones first. Strings live as long as the object, or in the arena.
 */
struct fl_symbols_line {
	const char *function; /* linkage name where there is one; NULL: unknown */
	const char *file;     /* absolute, unless the compiler was told another; NULL: unknown */
	uint32_t line, column;
	bool inlined;
};

/* NULL, with *why, when there is no such object or it is another one now (`build_id` hex, "": any). */
struct fl_symbols_object *fl_symbols_object_open(
	const char *path, const char *build_id, struct fl_arena *arena, const char **why);
void fl_symbols_object_close(struct fl_symbols_object *object);
/* How many were written; 0: nothing is known of that ELF address. */
size_t fl_symbols_object_lines(struct fl_symbols_object *object, uint64_t address,
	struct fl_symbols_line *lines, size_t limit, struct fl_arena *arena);
/* The symbol of the variable that the address is in; NULL: none. */
const char *fl_symbols_object_variable(
	struct fl_symbols_object *object, uint64_t address, uint64_t *begin, uint64_t *size);
/* What an expression in the innermost function at an ELF address is, by its type; see symbols_types.h. */
void fl_symbols_object_field(struct fl_symbols_object *object, uint64_t address,
	const struct fl_expression *expression, uint64_t size, struct fl_subject *subject,
	struct fl_arena *arena);
/* What is at an offset of a variable at file level. */
void fl_symbols_object_part(struct fl_symbols_object *object, const char *variable, uint64_t offset,
	uint64_t size, struct fl_subject *subject, struct fl_arena *arena);

#endif
