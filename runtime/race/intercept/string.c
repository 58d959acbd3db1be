/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * string.c: the str* functions: what they read and write, no further than they must.
 */
#include "race/intercept.h"
#include "race/touch.h"

#include <string.h>
#include <strings.h>

#ifndef FL_STATIC

/* ---- that only read ---- */

FL_INTERCEPT(size_t, strlen, strlen, (const char *s))
{
	size_t length = FL_REAL(strlen)(s);

	if (FL_TOUCHING)
		FL_TOUCH_READ(s, length + 1);
	return length;
}

FL_INTERCEPT(size_t, strnlen, strnlen, (const char *s, size_t limit))
{
	size_t length = FL_REAL(strnlen)(s, limit);

	if (FL_TOUCHING)
		FL_TOUCH_READ(s, length < limit ? length + 1 : limit);
	return length;
}

/* Of a string that ends at `limit` bytes at the latest. */
static size_t bytes_within(const char *s, size_t limit)
{
	size_t length = FL_REAL(strnlen)(s, limit);

	return length < limit ? length + 1 : limit;
}

static unsigned char fold_none(char c)
{
	return (unsigned char)c;
}

/* The ASCII letters only: where the locale says more, the reading stops earlier here. */
static unsigned char fold_case(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static size_t bytes_compared(const char *a, const char *b, size_t limit, unsigned char (*alike)(char))
{
	for (size_t i = 0; i < limit; i++)
		if (!a[i] || alike(a[i]) != alike(b[i]))
			return i + 1;
	return limit;
}

#define COMPARE_STRINGS(name, folded, limit, parameters, arguments)                                          \
	FL_INTERCEPT(int, name, name, parameters)                                                            \
	{                                                                                                    \
		if (FL_TOUCHING) {                                                                           \
			size_t bytes = bytes_compared(a, b, limit, folded);                                  \
                                                                                                             \
			FL_TOUCH_READ(a, bytes);                                                             \
			FL_TOUCH_READ(b, bytes);                                                             \
		}                                                                                            \
		return FL_REAL(name) arguments;                                                              \
	}
COMPARE_STRINGS(strcmp, fold_none, SIZE_MAX, (const char *a, const char *b), (a, b))
COMPARE_STRINGS(strncmp, fold_none, limit, (const char *a, const char *b, size_t limit), (a, b, limit))
COMPARE_STRINGS(strcasecmp, fold_case, SIZE_MAX, (const char *a, const char *b), (a, b))
COMPARE_STRINGS(strncasecmp, fold_case, limit, (const char *a, const char *b, size_t limit), (a, b, limit))

#define FIND_CHARACTER(name)                                                                                 \
	FL_INTERCEPT(char *, name, name, (const char *s, int c))                                             \
	{                                                                                                    \
		char *found = FL_REAL(name)(s, c);                                                           \
                                                                                                             \
		if (FL_TOUCHING)                                                                             \
			FL_TOUCH_READ(s, found ? (size_t)(found - s) + 1 : FL_REAL(strlen)(s) + 1);          \
		return found;                                                                                \
	}
FIND_CHARACTER(strchr)
FIND_CHARACTER(index)
FIND_CHARACTER(strchrnul)

#define FIND_FROM_END(name)                                                                                  \
	FL_INTERCEPT(char *, name, name, (const char *s, int c))                                             \
	{                                                                                                    \
		if (FL_TOUCHING)                                                                             \
			FL_TOUCH_READ(s, FL_REAL(strlen)(s) + 1);                                            \
		return FL_REAL(name)(s, c);                                                                  \
	}
FIND_FROM_END(strrchr)
FIND_FROM_END(rindex)

#define FIND_STRING(result, name)                                                                            \
	FL_INTERCEPT(result, name, name, (const char *s, const char *what))                                  \
	{                                                                                                    \
		if (FL_TOUCHING) {                                                                           \
			FL_TOUCH_READ(s, FL_REAL(strlen)(s) + 1);                                            \
			FL_TOUCH_READ(what, FL_REAL(strlen)(what) + 1);                                      \
		}                                                                                            \
		return FL_REAL(name)(s, what);                                                               \
	}
FIND_STRING(char *, strstr)
FIND_STRING(char *, strcasestr)
FIND_STRING(char *, strpbrk)
FIND_STRING(size_t, strspn)
FIND_STRING(size_t, strcspn)

/* ---- that write ---- */

#define COPY_STRING(name, parameters, arguments)                                                             \
	FL_PUBLIC char *name parameters;                                                                     \
	FL_INTERCEPT(char *, name, name, parameters)                                                         \
	{                                                                                                    \
		if (FL_TOUCHING) {                                                                           \
			size_t bytes = FL_REAL(strlen)(from) + 1;                                            \
                                                                                                             \
			FL_TOUCH_READ(from, bytes);                                                          \
			FL_TOUCH_WRITE(to, bytes);                                                           \
		}                                                                                            \
		return FL_REAL(name) arguments;                                                              \
	}
COPY_STRING(strcpy, (char *restrict to, const char *restrict from), (to, from))
COPY_STRING(stpcpy, (char *restrict to, const char *restrict from), (to, from))
COPY_STRING(__strcpy_chk, (char *restrict to, const char *restrict from, size_t room), (to, from, room))
COPY_STRING(__stpcpy_chk, (char *restrict to, const char *restrict from, size_t room), (to, from, room))

/* All of `size` is written. */
#define COPY_WITHIN(name, parameters, arguments)                                                             \
	FL_PUBLIC char *name parameters;                                                                     \
	FL_INTERCEPT(char *, name, name, parameters)                                                         \
	{                                                                                                    \
		if (FL_TOUCHING) {                                                                           \
			FL_TOUCH_READ(from, bytes_within(from, size));                                       \
			FL_TOUCH_WRITE(to, size);                                                            \
		}                                                                                            \
		return FL_REAL(name) arguments;                                                              \
	}
COPY_WITHIN(strncpy, (char *restrict to, const char *restrict from, size_t size), (to, from, size))
COPY_WITHIN(stpncpy, (char *restrict to, const char *restrict from, size_t size), (to, from, size))
COPY_WITHIN(__strncpy_chk, (char *restrict to, const char *restrict from, size_t size, size_t room),
	(to, from, size, room))
COPY_WITHIN(__stpncpy_chk, (char *restrict to, const char *restrict from, size_t size, size_t room),
	(to, from, size, room))

#define APPEND_STRING(name, limit, parameters, arguments)                                                    \
	FL_PUBLIC char *name parameters;                                                                     \
	FL_INTERCEPT(char *, name, name, parameters)                                                         \
	{                                                                                                    \
		if (FL_TOUCHING) {                                                                           \
			size_t before = FL_REAL(strlen)(to), length = FL_REAL(strnlen)(from, limit);         \
                                                                                                             \
			FL_TOUCH_READ(to, before + 1);                                                       \
			FL_TOUCH_READ(from, bytes_within(from, limit));                                      \
			FL_TOUCH_WRITE(to + before, length + 1);                                             \
		}                                                                                            \
		return FL_REAL(name) arguments;                                                              \
	}
APPEND_STRING(strcat, SIZE_MAX, (char *restrict to, const char *restrict from), (to, from))
APPEND_STRING(strncat, size, (char *restrict to, const char *restrict from, size_t size), (to, from, size))
APPEND_STRING(
	__strcat_chk, SIZE_MAX, (char *restrict to, const char *restrict from, size_t room), (to, from, room))
APPEND_STRING(__strncat_chk, size, (char *restrict to, const char *restrict from, size_t size, size_t room),
	(to, from, size, room))

/* ---- that allocate: the caller's line gets its frame, below malloc's ---- */

#define DUPLICATE(name, limit, parameters, arguments)                                                        \
	FL_PUBLIC char *name parameters;                                                                     \
	FL_INTERCEPT(char *, name, name, parameters)                                                         \
	{                                                                                                    \
		struct furlong_race_frame *frame = fl_touch_push(__builtin_return_address(0));               \
		char *copy = FL_REAL(name) arguments;                                                        \
                                                                                                             \
		fl_touch_pop(frame);                                                                         \
		if (copy && FL_TOUCHING) {                                                                   \
			FL_TOUCH_READ(from, bytes_within(from, limit));                                      \
			FL_TOUCH_WRITE(copy, FL_REAL(strlen)(copy) + 1);                                     \
		}                                                                                            \
		return copy;                                                                                 \
	}
DUPLICATE(strdup, SIZE_MAX, (const char *from), (from))
DUPLICATE(__strdup, SIZE_MAX, (const char *from), (from))
DUPLICATE(strndup, limit, (const char *from, size_t limit), (from, limit))
DUPLICATE(__strndup, limit, (const char *from, size_t limit), (from, limit))

#endif
