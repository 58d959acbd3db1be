/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Blocks are freed by another thread than the one that got them, so their memory comes back to others. */
#include <stdatomic.h>
#include <string.h>

#include "correct.h"

enum { SLOTS = 32 };

static _Atomic(char *) slots[SLOTS];

static void *work(void *argument)
{
	unsigned random = 1 + (unsigned)(intptr_t)argument;
	for (int n = 0; n < 3000; n++) {
		random = random * 1103515245 + 12345;
		size_t size = 16 + (random >> 16) % 200;
		char *made = n % 3 ? malloc(size) : calloc(1, size);
		memset(made, (int)size, size);
		made[0] = (char)size;
		char *old = atomic_exchange(&slots[(random >> 8) % SLOTS], made);
		if (old) {
			size_t old_size = (unsigned char)old[0];
			for (size_t k = 0; k < old_size; k++)
				REQUIRE(old[k] == old[0]);
			free(old);
		}
	}
	return NULL;
}

int main(void)
{
	in_threads(4, work);
	for (int n = 0; n < SLOTS; n++)
		free(slots[n]);
	return 0;
}
