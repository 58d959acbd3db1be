/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Every thread jumps out of nested calls, with its own buffer, between accesses that a lock guards. */
#include <setjmp.h>

#include "correct.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long shared, jumps;

static void fall(jmp_buf back, int depth)
{
	volatile char frame[32];
	frame[depth % 32] = (char)depth;
	if (depth == 0)
		longjmp(back, 7);
	fall(back, depth - 1);
	frame[0]++;
}

static void add(long how_much)
{
	pthread_mutex_lock(&lock);
	shared += how_much;
	pthread_mutex_unlock(&lock);
}

static void *work(void *argument)
{
	jmp_buf back;
	for (volatile int n = 0; n < 200; n++) {
		if (setjmp(back) == 0) {
			add(1);
			fall(back, n % 20 + (int)(intptr_t)argument);
			add(1000000);
		}
		add(1);
		pthread_mutex_lock(&lock);
		jumps++;
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

int main(void)
{
	in_threads(4, work);
	REQUIRE(shared == 1600 && jumps == 800);
	return 0;
}
