/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * expression.h: what an access in a line of C or C++ is an access of: `conn->state`, from the line and the
 * column that the compiler gave the instruction. Text only: symbols_types.h asks the debug information what
 * it means.
 *
 * A compiler's column is that of the last name (`conn->state`), or of the operator (`=`, `+=`, `++`, unary
 * `*`).
 */
#ifndef FURLONG_READ_EXPRESSION_H
#define FURLONG_READ_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fl_arena;

enum fl_step_kind {
	FL_STEP_BASE,  /* a variable; its name is NULL when it is something else: a call, a cast */
	FL_STEP_DOT,   /* .name */
	FL_STEP_ARROW, /* ->name */
	FL_STEP_INDEX, /* [...], or a `*` before all that */
};

struct fl_step {
	enum fl_step_kind kind;
	const char *name;
};

#define FL_STEPS_MAX 16

struct fl_expression {
	const char *text; /* as it stands there, blanks out: in the arena, as are the names */
	struct fl_step steps[FL_STEPS_MAX];
	size_t count; /* the first one is the base */
};

/* False when there is nothing at that 1-based column that can be told to be a place in memory. */
bool fl_expression_at(struct fl_expression *expression, const char *line, size_t length, uint32_t column,
	struct fl_arena *arena);

#endif
