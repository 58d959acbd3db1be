/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * memory.c: memcpy, memmove and memset. Those by instrumented code have been checked when they come here (the
 * pass does it beside the call); the C++ libraries' have not. All others are in libc_memory.def.
 *
 * The runtime's own calls come by here too, and go straight through. A test and a jump before the first
 * thread.
 */
#include "race/intercept.h"
#include "race/touch.h"

#include <string.h>

#ifndef FL_STATIC

#define FROM_LIBRARY                                                                                         \
	(__builtin_expect(__furlong_race_self.mask != 0, 0) && !fl_race_depth &&                             \
		fl_caller_of(__builtin_return_address(0)) == FL_CALLER_LIBRARY)

#define COPY(name, parameters, arguments)                                                                    \
	FL_INTERCEPT(void *, name, name, parameters)                                                         \
	{                                                                                                    \
		if (FROM_LIBRARY) {                                                                          \
			FL_TOUCH_READ(from, size);                                                           \
			FL_TOUCH_WRITE(to, size);                                                            \
		}                                                                                            \
		return FL_REAL(name) arguments;                                                              \
	}
COPY(memcpy, (void *restrict to, const void *restrict from, size_t size), (to, from, size))
COPY(memmove, (void *to, const void *from, size_t size), (to, from, size))

FL_INTERCEPT(void *, memset, memset, (void *to, int byte, size_t size))
{
	if (FROM_LIBRARY)
		FL_TOUCH_WRITE(to, size);
	return FL_REAL(memset)(to, byte, size);
}

#endif
