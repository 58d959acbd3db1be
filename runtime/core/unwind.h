/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * unwind.h: from a thread's registers to the calls in progress, by the tables that exceptions use. Reads only
 * what maps.h says can be read, so a spoilt stack ends the walk and nothing else.
 */
#ifndef FL_CORE_UNWIND_H
#define FL_CORE_UNWIND_H

#include "core/maps.h"
#include "core/sys.h"

struct fl_frame_place {
	uintptr_t pc;       /* of the instruction, or for a caller of the last byte of its call */
	uintptr_t function; /* where the function begins; 0: not known */
	uintptr_t place;    /* where its return address lies, as abi.h says it; 0: not known */
};

/* Innermost first; returns how many. *cut: there are more, or nobody can tell. */
size_t fl_unwind(const struct fl_maps *maps, const struct fl_sys_registers *from,
	struct fl_frame_place *frames, size_t limit, bool *cut);

#endif
