/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * new.c: C++'s operators new and delete. The library's own do the work, and reach malloc and free; here the
 * line that asked for it gets its frame, which the library does not push.
 *
 * A library that is linked into the program is not behind us, and one that a C program loads later may not
 * be: its operators are left out for ours, and the work is done here, as the standard has it. A program that
 * replaces them is called instead of us.
 */
#include "core/print.h"
#include "race/intercept.h"
#include "race/touch.h"

#include <stddef.h>
#include <stdlib.h>

/* Of the C++ library, where the program has one. */
void (*_ZSt15get_new_handlerv(void))(void) __attribute__((weak));
void _ZSt17__throw_bad_allocv(void) __attribute__((weak));

/* No memory: whoever was set to make room does it, returns, and is asked again; or it is bad_alloc. */
static bool new_made_room(bool quiet)
{
	void (*handler)(void) = _ZSt15get_new_handlerv ? _ZSt15get_new_handlerv() : NULL;

	if (handler) {
		handler();
		return true;
	}
	if (quiet)
		return false;
	if (_ZSt17__throw_bad_allocv)
		_ZSt17__throw_bad_allocv();
	fl_print_message("operator new: out of memory, and no C++ library here that throws std::bad_alloc");
	abort();
}

static void *new_take(size_t size, size_t align, bool quiet)
{
	void *block;

	do {
		if (!align)
			block = malloc(size ? size : 1);
		else if (size > SIZE_MAX - align)
			block = NULL;
		else
			block = aligned_alloc(align, size ? (size + align - 1) & ~(align - 1) : align);
	} while (!block && new_made_room(quiet));
	return block;
}

/* Those that are in a static program come from here; in others, what the library has. */
#ifdef FL_STATIC
#define NEW_STANDS(result, name, parameters) FL_PUBLIC __attribute__((weak)) result name parameters
#define NEW_BEHIND(name)                     new_own_##name
#else
#define NEW_STANDS(result, name, parameters) FL_INTERCEPT(result, name, name, parameters)
#define NEW_BEHIND(name)                                                                                     \
	(FL_REAL(name) ? real_##name                                                                         \
		       : (__atomic_store_n(&real_##name, new_own_##name, __ATOMIC_RELAXED), new_own_##name))
#endif

#define NEW(name, parameters, arguments, own)                                                                \
	FL_PUBLIC void *name parameters;                                                                     \
	static void *new_own_##name parameters                                                               \
	{                                                                                                    \
		return own;                                                                                  \
	}                                                                                                    \
	NEW_STANDS(void *, name, parameters)                                                                 \
	{                                                                                                    \
		struct furlong_race_frame *frame = fl_touch_push(__builtin_return_address(0));               \
		void *block = NEW_BEHIND(name) arguments;                                                    \
                                                                                                             \
		fl_touch_pop(frame);                                                                         \
		return block;                                                                                \
	}
#define DELETE(name, parameters, arguments, own)                                                             \
	FL_PUBLIC void name parameters;                                                                      \
	static void new_own_##name parameters                                                                \
	{                                                                                                    \
		own;                                                                                         \
	}                                                                                                    \
	NEW_STANDS(void, name, parameters)                                                                   \
	{                                                                                                    \
		struct furlong_race_frame *frame = fl_touch_push(__builtin_return_address(0));               \
                                                                                                             \
		NEW_BEHIND(name) arguments;                                                                  \
		fl_touch_pop(frame);                                                                         \
	}

/* Names as the Itanium ABI spells them for 64 bits; "nothrow" is a reference. Each form asks the one that the
 * standard says, which the program may have replaced; only the quiet ones go by their own means. */
NEW(_Znwm, (size_t size), (size), new_take(size, 0, false))
NEW(_Znam, (size_t size), (size), _Znwm(size))
NEW(_ZnwmRKSt9nothrow_t, (size_t size, const void *nothrow), (size, nothrow),
	((void)nothrow, new_take(size, 0, true)))
NEW(_ZnamRKSt9nothrow_t, (size_t size, const void *nothrow), (size, nothrow),
	_ZnwmRKSt9nothrow_t(size, nothrow))
NEW(_ZnwmSt11align_val_t, (size_t size, size_t align), (size, align), new_take(size, align, false))
NEW(_ZnamSt11align_val_t, (size_t size, size_t align), (size, align), _ZnwmSt11align_val_t(size, align))
NEW(_ZnwmSt11align_val_tRKSt9nothrow_t, (size_t size, size_t align, const void *nothrow),
	(size, align, nothrow), ((void)nothrow, new_take(size, align, true)))
NEW(_ZnamSt11align_val_tRKSt9nothrow_t, (size_t size, size_t align, const void *nothrow),
	(size, align, nothrow), _ZnwmSt11align_val_tRKSt9nothrow_t(size, align, nothrow))
DELETE(_ZdlPv, (void *block), (block), free(block))
DELETE(_ZdaPv, (void *block), (block), _ZdlPv(block))
DELETE(_ZdlPvm, (void *block, size_t size), (block, size), ((void)size, _ZdlPv(block)))
DELETE(_ZdaPvm, (void *block, size_t size), (block, size), ((void)size, _ZdaPv(block)))
DELETE(_ZdlPvRKSt9nothrow_t, (void *block, const void *nothrow), (block, nothrow),
	((void)nothrow, _ZdlPv(block)))
DELETE(_ZdaPvRKSt9nothrow_t, (void *block, const void *nothrow), (block, nothrow),
	((void)nothrow, _ZdaPv(block)))
DELETE(_ZdlPvSt11align_val_t, (void *block, size_t align), (block, align), ((void)align, free(block)))
DELETE(_ZdaPvSt11align_val_t, (void *block, size_t align), (block, align),
	_ZdlPvSt11align_val_t(block, align))
DELETE(_ZdlPvmSt11align_val_t, (void *block, size_t size, size_t align), (block, size, align),
	((void)size, _ZdlPvSt11align_val_t(block, align)))
DELETE(_ZdaPvmSt11align_val_t, (void *block, size_t size, size_t align), (block, size, align),
	((void)size, _ZdaPvSt11align_val_t(block, align)))
DELETE(_ZdlPvSt11align_val_tRKSt9nothrow_t, (void *block, size_t align, const void *nothrow),
	(block, align, nothrow), ((void)nothrow, _ZdlPvSt11align_val_t(block, align)))
DELETE(_ZdaPvSt11align_val_tRKSt9nothrow_t, (void *block, size_t align, const void *nothrow),
	(block, align, nothrow), ((void)nothrow, _ZdaPvSt11align_val_t(block, align)))
