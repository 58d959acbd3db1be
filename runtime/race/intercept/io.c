/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * io.c: functions that fill or read the caller's buffers. What a call wrote is known after it, what it
 * reads before.
 */
#include "race/intercept.h"
#include "race/sys_variadic.h"
#include "race/touch.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef FL_STATIC

#define FILLS(result, name, parameters, arguments, at, size)                                                 \
	FL_PUBLIC result name parameters;                                                                    \
	FL_INTERCEPT(result, name, name, parameters)                                                         \
	{                                                                                                    \
		result got = FL_REAL(name) arguments;                                                        \
                                                                                                             \
		if (got > 0 && FL_TOUCHING)                                                                  \
			FL_TOUCH_WRITE(at, size);                                                            \
		return got;                                                                                  \
	}
#define READS(result, name, parameters, arguments, at, size)                                                 \
	FL_PUBLIC result name parameters;                                                                    \
	FL_INTERCEPT(result, name, name, parameters)                                                         \
	{                                                                                                    \
		if (FL_TOUCHING)                                                                             \
			FL_TOUCH_READ(at, size);                                                             \
		return FL_REAL(name) arguments;                                                              \
	}

/* A socket tells more than it gives where MSG_TRUNC asks for that. */
static size_t at_most(size_t a, size_t b)
{
	return a < b ? a : b;
}

FILLS(ssize_t, read, (int fd, void *to, size_t size), (fd, to, size), to, (size_t)got)
FILLS(ssize_t, pread, (int fd, void *to, size_t size, off_t at), (fd, to, size, at), to, (size_t)got)
FILLS(ssize_t, pread64, (int fd, void *to, size_t size, off64_t at), (fd, to, size, at), to, (size_t)got)
FILLS(ssize_t, recv, (int fd, void *to, size_t size, int flags), (fd, to, size, flags), to,
	at_most((size_t)got, size))
FILLS(ssize_t, recvfrom,
	(int fd, void *restrict to, size_t size, int flags, struct sockaddr *restrict from,
		socklen_t *restrict room),
	(fd, to, size, flags, from, room), to, at_most((size_t)got, size))
FILLS(size_t, fread, (void *restrict to, size_t each, size_t count, FILE *restrict file),
	(to, each, count, file), to, got *each)
READS(ssize_t, write, (int fd, const void *from, size_t size), (fd, from, size), from, size)
READS(ssize_t, pwrite, (int fd, const void *from, size_t size, off_t at), (fd, from, size, at), from, size)
READS(ssize_t, pwrite64, (int fd, const void *from, size_t size, off64_t at), (fd, from, size, at), from,
	size)
READS(ssize_t, send, (int fd, const void *from, size_t size, int flags), (fd, from, size, flags), from, size)
READS(ssize_t, sendto,
	(int fd, const void *from, size_t size, int flags, const struct sockaddr *to, socklen_t room),
	(fd, from, size, flags, to, room), from, size)
READS(size_t, fwrite, (const void *from, size_t each, size_t count, FILE *file), (from, each, count, file),
	from, each *count)

/* ---- several buffers ---- */

static size_t part_of(const struct iovec *part, size_t left)
{
	return at_most(part->iov_len, left);
}

#define TOUCH_PARTS(touch, parts, count, total)                                                              \
	do {                                                                                                 \
		size_t left = total;                                                                         \
                                                                                                             \
		for (size_t i = 0; i < (size_t)(count) && left; i++) {                                       \
			touch((parts)[i].iov_base, part_of(&(parts)[i], left));                              \
			left -= part_of(&(parts)[i], left);                                                  \
		}                                                                                            \
	} while (0)

FL_INTERCEPT(ssize_t, readv, readv, (int fd, const struct iovec *parts, int count))
{
	ssize_t got = FL_REAL(readv)(fd, parts, count);

	if (got > 0 && FL_TOUCHING)
		TOUCH_PARTS(FL_TOUCH_WRITE, parts, count, (size_t)got);
	return got;
}

FL_INTERCEPT(ssize_t, writev, writev, (int fd, const struct iovec *parts, int count))
{
	if (FL_TOUCHING)
		TOUCH_PARTS(FL_TOUCH_READ, parts, count, SIZE_MAX);
	return FL_REAL(writev)(fd, parts, count);
}

FL_INTERCEPT(ssize_t, recvmsg, recvmsg, (int fd, struct msghdr *message, int flags))
{
	ssize_t got = FL_REAL(recvmsg)(fd, message, flags);

	if (got > 0 && FL_TOUCHING)
		TOUCH_PARTS(FL_TOUCH_WRITE, message->msg_iov, message->msg_iovlen, (size_t)got);
	return got;
}

FL_INTERCEPT(ssize_t, sendmsg, sendmsg, (int fd, const struct msghdr *message, int flags))
{
	if (FL_TOUCHING)
		TOUCH_PARTS(FL_TOUCH_READ, message->msg_iov, message->msg_iovlen, SIZE_MAX);
	return FL_REAL(sendmsg)(fd, message, flags);
}

/* ---- text ---- */

#define FILLS_TEXT(name, parameters, arguments)                                                              \
	FL_PUBLIC char *name parameters;                                                                     \
	FL_INTERCEPT(char *, name, name, parameters)                                                         \
	{                                                                                                    \
		char *got = FL_REAL(name) arguments;                                                         \
                                                                                                             \
		if (got && FL_TOUCHING)                                                                      \
			FL_TOUCH_WRITE(to, strlen(to) + 1);                                                  \
		return got;                                                                                  \
	}
FILLS_TEXT(fgets, (char *restrict to, int size, FILE *restrict file), (to, size, file))
FILLS_TEXT(
	__fgets_chk, (char *restrict to, size_t room, int size, FILE *restrict file), (to, room, size, file))

#define READS_TEXT(name, parameters, arguments)                                                              \
	FL_INTERCEPT(int, name, name, parameters)                                                            \
	{                                                                                                    \
		if (FL_TOUCHING)                                                                             \
			FL_TOUCH_READ(from, strlen(from) + 1);                                               \
		return FL_REAL(name) arguments;                                                              \
	}
READS_TEXT(puts, (const char *from), (from))
READS_TEXT(fputs, (const char *restrict from, FILE *restrict file), (from, file))

/* What was written, with its end: no more than there was room for. */
static size_t printed(int length, size_t room)
{
	return length < 0 ? 0 : at_most((size_t)length + 1, room);
}

FL_INTERCEPT(int, vsnprintf, vsnprintf,
	(char *restrict to, size_t room, const char *restrict format, va_list list))
{
	int length = FL_REAL(vsnprintf)(to, room, format, list);

	if (FL_TOUCHING)
		FL_TOUCH_WRITE(to, printed(length, room));
	return length;
}

FL_INTERCEPT(int, vsprintf, vsprintf, (char *restrict to, const char *restrict format, va_list list))
{
	int length = FL_REAL(vsprintf)(to, format, list);

	if (FL_TOUCHING)
		FL_TOUCH_WRITE(to, printed(length, SIZE_MAX));
	return length;
}

FL_PUBLIC int __vsnprintf_chk(
	char *to, size_t room, int flag, size_t known, const char *format, va_list list);
FL_INTERCEPT(int, __vsnprintf_chk, __vsnprintf_chk,
	(char *to, size_t room, int flag, size_t known, const char *format, va_list list))
{
	int length = FL_REAL(__vsnprintf_chk)(to, room, flag, known, format, list);

	if (FL_TOUCHING)
		FL_TOUCH_WRITE(to, printed(length, room));
	return length;
}

FL_PUBLIC int __vsprintf_chk(char *to, int flag, size_t known, const char *format, va_list list);
FL_INTERCEPT(int, __vsprintf_chk, __vsprintf_chk,
	(char *to, int flag, size_t known, const char *format, va_list list))
{
	int length = FL_REAL(__vsprintf_chk)(to, flag, known, format, list);

	if (FL_TOUCHING)
		FL_TOUCH_WRITE(to, printed(length, SIZE_MAX));
	return length;
}

#ifdef FL_VARIADIC
#define PRINTS(name, parameters, call, room)                                                                 \
	FL_PUBLIC int name parameters;                                                                       \
	FL_PUBLIC FL_VARIADIC int name parameters                                                            \
	{                                                                                                    \
		va_list list;                                                                                \
		int length;                                                                                  \
                                                                                                             \
		va_start(list, format);                                                                      \
		length = call;                                                                               \
		va_end(list);                                                                                \
		if (FL_TOUCHING)                                                                             \
			FL_TOUCH_WRITE(to, printed(length, room));                                           \
		return length;                                                                               \
	}
PRINTS(snprintf, (char *restrict to, size_t room, const char *restrict format, ...),
	FL_REAL(vsnprintf)(to, room, format, list), room)
PRINTS(sprintf, (char *restrict to, const char *restrict format, ...), FL_REAL(vsprintf)(to, format, list),
	SIZE_MAX)
PRINTS(__snprintf_chk, (char *to, size_t room, int flag, size_t known, const char *format, ...),
	FL_REAL(__vsnprintf_chk)(to, room, flag, known, format, list), room)
PRINTS(__sprintf_chk, (char *to, int flag, size_t known, const char *format, ...),
	FL_REAL(__vsprintf_chk)(to, flag, known, format, list), SIZE_MAX)
#endif

#endif
