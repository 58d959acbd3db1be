/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * savings.c: savings WAY: does work of a kind in which one of the techniques that make counting cheaper saves
 * instructions.
 */
#include <string.h>

#define NOINLINE __attribute__((noinline))
enum { ROUNDS = 20000, MANY = 64 };

static int many = MANY; /* no constant to the compiler */
static volatile int opaque;
static struct link {
	struct link *next;
	int value;
} links[MANY];

/* A loop that leaves by no call, and whose end is known. */
NOINLINE static int promotion(int round)
{
	static int table[MANY];
	int sum = 0;

	for (int i = 0; i < many; i++)
		sum += table[i] ^ round;
	return sum;
}

/* One whose end nobody knows. */
NOINLINE static int turns(int round)
{
	int found = 0;

	for (const struct link *at = links; at; at = at->next)
		found += at->value == round;
	return found;
}

NOINLINE static void call(void)
{
	opaque = opaque + 1;
}

/* What an "else" runs, and what follows an "if", is told by others. */
NOINLINE static int tree(int round)
{
	int sum = 0;

	for (int i = 0; i < 8; i++) {
		if ((round >> i) & 1)
			sum += opaque;
		else
			sum -= opaque;
		if ((round >> i) & 2)
			sum ^= opaque;
		else
			sum += 2 * opaque;
	}
	return sum;
}

/* One of two ways is hardly ever taken. */
NOINLINE static int cold(int round)
{
	int sum = 0;

	for (int i = 0; i < 8; i++) {
		if (__builtin_expect(round + i != -1, 1))
			sum += opaque;
		else
			call();
		if (__builtin_expect(round + i != -2, 1))
			sum += opaque;
		else
			call();
	}
	return sum;
}

/* Small, and with many places to count. */
static int clamped(int a, int b)
{
	if (a > 1000)
		a = opaque;
	if (b > 2000)
		b = opaque;
	if (a + b == 5)
		a ^= opaque;
	if (a - b == 7)
		b ^= opaque;
	if (a == b)
		a += opaque;
	if ((a & b) == 9)
		b += opaque;
	if ((a | b) == 77)
		a -= opaque;
	return a + b;
}

NOINLINE static int inlining(int round)
{
	return clamped(round, opaque) + clamped(opaque, round) + clamped(round, round + 1);
}

static int wrapped(int a)
{
	return a & 0xff;
}

/* The same function, several times in a row. */
NOINLINE static int together(int round)
{
	return wrapped(round) + 3 * wrapped(round + 1) + 5 * wrapped(round + 2) + 7 * wrapped(round + 3);
}

static const struct way {
	const char *name;
	int (*run)(int round);
} ways[] = {{"promotion", promotion}, {"turns", turns}, {"tree", tree}, {"cold", cold},
	{"inlining", inlining}, {"together", together}};

int main(int argc, char **argv)
{
	int sum = 0;

	for (int i = 0; i + 1 < MANY; i++)
		links[i].next = &links[i + 1];
	for (unsigned way = 0; argc == 2 && way < sizeof ways / sizeof *ways; way++)
		if (!strcmp(argv[1], ways[way].name))
			for (int round = 0; round < ROUNDS; round++)
				sum += ways[way].run(round);
	return argc == 2 && sum == -1;
}
