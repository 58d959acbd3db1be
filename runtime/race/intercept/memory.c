/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * memory.c: memcpy and its family. Copying, moving and setting by instrumented code has been checked when it
 * comes here (the pass does it beside the call); the C++ libraries' has not. Comparing and searching comes
 * from both.
 *
 * The runtime's own calls come by here too, and go straight through. A test and a jump before the first
 * thread.
 */
#include "race/intercept.h"
#include "race/touch.h"

#include <string.h>
#include <strings.h>

#ifndef FL_STATIC

#define FROM_LIBRARY                                                                                         \
	(__builtin_expect(__furlong_race_self.mask != 0, 0) && !fl_race_depth &&                             \
		fl_caller_of(__builtin_return_address(0)) == FL_CALLER_LIBRARY)

/* The last argument of a __*_chk form is the room that the compiler knows of; the function behind looks at
 * it. */
#define COPY(watched, name, parameters, arguments)                                                           \
	FL_PUBLIC void *name parameters;                                                                     \
	FL_INTERCEPT(void *, name, name, parameters)                                                         \
	{                                                                                                    \
		if (watched) {                                                                               \
			FL_TOUCH_READ(from, size);                                                           \
			FL_TOUCH_WRITE(to, size);                                                            \
		}                                                                                            \
		return FL_REAL(name) arguments;                                                              \
	}
COPY(FROM_LIBRARY, memcpy, (void *restrict to, const void *restrict from, size_t size), (to, from, size))
COPY(FROM_LIBRARY, memmove, (void *to, const void *from, size_t size), (to, from, size))
COPY(FL_TOUCHING, mempcpy, (void *restrict to, const void *restrict from, size_t size), (to, from, size))
COPY(FL_TOUCHING, __mempcpy, (void *restrict to, const void *restrict from, size_t size), (to, from, size))
COPY(FL_TOUCHING, __memcpy_chk, (void *restrict to, const void *restrict from, size_t size, size_t room),
	(to, from, size, room))
COPY(FL_TOUCHING, __memmove_chk, (void *to, const void *from, size_t size, size_t room),
	(to, from, size, room))
COPY(FL_TOUCHING, __mempcpy_chk, (void *restrict to, const void *restrict from, size_t size, size_t room),
	(to, from, size, room))

FL_INTERCEPT(void, bcopy, bcopy, (const void *from, void *to, size_t size))
{
	if (FL_TOUCHING) {
		FL_TOUCH_READ(from, size);
		FL_TOUCH_WRITE(to, size);
	}
	FL_REAL(bcopy)(from, to, size);
}

#define SET(watched, result, name, parameters, arguments)                                                    \
	FL_PUBLIC result name parameters;                                                                    \
	FL_INTERCEPT(result, name, name, parameters)                                                         \
	{                                                                                                    \
		if (watched)                                                                                 \
			FL_TOUCH_WRITE(to, size);                                                            \
		return FL_REAL(name) arguments;                                                              \
	}
SET(FROM_LIBRARY, void *, memset, (void *to, int byte, size_t size), (to, byte, size))
SET(FL_TOUCHING, void *, __memset_chk, (void *to, int byte, size_t size, size_t room), (to, byte, size, room))
SET(FL_TOUCHING, void, bzero, (void *to, size_t size), (to, size))
SET(FL_TOUCHING, void, explicit_bzero, (void *to, size_t size), (to, size))
SET(FL_TOUCHING, void, __explicit_bzero_chk, (void *to, size_t size, size_t room), (to, size, room))

#define COMPARE(name)                                                                                        \
	FL_PUBLIC int name(const void *a, const void *b, size_t size);                                       \
	FL_INTERCEPT(int, name, name, (const void *a, const void *b, size_t size))                           \
	{                                                                                                    \
		if (FL_TOUCHING) {                                                                           \
			FL_TOUCH_READ(a, size);                                                              \
			FL_TOUCH_READ(b, size);                                                              \
		}                                                                                            \
		return FL_REAL(name)(a, b, size);                                                            \
	}
COMPARE(memcmp)
COMPARE(bcmp)

/* As far as the byte that was found. */
FL_INTERCEPT(void *, memchr, memchr, (const void *in, int byte, size_t size))
{
	char *found = FL_REAL(memchr)(in, byte, size);

	if (FL_TOUCHING)
		FL_TOUCH_READ(in, found ? (size_t)(found - (const char *)in) + 1 : size);
	return found;
}

FL_INTERCEPT(void *, memrchr, memrchr, (const void *in, int byte, size_t size))
{
	char *found = FL_REAL(memrchr)(in, byte, size);
	const char *from = found ? found : in;

	if (FL_TOUCHING)
		FL_TOUCH_READ(from, (size_t)((const char *)in + size - from));
	return found;
}

FL_INTERCEPT(void *, rawmemchr, rawmemchr, (const void *in, int byte))
{
	char *found = FL_REAL(rawmemchr)(in, byte);

	if (FL_TOUCHING)
		FL_TOUCH_READ(in, (size_t)(found - (const char *)in) + 1);
	return found;
}

FL_INTERCEPT(void *, memmem, memmem, (const void *in, size_t size, const void *what, size_t what_size))
{
	if (FL_TOUCHING) {
		FL_TOUCH_READ(in, size);
		FL_TOUCH_READ(what, what_size);
	}
	return FL_REAL(memmem)(in, size, what, what_size);
}

#endif
