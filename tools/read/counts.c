/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * counts.c: what a count of a shape comes to.
 *
 * A difference can come out below zero when frames were alive while the counters were read. Within an
 * expression that is kept, because a later sum may make it good; what comes out of it is 0 at least.
 */
#include <stdlib.h>

#include "read/shape.h"
#include "util/memory.h"

struct count_value {
	__int128 value;
	enum { UNSEEN, WAITING, KNOWN } state;
};

/* Far beyond any sum of true counts, far below overflow: garbage may double a value a thousand times. */
static const __int128 largest = (__int128)1 << 100;

void fl_counts_begin(struct counts *counts, const struct shape *shape, const uint64_t *counters)
{
	counts->shape = shape;
	counts->counters = counters;
	if (shape->expression_count > counts->value_capacity) {
		counts->value_capacity = shape->expression_count * 2;
		counts->values = fl_resize(counts->values, counts->value_capacity, sizeof *counts->values);
		counts->stack = fl_resize(counts->stack, counts->value_capacity, sizeof *counts->stack);
	}
	for (size_t i = 0; i < shape->expression_count; i++)
		counts->values[i].state = UNSEEN;
}

/* The value of a count that is not an unseen expression; one that waits for itself is 0. */
static __int128 known(const struct counts *counts, uint64_t count)
{
	if (!count)
		return 0;
	uint64_t index = (count - 1) >> 1;
	if (!((count - 1) & 1))
		return counts->counters ? counts->counters[index] : 0;
	return counts->values[index].state == KNOWN ? counts->values[index].value : 0;
}

static bool unseen(const struct counts *counts, uint64_t count, uint32_t *index)
{
	if (!count || !((count - 1) & 1))
		return false;
	*index = (uint32_t)((count - 1) >> 1);
	return counts->values[*index].state == UNSEEN;
}

static void evaluate(struct counts *counts, uint32_t root)
{
	size_t depth = 0;
	counts->stack[depth++] = root;
	counts->values[root].state = WAITING;
	while (depth) {
		uint32_t top = counts->stack[depth - 1], operand;
		const struct shape_expression *expression = &counts->shape->expressions[top];
		if (unseen(counts, expression->left, &operand) ||
			unseen(counts, expression->right, &operand)) {
			counts->values[operand].state = WAITING;
			counts->stack[depth++] = operand;
			continue;
		}
		__int128 left = known(counts, expression->left), right = known(counts, expression->right);
		__int128 value = expression->add ? left + right : left - right;
		if (value > largest || value < -largest)
			value = value > 0 ? largest : -largest;
		counts->values[top].value = value;
		counts->values[top].state = KNOWN;
		depth--;
	}
}

uint64_t fl_counts_value(struct counts *counts, uint64_t count)
{
	uint32_t index;
	if (unseen(counts, count, &index))
		evaluate(counts, index);
	__int128 value = known(counts, count);
	if (value < 0) {
		counts->negative++;
		return 0;
	}
	return value > UINT64_MAX ? UINT64_MAX : (uint64_t)value;
}

void fl_counts_free(struct counts *counts)
{
	free(counts->values);
	free(counts->stack);
	*counts = (struct counts){0};
}
