/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * abi.h: the whole contract between compiled code and the runtime.
 *
 * Plain C: the pass derives LLVM types from these very declarations, so there is no second list of
 * signatures or layouts. Included by pass/, runtime/ and test/ only; includes <stdint.h> only.
 *
 * Rules. Only void, pointers and integers cross. Every name starts with __furlong_ or furlong_.
 * Adding is allowed; changing anything bumps FURLONG_ABI_VERSION, and the runtime then refuses the
 * module in one line and leaves the program alone.
 */
#ifndef FURLONG_ABI_H
#define FURLONG_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FURLONG_ABI_VERSION 1

/* ---- coverage ---------------------------------------------------------------------------------
 *
 * An instrumented object contributes to four sections. The linker concatenates them; the hidden
 * __start_NAME/__stop_NAME symbols bound them in each module (executable or shared object).
 *
 *   furlong_cnt   uint64_t counters, zero at start. Code adds to *(counter + delta), where delta is
 *                 the running thread's: its GS base on x86-64, __furlong_coverage_delta elsewhere.
 *                 With delta 0 that is the section itself, which is what code that runs before the
 *                 runtime knows the thread writes to.
 *   furlong_fn    one struct furlong_coverage_function per function, in the function's COMDAT twin
 *   furlong_map   byte strings that those point to: shapes and file tables (format.h, "shape")
 *   furlong_id    one uint64_t per translation unit: a hash of everything it put into furlong_map
 */
#define FURLONG_SECTION_COUNTERS  "furlong_cnt"
#define FURLONG_SECTION_FUNCTIONS "furlong_fn"
#define FURLONG_SECTION_MAP       "furlong_map"
#define FURLONG_SECTION_IDS       "furlong_id"

/* A function's entry. The three references are relative: target address minus the address of the
 * field itself, so that the section needs no dynamic relocation and reads the same from a file. */
struct furlong_coverage_function {
	int64_t counters; /* -> its first counter in furlong_cnt; 0 when counter_count is 0 */
	int64_t shape;    /* -> its shape in furlong_map */
	int64_t files;    /* -> its translation unit's file table in furlong_map */
	uint32_t counter_count;
	uint32_t reserved; /* 0 */
};

/* What a module hands over, once, from a constructor that runs before the module's others. */
struct furlong_coverage_module {
	uint64_t *counters_begin, *counters_end;
	const struct furlong_coverage_function *functions_begin, *functions_end;
	const uint8_t *map_begin, *map_end;
	const uint64_t *ids_begin, *ids_end;
};

/* Registers a module; `module` must live as long as the module is loaded. */
void __furlong_coverage_module(uint32_t abi_version, const struct furlong_coverage_module *module);

/* The TLS form of the thread's delta, for code built where GS is not ours to use. Bytes. */
extern __thread intptr_t __furlong_coverage_delta;

#ifdef __cplusplus
}
#endif
#endif
