/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * libc.c: the functions of libc.def. What they say of memory they say in the interposed function itself, so
 * that its name is the innermost frame; what a call wrote is known after it, what it reads before, but for
 * paths and for lengths that only the result tells.
 */
#include "race/intercept/libc.h"

/* Some of these are known to take no NULL, and some to be bad habits; who calls them anyway is not our
 * concern. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnonnull-compare"
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#pragma GCC diagnostic ignored "-Waddress"
#pragma GCC diagnostic ignored "-Wmissing-attributes"
#pragma GCC diagnostic ignored "-Warray-parameter"
#pragma GCC diagnostic ignored "-Wvla-parameter"

/* State of the C library that a call changes for everybody, and that has no address outside of it. */
static struct {
	char strtok;
} hidden;

/* By loops: the functions that could be asked are among those in the table. */
static size_t length_within(const char *s, size_t limit)
{
	size_t length = 0;

	while (length < limit && s[length])
		length++;
	return length;
}

static size_t length_of(const char *s)
{
	return length_within(s, SIZE_MAX);
}

static size_t wide_within(const wchar_t *s, size_t limit)
{
	size_t length = 0;

	while (length < limit && s[length])
		length++;
	return length;
}

static size_t wide_length(const wchar_t *s)
{
	return wide_within(s, SIZE_MAX);
}

static size_t at_most(size_t a, size_t b)
{
	return a < b ? a : b;
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

static inline __attribute__((always_inline)) size_t bytes_compared(
	const char *a, const char *b, size_t limit, unsigned char (*alike)(char))
{
	for (size_t i = 0; i < limit; i++)
		if (!a[i] || alike(a[i]) != alike(b[i]))
			return i + 1;
	return limit;
}

static size_t wide_compared(const wchar_t *a, const wchar_t *b, size_t limit)
{
	for (size_t i = 0; i < limit; i++)
		if (!a[i] || a[i] != b[i])
			return (i + 1) * sizeof(wchar_t);
	return limit * sizeof(wchar_t);
}

/* Of a decimal number, with what ends it. */
static size_t number_length(const char *s)
{
	size_t i = 0;

	while (s[i] == ' ' || (s[i] >= '\t' && s[i] <= '\r'))
		i++;
	i += s[i] == '-' || s[i] == '+';
	while (s[i] >= '0' && s[i] <= '9')
		i++;
	return i + 1;
}

static size_t set_bytes(int count)
{
	return ((size_t)(count > 0 ? count : 0) + 63) / 64 * 8;
}

static void signals_read(const void *at, size_t bytes)
{
	const struct signalfd_siginfo *each = at;

	for (; bytes >= sizeof(*each); bytes -= sizeof(*each), each++)
		fl_channel_signal_taken((int)each->ssi_signo);
}

static void forget_file(void)
{
	fl_channel_forget_file();
}

#include "race/intercept/libc.def"

#pragma GCC diagnostic pop
