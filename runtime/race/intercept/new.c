/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * new.c: C++'s operators new and delete. The library's own do the work, and reach malloc and free; here the
 * line that asked for it gets its frame, which the library does not push.
 *
 * A program that replaces them is called instead of us.
 */
#include "race/intercept.h"
#include "race/touch.h"

#include <stddef.h>

#define NEW(name, parameters, arguments)                                                                     \
	FL_PUBLIC void *name parameters;                                                                     \
	FL_INTERCEPT(void *, name, name, parameters)                                                         \
	{                                                                                                    \
		struct furlong_race_frame *frame = fl_touch_push(__builtin_return_address(0));               \
		void *block = FL_REAL(name) arguments;                                                       \
                                                                                                             \
		fl_touch_pop(frame);                                                                         \
		return block;                                                                                \
	}
#define DELETE(name, parameters, arguments)                                                                  \
	FL_PUBLIC void name parameters;                                                                      \
	FL_INTERCEPT(void, name, name, parameters)                                                           \
	{                                                                                                    \
		struct furlong_race_frame *frame = fl_touch_push(__builtin_return_address(0));               \
                                                                                                             \
		FL_REAL(name) arguments;                                                                     \
		fl_touch_pop(frame);                                                                         \
	}

/* Names as the Itanium ABI spells them for 64 bits; "nothrow" is a reference. */
NEW(_Znwm, (size_t size), (size))
NEW(_Znam, (size_t size), (size))
NEW(_ZnwmRKSt9nothrow_t, (size_t size, const void *nothrow), (size, nothrow))
NEW(_ZnamRKSt9nothrow_t, (size_t size, const void *nothrow), (size, nothrow))
NEW(_ZnwmSt11align_val_t, (size_t size, size_t align), (size, align))
NEW(_ZnamSt11align_val_t, (size_t size, size_t align), (size, align))
NEW(_ZnwmSt11align_val_tRKSt9nothrow_t, (size_t size, size_t align, const void *nothrow), (size, align, nothrow))
NEW(_ZnamSt11align_val_tRKSt9nothrow_t, (size_t size, size_t align, const void *nothrow), (size, align, nothrow))
DELETE(_ZdlPv, (void *block), (block))
DELETE(_ZdaPv, (void *block), (block))
DELETE(_ZdlPvm, (void *block, size_t size), (block, size))
DELETE(_ZdaPvm, (void *block, size_t size), (block, size))
DELETE(_ZdlPvRKSt9nothrow_t, (void *block, const void *nothrow), (block, nothrow))
DELETE(_ZdaPvRKSt9nothrow_t, (void *block, const void *nothrow), (block, nothrow))
DELETE(_ZdlPvSt11align_val_t, (void *block, size_t align), (block, align))
DELETE(_ZdaPvSt11align_val_t, (void *block, size_t align), (block, align))
DELETE(_ZdlPvmSt11align_val_t, (void *block, size_t size, size_t align), (block, size, align))
DELETE(_ZdaPvmSt11align_val_t, (void *block, size_t size, size_t align), (block, size, align))
DELETE(_ZdlPvSt11align_val_tRKSt9nothrow_t, (void *block, size_t align, const void *nothrow), (block, align, nothrow))
DELETE(_ZdaPvSt11align_val_tRKSt9nothrow_t, (void *block, size_t align, const void *nothrow), (block, align, nothrow))
