/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * stub_runtime.c: the least runtime there can be, so that the pass is tested by itself. Counts where no
 * delta is set, in the sections, and prints one line per function at exit: NAME FLAGS COUNTER...
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

static void print_function(const struct furlong_coverage_function *function)
{
	const uint8_t *shape = (const uint8_t *)&function->shape + function->shape;
	const uint64_t *counters = (const uint64_t *)((const char *)&function->counters + function->counters);
	uleb(&shape);
	unsigned flags = (unsigned)uleb(&shape);
	int length = (int)uleb(&shape);
	fprintf(stderr, "%.*s %u", length, (const char *)shape, flags);
	for (uint32_t i = 0; i < function->counter_count; i++)
		fprintf(stderr, " %llu", (unsigned long long)counters[i]);
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
