/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * touched.c: touched.h. Compiled without the flag.
 */
#include "touched.h"

#include <string.h>

unsigned char touched[BUFFER];
static char ours[BUFFER] __attribute__((aligned(64)));

void loops_use(long value)
{
	__asm__ volatile("" ::"r"(value) : "memory");
}

long loops_half(long n)
{
	return n / 2;
}

static void note(const void *at, size_t size, int how)
{
	for (size_t i = 0; i < size; i++)
		touched[(const char *)at - ours + (ptrdiff_t)i] |= (unsigned char)how;
}

#define GET(place)        (note(&(place), sizeof(place), READ), (place))
#define PUT(place, value) (note(&(place), sizeof(place), WRITTEN), (place) = (value))
#define use               loops_use
#define half              loops_half
#define a_constant        ((item){0})
#include "shapes.h"

#define ROW(name) name,
static void (*const shapes[])(char *, long) = {SHAPES(ROW)};

void touch(size_t shape, long n)
{
	memset(touched, 0, sizeof(touched));
	shapes[shape](ours, n);
}
