/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * vector_of_bool.cpp: neighbours in a std::vector<bool> are one memory location, in a std::vector<char> they
 * are two.
 *
 * race: write set worker / any set_last main
 */
#include "case.h"

#include <vector>

#ifdef ORDERED
static std::vector<char> flags(8);
#else
static std::vector<bool> flags(8);
#endif

NOINLINE static void set()
{
	flags[1] = true;
	STAY();
}

NOINLINE static void set_last()
{
	flags[2] = true;
	STAY();
}

static void *worker(void *argument)
{
	set();
	make_step();
	return argument;
}

int main()
{
	pthread_t thread = start(worker, nullptr);
	await_step(1);
	set_last();
	finish(thread);
}
