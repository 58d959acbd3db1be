/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test_expression.c: what stands at a column of a line. The column is where the line has `@`.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "read/expression.h"
#include "util/memory.h"

struct expectation {
	const char *line, *text;
	const char *steps; /* base, then .name ->name [] */
};

static const struct expectation expectations[] = {
	{"\tif (it && it->@refcount > LIMIT)", "it->refcount", "it->refcount"},
	{"\tconn->state @= 3;", "conn->state", "conn->state"},
	{"\tconn -> state@=3;", "conn->state", "conn->state"},
	{"total @+= items[i].size;", "total", "total"},
	{"total += items[i].@size;", "items[i].size", "items[].size"},
	{"total += @items[i][j + 1];", "items[i][j+1]", "items[][]"},
	{"a.b.c[2].d->e @= f(x);", "a.b.c[2].d->e", "a.b.c[].d->e"},
	{"counter@++;", "counter", "counter"},
	{"x = @++this->count;", "this->count", "this->count"},
	{"@--pool.free[3];", "pool.free[3]", "pool.free[]"},
	{"\t@*p = 5;", "*p", "p[]"},
	{"\t*p @= 5;", "*p", "p[]"},
	{"x = a * @b;", "b", "b"},
	{"a[i] * b @= 1", "b", "b"},
	{"(*head).@next", "(*head).next", "head[].next"},
	{"get(x)->@next", "get(x)->next", "?->next"},
	{"((struct s *)p)->@next", "((struct s*)p)->next", "?->next"},
	{"ns::config.@limit", "ns::config.limit", "config.limit"},
	{"mask @<<= 2;", "mask", "mask"},
	{"return @value;", "value", "value"},
	{"p->f(1)->@g", "p->f(1)->g", "?->g"},
	/* what is no place in memory */
	{"\t@work(n);", NULL, NULL},
	{"if (@a_call (x))", NULL, NULL},
	{"\t@return x;", NULL, NULL},
	{"x = a @* b;", NULL, NULL},
	{"x = a @== b;", NULL, NULL},
	{"x = @42;", NULL, NULL},
	{"x = a @? b : c;", NULL, NULL},
	{"x[@", NULL, NULL},
	{"]@= 3", NULL, NULL},
	{"@(", NULL, NULL},
	{"a = b[@", NULL, NULL},
};

static void print_steps(const struct fl_expression *expression, char *out)
{
	*out = '\0';
	for (size_t i = 0; i < expression->count; i++) {
		const struct fl_step *step = &expression->steps[i];
		strcat(out, step->kind == FL_STEP_INDEX   ? "[]"
			    : step->kind == FL_STEP_ARROW ? "->"
			    : step->kind == FL_STEP_DOT   ? "."
							  : "");
		if (step->kind != FL_STEP_INDEX)
			strcat(out, step->name ? step->name : "?");
	}
}

static void the_expression_at_a_column(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof expectations / sizeof *expectations; i++) {
		const struct expectation *expected = &expectations[i];
		struct fl_arena *arena = fl_arena_new();
		struct fl_expression found;
		char line[200], steps[200];
		size_t at = strcspn(expected->line, "@");
		snprintf(line, sizeof line, "%.*s%s", (int)at, expected->line, expected->line + at + 1);
		bool any = fl_expression_at(&found, line, strlen(line), (uint32_t)at + 1, arena);
		if (any != !!expected->text)
			print_error("%s: found %s\n", expected->line, any ? found.text : "nothing");
		assert_int_equal(any, !!expected->text);
		if (any) {
			print_steps(&found, steps);
			assert_string_equal(found.text, expected->text);
			assert_string_equal(steps, expected->steps);
		}
		fl_arena_free(arena);
	}
}

/* Any column of any cut of any line is answered. */
static void no_line_is_too_strange(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof expectations / sizeof *expectations; i++) {
		const char *line = expectations[i].line;
		for (size_t from = 0; from < strlen(line); from++) {
			size_t length = strlen(line + from);
			for (uint32_t column = 0; column <= length + 1; column++) {
				struct fl_arena *arena = fl_arena_new();
				struct fl_expression found;
				fl_expression_at(&found, line + from, length, column, arena);
				fl_arena_free(arena);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_expression_at_a_column),
		cmocka_unit_test(no_line_is_too_strange),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
