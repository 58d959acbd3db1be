/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A reader chooses between two variables, the other of which another thread writes. */
#include "correct.h"

static int mine, his;

__attribute__((noinline)) static int chosen(int which)
{
	return *(which ? &his : &mine);
}

static void *work(void *argument)
{
	for (int round = 0; round < 100; round++)
		if (argument)
			his++;
		else
			REQUIRE(chosen(round < 0) == 0);
	return NULL;
}

int main(void)
{
	in_threads(2, work);
	REQUIRE(his == 100);
	return 0;
}
