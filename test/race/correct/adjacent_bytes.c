/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Threads write bytes, shorts and ints side by side in the same words: neighbours, not the same places. */
#include <string.h>

#include "correct.h"

static unsigned char bytes[64];
static struct {
	char a, b;
	short c;
	int d;
} mixed[8];

static void *work(void *argument)
{
	int me = (int)(intptr_t)argument;
	for (int round = 0; round < 100; round++) {
		for (int n = me; n < 64; n += 4)
			bytes[n] = (unsigned char)(bytes[n] + me + 1);
		for (int n = 0; n < 8; n++) {
			switch (me) {
			case 0:
				mixed[n].a++;
				break;
			case 1:
				mixed[n].b--;
				break;
			case 2:
				mixed[n].c += 2;
				break;
			default:
				memcpy(&mixed[n].d, &round, sizeof(round));
			}
		}
	}
	return NULL;
}

int main(void)
{
	in_threads(4, work);
	for (int n = 0; n < 64; n++)
		REQUIRE(bytes[n] == (unsigned char)(100 * (n % 4 + 1)));
	REQUIRE(mixed[7].a == 100 && mixed[7].b == -100 && mixed[7].c == 200 && mixed[7].d == 99);
	return 0;
}
