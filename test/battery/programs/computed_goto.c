/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * An interpreter's loop of computed gotos, and labels that nothing reaches. */
#include "log.h"

static int run(const char *code)
{
	static const void *const labels[] = {&&stop, &&add, &&twice, &&skip, &&never};
	T; int x = 1;
	T; goto *labels[*code - '0'];
add:
	T; x += 1;
	T; goto *labels[*++code - '0'];
twice:
	T; x *= 2;
	T; goto *labels[*++code - '0'];
skip:
	T; code++;
	T; goto *labels[*++code - '0'];
never:
	T; x = 0;
	T; goto *labels[*++code - '0'];
stop:
	T; return x;
}

int main(void)
{
	T; int x = run("11212340");
	T; x += run("0");
	T; x += run("22210");
	T; x += run("3410");
	T; return x == 0;
}
