/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * callback_inside.c: a library without the flag that calls back: library_run from a function of its own,
 * library_ask at once.
 */
#include <alloca.h>
#include <string.h>

__attribute__((noinline)) static int inner(void (*run)(void *), void *with, size_t room)
{
	char *scratch = alloca(room); /* so that the frame's size is not known */

	memset(scratch, 1, room);
	run(with);
	return scratch[room - 1];
}

int library_run(void (*run)(void *), void *with)
{
	return 1 + inner(run, with, 100);
}

int library_ask(void (*run)(void *), void *with)
{
	run(with);
	return 1;
}
