/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * libc_format.c: printf and scanf, and what their formats say of memory: strings that are read, places that
 * are written. A format that numbers its arguments is not followed, nor what comes behind a long double.
 */
#include "race/intercept/libc.h"
#include "race/sys_variadic.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnonnull-compare"
#pragma GCC diagnostic ignored "-Wmissing-attributes"

#define FORMAT_LIMIT 64

struct found {
	size_t count;
	struct {
		const void *at;
		size_t bytes;
	} item[FORMAT_LIMIT];
};

static void found_add(struct found *found, const void *at, size_t bytes)
{
	if (at && bytes && found->count < FORMAT_LIMIT) {
		found->item[found->count].at = at;
		found->item[found->count++].bytes = bytes;
	}
}

/* The caller's own call of fl_touch is what a report names. */
#define TOUCH_FOUND(touch, found)                                                                            \
	for (size_t i = 0; i < (found).count; i++)                                                           \
		touch((found).item[i].at, (found).item[i].bytes);

enum format_size {
	SIZE_INT,
	SIZE_CHAR,
	SIZE_SHORT,
	SIZE_LONG,
	SIZE_LONG_DOUBLE,
};

/* hh, h, l, ll, j, z, t, q, L. */
static enum format_size format_size(const char **at)
{
	enum format_size size = SIZE_INT;

	for (;; ++*at)
		switch (**at) {
		case 'h':
			size = size == SIZE_SHORT ? SIZE_CHAR : SIZE_SHORT;
			break;
		case 'l':
		case 'j':
		case 'z':
		case 't':
		case 'q':
			size = SIZE_LONG;
			break;
		case 'L':
			size = SIZE_LONG_DOUBLE;
			break;
		default:
			return size;
		}
}

static size_t format_bytes(enum format_size size)
{
	switch (size) {
	case SIZE_CHAR:
		return 1;
	case SIZE_SHORT:
		return 2;
	case SIZE_LONG:
	case SIZE_LONG_DOUBLE:
		return 8;
	case SIZE_INT:
		break;
	}
	return 4;
}

static size_t digits(const char **at)
{
	size_t number = 0;

	for (; **at >= '0' && **at <= '9'; ++*at)
		number = number * 10 + (size_t)(**at - '0');
	return number;
}

#ifdef FL_VARIADIC

static void found_string(struct found *found, const void *s, enum format_size size, size_t limit)
{
	if (!s || !limit)
		return;
	if (size == SIZE_LONG)
		found_add(found, s, (at_most(wide_within(s, limit), limit - 1) + 1) * sizeof(wchar_t));
	else
		found_add(found, s, at_most(length_within(s, limit), limit - 1) + 1);
}

/* Behind a '%'. False: what comes next cannot be told. */
FL_VARIADIC static bool found_printed(struct found *found, const char **at, va_list *list)
{
	size_t limit = SIZE_MAX;
	enum format_size size;

	while (**at && __builtin_strchr("-+ #0'I", **at))
		++*at;
	if (**at == '*') {
		(void)va_arg(*list, int);
		++*at;
	}
	digits(at);
	if (**at == '$')
		return false;
	if (**at == '.') {
		++*at;
		limit = digits(at);
		if (**at == '*') {
			int given = va_arg(*list, int);

			limit = given < 0 ? SIZE_MAX : (size_t)given;
			++*at;
		}
	}
	size = format_size(at);
	switch (*(*at)++) {
	case '%':
	case 'm':
		return true;
	case 'd':
	case 'i':
	case 'o':
	case 'u':
	case 'x':
	case 'X':
	case 'c':
	case 'C':
		if (size == SIZE_LONG || size == SIZE_LONG_DOUBLE)
			(void)va_arg(*list, long);
		else
			(void)va_arg(*list, int);
		return true;
	case 's':
		found_string(found, va_arg(*list, const void *), size, limit);
		return true;
	case 'S':
		found_string(found, va_arg(*list, const void *), SIZE_LONG, limit);
		return true;
	case 'p':
	case 'n':
		(void)va_arg(*list, void *);
		return true;
	case 'a':
	case 'A':
	case 'e':
	case 'E':
	case 'f':
	case 'F':
	case 'g':
	case 'G':
		if (size == SIZE_LONG_DOUBLE)
			return false;
		(void)va_arg(*list, double);
		return true;
	default:
		return false;
	}
}

FL_VARIADIC static void format_printed(struct found *found, const char *format, va_list from)
{
	bool known = true;
	va_list list;

	found->count = 0;
	found_add(found, format, length_of(format) + 1);
	va_copy(list, from);
	while (known && *format)
		if (*format++ == '%')
			known = found_printed(found, &format, &list);
	va_end(list);
}

/* What was written, with its end: no more than there was room for. */
static size_t printed(int length, size_t room)
{
	return length < 0 ? 0 : at_most((size_t)length + 1, room);
}

/* One of two forms: `behind` takes a list and is the one that is called. */
#define PRINTS(name, behind, parameters, list_parameters, arguments, before, after)                          \
	FL_LIBC_BEHIND(int, behind, list_parameters)                                                         \
	FL_PUBLIC FL_VARIADIC int FL_LIBC_NAME(behind) list_parameters                                       \
	{                                                                                                    \
		struct furlong_race_frame *frame;                                                            \
		int got;                                                                                     \
                                                                                                             \
		IF(FL_TOUCHING, struct found found; format_printed(&found, format, list);                    \
			TOUCH_FOUND(FL_TOUCH_READ, found))                                                   \
		before frame = fl_touch_push(__builtin_return_address(0));                                   \
		got = FL_REAL(behind) arguments;                                                             \
		fl_touch_pop(frame);                                                                         \
		after return got;                                                                            \
	}                                                                                                    \
	FL_LIBC_BESIDE(int, name, parameters)                                                                \
	FL_PUBLIC FL_VARIADIC int FL_LIBC_NAME(name) parameters                                              \
	{                                                                                                    \
		struct furlong_race_frame *frame;                                                            \
		va_list list;                                                                                \
		int got;                                                                                     \
                                                                                                             \
		va_start(list, format);                                                                      \
		IF(FL_TOUCHING, struct found found; format_printed(&found, format, list);                    \
			TOUCH_FOUND(FL_TOUCH_READ, found))                                                   \
		before frame = fl_touch_push(__builtin_return_address(0));                                   \
		got = FL_REAL(behind) arguments;                                                             \
		fl_touch_pop(frame);                                                                         \
		va_end(list);                                                                                \
		after return got;                                                                            \
	}

PRINTS(printf, vprintf, (const char *format, ...), (const char *format, va_list list), (format, list),
	PUTS(stdout), )
PRINTS(__printf_chk, __vprintf_chk, (int flag, const char *format, ...),
	(int flag, const char *format, va_list list), (flag, format, list), PUTS(stdout), )
PRINTS(fprintf, vfprintf, (FILE * file, const char *format, ...),
	(FILE * file, const char *format, va_list list), (file, format, list), PUTS(file), )
PRINTS(__fprintf_chk, __vfprintf_chk, (FILE * file, int flag, const char *format, ...),
	(FILE * file, int flag, const char *format, va_list list), (file, flag, format, list), PUTS(file), )
PRINTS(dprintf, vdprintf, (int fd, const char *format, ...), (int fd, const char *format, va_list list),
	(fd, format, list), SENDS(fd), )
PRINTS(__dprintf_chk, __vdprintf_chk, (int fd, int flag, const char *format, ...),
	(int fd, int flag, const char *format, va_list list), (fd, flag, format, list), SENDS(fd), )
PRINTS(sprintf, vsprintf, (char *to, const char *format, ...), (char *to, const char *format, va_list list),
	(to, format, list), , W(to, printed(got, SIZE_MAX)))
PRINTS(__sprintf_chk, __vsprintf_chk, (char *to, int flag, size_t known, const char *format, ...),
	(char *to, int flag, size_t known, const char *format, va_list list), (to, flag, known, format, list),
	, W(to, printed(got, SIZE_MAX)))
PRINTS(snprintf, vsnprintf, (char *to, size_t room, const char *format, ...),
	(char *to, size_t room, const char *format, va_list list), (to, room, format, list), ,
	W(to, printed(got, room)))
PRINTS(__snprintf_chk, __vsnprintf_chk,
	(char *to, size_t room, int flag, size_t known, const char *format, ...),
	(char *to, size_t room, int flag, size_t known, const char *format, va_list list),
	(to, room, flag, known, format, list), , W(to, printed(got, room)))
PRINTS(asprintf, vasprintf, (char **to, const char *format, ...),
	(char **to, const char *format, va_list list), (to, format, list), ,
	IF(got >= 0, WO(to) W(*to, (size_t)got + 1)))
PRINTS(__asprintf_chk, __vasprintf_chk, (char **to, int flag, const char *format, ...),
	(char **to, int flag, const char *format, va_list list), (to, flag, format, list), ,
	IF(got >= 0, WO(to) W(*to, (size_t)got + 1)))

#endif

/* ---- scanf ---- */

/* "[...]": behind it. */
static const char *behind_set(const char *at)
{
	at += *at == '^';
	at += *at == ']';
	while (*at && *at != ']')
		at++;
	return *at ? at + 1 : at;
}

static void scanned_text(struct found *found, void *to, enum format_size size, bool allocates)
{
	if (allocates)
		found_add(found, to, sizeof(char *));
	else if (size == SIZE_LONG)
		found_add(found, to, (wide_length(to) + 1) * sizeof(wchar_t));
	else
		found_add(found, to, length_of(to) + 1);
}

/* Behind a '%'. How many of those that count it was; -1: what comes next cannot be told. */
static int found_scanned(struct found *found, const char **at, va_list *list)
{
	bool ignored = **at == '*', allocates;
	size_t width;
	enum format_size size;
	char what;
	void *to;

	*at += ignored;
	width = digits(at);
	if (**at == '$')
		return -1;
	allocates = **at == 'm';
	*at += allocates;
	size = format_size(at);
	what = *(*at)++;
	if (what == '[')
		*at = behind_set(*at);
	if (what == '%' || ignored)
		return 0;
	if (!what || !__builtin_strchr("diouxXpnaAeEfFgGcCsS[", what))
		return -1;
	to = va_arg(*list, void *);
	if (what == 's' || what == 'S' || what == '[')
		scanned_text(found, to, what == 'S' ? SIZE_LONG : size, allocates);
	else if (what == 'c' || what == 'C')
		found_add(found, to,
			allocates ? sizeof(char *)
				  : (width ? width : 1) * (size == SIZE_LONG || what == 'C' ? 4 : 1));
	else if (what == 'p')
		found_add(found, to, sizeof(void *));
	else if (__builtin_strchr("aAeEfFgG", what))
		found_add(found, to, size == SIZE_LONG_DOUBLE ? 16 : format_bytes(size));
	else
		found_add(found, to, format_bytes(size));
	return what != 'n';
}

/* After the call, which assigned so many. */
static void format_scanned(struct found *found, const char *format, va_list from, int assigned)
{
	va_list list;

	found->count = 0;
	va_copy(list, from);
	while (*format && assigned > 0) {
		int counted;

		if (*format++ != '%')
			continue;
		counted = found_scanned(found, &format, &list);
		if (counted < 0)
			break;
		assigned -= counted;
	}
	va_end(list);
}

#define SCANS_ONE(name, parameters, behind, arguments, start, end, after)                                    \
	FL_PUBLIC int FL_LIBC_NAME(name) parameters                                                          \
	{                                                                                                    \
		struct furlong_race_frame *frame;                                                            \
		va_list after_call;                                                                          \
		int got;                                                                                     \
                                                                                                             \
		start va_copy(after_call, list);                                                             \
		frame = fl_touch_push(__builtin_return_address(0));                                          \
		got = FL_REAL(behind) arguments;                                                             \
		fl_touch_pop(frame);                                                                         \
		RS(format)                                                                                   \
		IF(FL_TOUCHING &&got > 0, struct found found;                                                \
			format_scanned(&found, format, after_call, got); TOUCH_FOUND(FL_TOUCH_WRITE, found)) \
		va_end(after_call);                                                                          \
		end after return got;                                                                        \
	}
#define SCANS(name, behind, parameters, list_parameters, arguments, after)                                   \
	FL_LIBC_BEHIND(int, behind, list_parameters)                                                         \
	SCANS_ONE(behind, list_parameters, behind, arguments, , , after)                                     \
	FL_LIBC_BESIDE(int, name, parameters)                                                                \
	SCANS_ONE(name, parameters, behind, arguments, va_list list; va_start(list, format);, va_end(list);  \
		  , after)

#define SCANS_FAMILY(prefix)                                                                                 \
	SCANS(prefix##scanf, prefix##vscanf, (const char *format, ...), (const char *format, va_list list),  \
		(format, list), GETS(stdin))                                                                 \
	SCANS(prefix##fscanf, prefix##vfscanf, (FILE * file, const char *format, ...),                       \
		(FILE * file, const char *format, va_list list), (file, format, list), GETS(file))           \
	SCANS(prefix##sscanf, prefix##vsscanf, (const char *from, const char *format, ...),                  \
		(const char *from, const char *format, va_list list), (from, format, list), RS(from))
/* The names that the C library's headers give to these. */
SCANS_FAMILY(__isoc99_)

#pragma GCC diagnostic pop
