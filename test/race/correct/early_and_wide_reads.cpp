// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A reader keeps off what a writer writes at the same time, but only just: the next member, the other branch.
// What optimisers read early or too much of is not read by the program.
#include "correct.h"

#define NOINLINE __attribute__((noinline))
enum { COUNT = 512 };

static struct pair {
	int mine, his;
} pairs[COUNT];
static struct three {
	int a, his, c;
} threes[COUNT];
static struct point {
	float x, y, his, w;
} points[COUNT];
static struct bytes {
	unsigned char a, b, c, his;
} packed[COUNT];
static short shorts[COUNT];
static double doubles[COUNT];
static struct key {
	long id, his;
	bool operator==(const key &other) const
	{
		return id == other.id && his == other.his;
	}
} one{1, 2};
static int his, flags[64];

NOINLINE static long if_asked(bool asked)
{
	return asked ? his : 0;
}

NOINLINE static long if_asked_in_a_loop(int count)
{
	long sum = 0;
	for (int i = 0; i < count; i++)
		if (flags[i % 64])
			sum += his;
	return sum;
}

NOINLINE static double elements_if_asked(const double *all, int count)
{
	double sum = 0;
	for (int i = 0; i < count; i++)
		if (flags[i % 64])
			sum += all[i];
	return sum;
}

NOINLINE static int one_of_two(const pair *all, int count)
{
	int sum = 0;
	for (int i = 0; i < count; i++)
		sum += flags[i % 64] ? all[i].his : all[i].mine;
	return sum;
}

NOINLINE static long sum_longs(const pair *all, int count)
{
	long sum = 0;
	for (int i = 0; i < count; i++)
		sum += all[i].mine;
	return sum;
}

NOINLINE static int first_and_last(const three *all, int count)
{
	int sum = 0;
	for (int i = 0; i < count; i++)
		sum += all[i].a ^ all[i].c;
	return sum;
}

NOINLINE static void products(const point *all, float *to, int count)
{
	for (int i = 0; i < count; i++)
		to[i] = all[i].x * all[i].y + all[i].w;
}

NOINLINE static int three_bytes(const bytes *all, int count)
{
	int sum = 0;
	for (int i = 0; i < count; i++)
		sum += all[i].a | all[i].b << 8 | all[i].c << 16;
	return sum;
}

NOINLINE static int even(const short *all)
{
	int sum = 0;
	for (int i = 0; i < COUNT; i += 2)
		sum += all[i];
	return sum;
}

NOINLINE static int chosen(int which, const bytes *from)
{
	switch (which) {
	case 0:
		return from->a;
	case 1:
		return from->b;
	case 2:
		return from->c;
	case 3:
		return from->his;
	default:
		return 0;
	}
}

NOINLINE static bool same(const key &a, const key &b)
{
	return a == b;
}

NOINLINE static void read_all(int round)
{
	static float to[COUNT];
	key other{7, 7};

	REQUIRE(if_asked(flags[1]) == 0 && if_asked_in_a_loop(100) == 0 && !same(one, other));
	REQUIRE(elements_if_asked(doubles, COUNT) == 0 && one_of_two(pairs, COUNT) == 0);
	REQUIRE(sum_longs(pairs, COUNT) == 0 && first_and_last(threes, COUNT) == 0);
	REQUIRE(three_bytes(packed, COUNT) == 0 && even(shorts) == 0 && chosen(round % 3, packed) == 0);
	products(points, to, COUNT);
	REQUIRE(to[17] == 0);
}

NOINLINE static void write_his(int round)
{
	his++;
	one.his++;
	for (int i = 0; i < COUNT; i++) {
		pairs[i].his = threes[i].his = round;
		points[i].his += 1;
		packed[i].his++;
		doubles[i] = i;
	}
	for (int i = 1; i < COUNT; i += 2)
		shorts[i] = (short)round;
}

int main()
{
	in_threads(2, [](int me) {
		for (int round = 0; round < 100; round++)
			me ? read_all(round) : write_his(round);
	});
	REQUIRE(one.his == 102 && his == 100 && packed[3].his == 100);
	return 0;
}
