/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * handmade.h: an instrumented module without the pass, per abi.h: COUNT(i) adds one to the module's counter
 * i.
 *
 * HANDMADE_TLS selects the TLS form of the addressing. Included once per module, by one translation unit.
 * HANDMADE_ID tells modules with equal tables apart.
 */
#ifndef HANDMADE_H
#define HANDMADE_H

#include "furlong/abi.h"

#include <stdint.h>

#ifndef HANDMADE_COUNTERS
#define HANDMADE_COUNTERS 8
#endif
#ifndef HANDMADE_ID
#define HANDMADE_ID 1
#endif
#ifndef HANDMADE_ABI
#define HANDMADE_ABI FURLONG_ABI_VERSION
#endif

#define HANDMADE_TEXT_(x) #x
#define HANDMADE_TEXT(x)  HANDMADE_TEXT_(x)

/* One function entry with an empty file table and a shape of that name without regions. */
__asm__(".pushsection furlong_fn,\"a\",@progbits\n"
	".p2align 3\n"
	".quad handmade_counters - .\n"
	".quad handmade_shape - .\n"
	".quad handmade_files - .\n"
	".long " HANDMADE_TEXT(
		HANDMADE_COUNTERS) ", 0\n"
				   ".popsection\n"
				   ".pushsection furlong_map,\"a\",@progbits\n"
				   "handmade_files: .byte 0\n"
				   "handmade_shape: .byte 1, 0, 8\n"
				   ".ascii \"handmade\"\n"
				   ".byte 0, 0, 0\n"
				   ".popsection\n"
				   ".pushsection furlong_id,\"a\",@progbits\n"
				   ".p2align 3\n"
				   ".quad " HANDMADE_TEXT(
					   HANDMADE_ID) "\n"
							".popsection\n"
							".pushsection furlong_cnt,\"aw\",@progbits\n"
							".p2align 3\n"
							".local handmade_counters\n"
							"handmade_counters: .zero 8*" HANDMADE_TEXT(
								HANDMADE_COUNTERS) "\n"
										   ".popsection\n");

extern uint64_t handmade_counters[HANDMADE_COUNTERS] __attribute__((visibility("hidden")));

#define HANDMADE_BOUND(type, name)                                                                           \
	extern type __start_##name[] __attribute__((visibility("hidden")));                                  \
	extern type __stop_##name[] __attribute__((visibility("hidden")))
HANDMADE_BOUND(uint64_t, furlong_cnt);
HANDMADE_BOUND(const struct furlong_coverage_function, furlong_fn);
HANDMADE_BOUND(const uint8_t, furlong_map);
HANDMADE_BOUND(const uint64_t, furlong_id);

#if defined(HANDMADE_TLS) || !defined(__x86_64__)
#define COUNT(i)                                                                                             \
	(++*(volatile uint64_t *)((uintptr_t)&handmade_counters[i] + (uintptr_t)__furlong_coverage_delta))
#else
#define COUNT(i) __asm__ volatile("incq %%gs:%0" : "+m"(handmade_counters[i]))
#endif

__attribute__((constructor(101))) static void handmade_register(void)
{
	static struct furlong_coverage_module module;

	module = (struct furlong_coverage_module){
		.counters_begin = __start_furlong_cnt,
		.counters_end = __stop_furlong_cnt,
		.functions_begin = __start_furlong_fn,
		.functions_end = __stop_furlong_fn,
		.map_begin = __start_furlong_map,
		.map_end = __stop_furlong_map,
		.ids_begin = __start_furlong_id,
		.ids_end = __stop_furlong_id,
	};
	__furlong_coverage_module(HANDMADE_ABI, &module);
}

#endif
