/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * first_thread_in_an_interpreter.c: the first thread is made in the middle of a function that goes from label
 * to label by a table, and ran without checks until then.
 *
 * race: write @interpreter interpret main / write @worker worker
 */
#include "case.h"

SHARED long shared;
static long registers[8];
static pthread_t thread;

static void *worker(void *argument)
{
	shared = 1; /* @worker */
	make_step();
	return argument;
}

NOINLINE static void begin(void)
{
	thread = start(worker, NULL);
	await_step(1);
	if (RIGHT)
		finish(thread);
	STAY();
}

enum { ADD, MULTIPLY, BEGIN, STORE, AGAIN, END };

NOINLINE static long interpret(const unsigned char *code, long *r, long rounds)
{
	static const void *const labels[] = {&&add, &&multiply, &&begin, &&store, &&again, &&end};
	const unsigned char *at = code;
	long sum = 0;

#define NEXT() goto *labels[*at++]
	NEXT();
add:
	r[at[0]] += r[at[1]];
	at += 2;
	NEXT();
multiply:
	r[at[0]] *= r[at[1]];
	at += 2;
	NEXT();
begin:
	begin();
	NEXT();
store:
	sum += r[*at];
	shared = r[*at++]; /* @interpreter */
	NEXT();
again:
	at = rounds-- ? code : at;
	NEXT();
end:
	return sum + r[0];
}

int main(void)
{
	static const unsigned char before[] = {
		ADD, 0, 1, MULTIPLY, 2, 0, AGAIN, BEGIN, ADD, 0, 2, STORE, 0, END};
	registers[1] = registers[2] = 1;
	long sum = interpret(before, registers, 3);
	if (!RIGHT)
		finish(thread);
	return sum != 2 * (4 + 1 * 2 * 3 * 4);
}
