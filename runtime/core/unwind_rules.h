/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * unwind_rules.h: inside unwind*.c only: a function's entry, opened up.
 */
#ifndef FL_CORE_UNWIND_RULES_H
#define FL_CORE_UNWIND_RULES_H

#include "core/maps.h"
#include "core/sys.h"

struct fl_unwind_bytes {
	uintptr_t at, end;
};

struct fl_unwind_function {
	uintptr_t begin;
	uint64_t code_factor;
	int64_t data_factor;
	unsigned return_register;
	uint8_t encoding;
	bool has_augmentation, is_signal;
	struct fl_unwind_bytes common, own; /* instructions */
};

uint64_t fl_unwind_uleb(struct fl_unwind_bytes *in);
int64_t fl_unwind_sleb(struct fl_unwind_bytes *in);
uint64_t fl_unwind_fixed(struct fl_unwind_bytes *in, size_t size);

/* From the registers within a function at `pc` to its caller's. False at the outermost, with pc 0, and where
 * the rules say what cannot be. */
bool fl_unwind_caller(const struct fl_maps *maps, const struct fl_unwind_function *function, uintptr_t pc,
	struct fl_sys_registers *registers);

#endif
