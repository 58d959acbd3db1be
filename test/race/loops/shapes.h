/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * shapes.h: loops of many shapes, over one buffer. Compiled twice: with the race flag and GET and PUT as
 * plain accesses; and without it, where they note what they touch (touched.c). N is small and not known to
 * the compiler.
 */

typedef struct {
	char a, b;
	short c;
	int d;
	long e;
} item;
typedef struct __attribute__((packed)) {
	char a;
	long b;
} packed;

#define SHAPE(name) static void name(char *buffer, long n)
#define ARRAY(type) type *a = (type *)buffer

SHAPE(forward_int)
{
	ARRAY(int);
	for (long i = 0; i < n; i++)
		PUT(a[i], (int)i);
}
SHAPE(forward_read)
{
	ARRAY(long);
	long s = 0;
	for (long i = 0; i < n; i++)
		s += GET(a[i]);
	use(s);
}
SHAPE(backward)
{
	ARRAY(short);
	for (long i = n - 1; i >= 0; i--)
		PUT(a[i], (short)i);
}
SHAPE(bytes_from_one)
{
	ARRAY(char);
	for (long i = 1; i < n; i++)
		PUT(a[i], 1);
}
SHAPE(every_second)
{
	ARRAY(int);
	for (long i = 0; i < n; i += 2)
		PUT(a[i], 1);
}
SHAPE(every_third_byte)
{
	ARRAY(char);
	for (long i = 0; i < n; i += 3)
		PUT(a[i], 1);
}
SHAPE(every_fifth_short)
{
	ARRAY(short);
	for (long i = 2; i < n; i += 5)
		PUT(a[i], 1);
}
SHAPE(every_ninth)
{
	ARRAY(long);
	for (long i = 0; i < n; i += 9)
		PUT(a[i], 1);
}
SHAPE(field_c)
{
	ARRAY(item);
	for (long i = 0; i < n; i++)
		PUT(a[i].c, 1);
}
SHAPE(fields_a_d)
{
	ARRAY(item);
	for (long i = 0; i < n; i++) {
		PUT(a[i].a, 1);
		use(GET(a[i].d));
	}
}
SHAPE(field_b_packed)
{
	ARRAY(packed);
	for (long i = 0; i < n; i++)
		PUT(a[i].b, 1);
}
SHAPE(shift_down)
{
	ARRAY(int);
	for (long i = 0; i < n; i++)
		PUT(a[i], GET(a[i + 1]));
}
SHAPE(into_first)
{
	ARRAY(long);
	for (long i = 1; i < n; i++)
		PUT(a[0], GET(a[0]) + GET(a[i]));
}
SHAPE(by_pointer)
{
	ARRAY(int);
	for (int *p = a + 1, *end = a + n; p < end; p++)
		PUT(*p, 7);
}
SHAPE(by_count)
{
	ARRAY(int);
	while (n-- > 0) {
		PUT(*a, 7);
		a++;
	}
}
SHAPE(at_least_once)
{
	ARRAY(int);
	long i = 0;
	do
		PUT(a[i], 1);
	while (++i < n);
}
SHAPE(unsigned_down)
{
	ARRAY(int);
	for (unsigned i = (unsigned)n; i-- > 2;)
		PUT(a[i], 1);
}
SHAPE(odd_only)
{
	ARRAY(int);
	for (long i = 0; i < n; i++)
		if (i & 1)
			PUT(a[i], 1);
}
SHAPE(until_half)
{
	ARRAY(int);
	for (long i = 0; i < n; i++) {
		if (i == half(n))
			break;
		PUT(a[i], 1);
	}
}
SHAPE(break_behind)
{
	ARRAY(int);
	for (long i = 0; i < n; i++) {
		PUT(a[i], 1);
		if (i >= half(n))
			break;
	}
}
SHAPE(wraps)
{
	ARRAY(char);
	for (unsigned char i = 250; i != 4; i++)
		PUT(a[i], 1);
}
SHAPE(rows)
{
	ARRAY(int);
	for (long i = 0; i < n / 8; i++)
		for (long j = 0; j < 8; j++)
			PUT(a[i * 8 + j], 1);
}
SHAPE(rows_apart)
{
	ARRAY(int);
	for (long i = 0; i < n / 8; i++)
		for (long j = 0; j < 5; j++)
			PUT(a[i * 8 + j], 1);
}
SHAPE(rows_unknown)
{
	ARRAY(short);
	long w = half(n) / 4 + 1;
	for (long i = 0; i < 6; i++)
		for (long j = 0; j < w; j++)
			PUT(a[i * w + j], 1);
}
SHAPE(triangle)
{
	ARRAY(char);
	for (long i = 0; i < n; i++)
		for (long j = 0; j < i; j += 4)
			PUT(a[i * 7 % 64 + j], 1);
}
SHAPE(columns)
{
	ARRAY(int);
	for (long j = 0; j < 4; j++)
		for (long i = 0; i < n / 8; i++)
			PUT(a[i * 8 + j], 1);
}
SHAPE(again_and_again)
{
	ARRAY(int);
	for (long k = 0; k < 3; k++)
		for (long i = 0; i < n; i++)
			use(GET(a[i]));
}
SHAPE(guarded_inside)
{
	ARRAY(int);
	for (long k = 0; k < 4; k++)
		if (k == half(n))
			for (long i = 0; i < n; i++)
				PUT(a[i], 1);
}
SHAPE(with_a_call)
{
	ARRAY(int);
	for (long i = 0; i < n; i++) {
		use(i);
		PUT(a[i], 1);
	}
}
SHAPE(copies)
{
	ARRAY(item);
	for (long i = 0; i < n / 2; i++)
		PUT(a[i], a_constant);
}
SHAPE(unrolled)
{
	ARRAY(int);
	for (long i = 0; i + 3 < n; i += 4) {
		PUT(a[i], 1);
		PUT(a[i + 1], 1);
		PUT(a[i + 2], 1);
		PUT(a[i + 3], 1);
	}
}
SHAPE(unrolled_but_one)
{
	ARRAY(int);
	for (long i = 0; i + 3 < n; i += 4) {
		PUT(a[i], 1);
		PUT(a[i + 1], 1);
		PUT(a[i + 3], 1);
	}
}
SHAPE(chosen)
{
	ARRAY(int);
	for (long i = 0; i < n; i++)
		switch (i % 4) {
		case 0:
			PUT(a[i], 1);
			break;
		case 2:
			use(GET(a[i]));
			break;
		}
}
SHAPE(two_ends)
{
	ARRAY(int);
	for (long i = 0, j = n - 1; i < j; i++, j--) {
		PUT(a[i], 1);
		PUT(a[j], 1);
	}
}

/* Nobody knows before how often these go round: each time they ask. */
#define ASKED(n) volatile long asked = half(n)
SHAPE(asked_forward)
{
	ARRAY(int);
	ASKED(n);
	for (long i = 0; i != asked; i++)
		PUT(a[i], 1);
}
SHAPE(asked_bytes)
{
	ARRAY(char);
	ASKED(n);
	long s = 0;
	for (long i = 3; i < asked; i++)
		s += GET(a[i]);
	use(s);
}
SHAPE(asked_down)
{
	ARRAY(short);
	ASKED(n);
	for (long i = n; i > asked; i--)
		PUT(a[i], 1);
}
SHAPE(asked_behind)
{
	ARRAY(long);
	ASKED(n);
	long i = 0;
	do
		PUT(a[i], 1);
	while (++i < asked);
}
SHAPE(asked_between)
{
	ARRAY(int);
	ASKED(n);
	long s = 0;
	for (long i = 0;; i++) {
		s += GET(a[i]);
		if (i >= asked)
			break;
		PUT(a[i + 100], 1);
	}
	use(s);
}
SHAPE(asked_two_members)
{
	ARRAY(item);
	ASKED(n);
	for (long i = 0; i < asked; i++) {
		PUT(a[i].c, 1);
		PUT(a[i].e, 1);
	}
}
SHAPE(asked_ways_cross)
{
	ARRAY(int);
	ASKED(n);
	for (long i = 0, j = n; i < asked; i++, j--) {
		PUT(a[i], 1);
		PUT(a[j], 1);
	}
}
SHAPE(asked_packed)
{
	ARRAY(packed);
	ASKED(n);
	for (long i = 0; i < asked; i++)
		PUT(a[i].b, 1);
}
SHAPE(asked_into_first)
{
	ARRAY(long);
	ASKED(n);
	for (long i = 1; i < asked; i++)
		PUT(a[0], GET(a[0]) + GET(a[i]));
}
SHAPE(asked_with_calls)
{
	ARRAY(int);
	ASKED(n);
	for (long i = 0; i < asked; i++) {
		if (i % 5 == 2)
			use(i);
		PUT(a[i], 1);
	}
}
SHAPE(asked_with_calls_behind)
{
	ARRAY(int);
	ASKED(n);
	for (long i = 0; i < asked; i++) {
		PUT(a[i], 1);
		if (i % 5 == 2)
			use(i);
	}
}
SHAPE(asked_with_others)
{
	ARRAY(int);
	ASKED(n);
	for (long i = 0; i < asked; i++) {
		PUT(a[i], 1);
		if (i % 4 == 1)
			PUT(a[100 + i * 7 % 64], 1);
	}
}
SHAPE(asked_rows)
{
	ARRAY(char);
	ASKED(n);
	for (long i = 0; i < 4; i++)
		for (long j = 0; j < asked; j++)
			PUT(a[i * 64 + j], 1);
}
SHAPE(asked_three_times)
{
	ARRAY(char);
	ASKED(n);
	long s = 0;
	for (long i = 0; i < 63; i += 3) {
		s += GET(a[i]);
		if (i == asked)
			break;
		s += GET(a[i + 1]);
		if (i + 1 == asked)
			break;
		s += GET(a[i + 2]);
		if (i + 2 == asked)
			break;
	}
	use(s);
}

/* clang-format off */
#define SHAPES(S) \
	S(forward_int) S(forward_read) S(backward) S(bytes_from_one) S(every_second) \
	S(every_third_byte) S(every_fifth_short) S(every_ninth) S(field_c) S(fields_a_d) \
	S(field_b_packed) S(shift_down) S(into_first) S(by_pointer) S(by_count) S(at_least_once) \
	S(unsigned_down) S(odd_only) S(until_half) S(break_behind) S(wraps) S(rows) S(rows_apart) \
	S(rows_unknown) S(triangle) S(columns) S(again_and_again) S(guarded_inside) S(with_a_call) \
	S(copies) S(unrolled) S(unrolled_but_one) S(chosen) S(two_ends) \
	S(asked_forward) S(asked_bytes) S(asked_down) S(asked_behind) S(asked_between) \
	S(asked_two_members) S(asked_ways_cross) S(asked_packed) S(asked_into_first) S(asked_with_calls) \
	S(asked_with_calls_behind) S(asked_with_others) S(asked_rows) S(asked_three_times)
/* clang-format on */
