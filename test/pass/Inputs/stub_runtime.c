/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * stub_runtime.c: the least runtime there can be, so that the pass is tested by itself. Counts where no
 * delta is set, in the sections, and prints one line per function at exit: NAME FLAGS COUNT..., each count
 * that a stretch of the function's own text has, once, smallest first. Which counters say so is the pass's
 * affair.
 */
#include <furlong/abi.h>
#include <stdio.h>
#include <stdlib.h>

__thread intptr_t __furlong_coverage_delta;

static const struct furlong_coverage_module *modules[16];
static int module_count;

static uint64_t uleb(const uint8_t **at)
{
	uint64_t value = 0;
	for (int shift = 0;; shift += 7) {
		uint8_t byte = *(*at)++;
		value |= (uint64_t)(byte & 127) << shift;
		if (!(byte & 128))
			return value;
	}
}

static const uint64_t *counters;
static struct expression {
	uint64_t minus, left, right;
} expressions[1024];

static uint64_t value(uint64_t count)
{
	uint64_t index = (count - 1) >> 1;
	if (!count)
		return 0;
	if (!((count - 1) & 1))
		return counters[index];
	const struct expression *it = &expressions[index];
	return it->minus ? value(it->left) - value(it->right) : value(it->left) + value(it->right);
}

static int compare(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
	return a < b ? -1 : a > b;
}

/* After the name: format.h, "shape". */
static void print_counts(const uint8_t *shape)
{
	uint64_t counts[1024], found = 0;
	for (uint64_t left = uleb(&shape); left; left--)
		uleb(&shape);
	uint64_t expression_count = uleb(&shape);
	if (expression_count > 1024)
		abort();
	for (uint64_t i = 0; i < expression_count; i++) {
		expressions[i].minus = !uleb(&shape);
		expressions[i].left = uleb(&shape);
		expressions[i].right = uleb(&shape);
	}
	for (uint64_t left = uleb(&shape); left; left--) {
		uint64_t kind = uleb(&shape), file = uleb(&shape), count = 0;
		if (kind != 2)
			count = uleb(&shape);
		if (kind == 4)
			uleb(&shape);
		if (kind == 0 && file == 0 && found < 1024)
			counts[found++] = value(count);
		for (int i = 0; i < 4; i++)
			uleb(&shape);
	}
	qsort(counts, found, sizeof *counts, compare);
	for (uint64_t i = 0; i < found; i++)
		if (!i || counts[i] != counts[i - 1])
			fprintf(stderr, " %llu", (unsigned long long)counts[i]);
}

static void print_function(const struct furlong_coverage_function *function)
{
	const uint8_t *shape = (const uint8_t *)&function->shape + function->shape;
	counters = (const uint64_t *)((const char *)&function->counters + function->counters);
	uleb(&shape);
	unsigned flags = (unsigned)uleb(&shape);
	int length = (int)uleb(&shape);
	fprintf(stderr, "%.*s %u", length, (const char *)shape, flags);
	if (function->counter_count)
		print_counts(shape + length);
	fputc('\n', stderr);
}

static void print_all(void)
{
	for (int m = 0; m < module_count; m++)
		for (const struct furlong_coverage_function *f = modules[m]->functions_begin;
			f < modules[m]->functions_end; f++)
			print_function(f);
}

__attribute__((visibility("default"))) void __furlong_coverage_module(
	uint32_t version, const struct furlong_coverage_module *module)
{
	if (version != FURLONG_ABI_VERSION)
		abort();
	if (!module_count)
		atexit(print_all);
	modules[module_count++] = module;
}
