/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Tables made before the threads start, and by the first ones for the later ones, are read by all without
 * locks. */
#include <string.h>

#include "correct.h"

static unsigned table[256];
static char *words[100];
static unsigned long sums[8];

static void *read_tables(void *argument)
{
	unsigned long sum = 0;
	for (int n = 0; n < 20000; n++)
		sum += table[(sum + n) & 255];
	for (int n = 0; n < 100; n++)
		sum += strlen(words[n]);
	sums[(intptr_t)argument] = sum;
	return NULL;
}

static void *make_words(void *argument)
{
	for (int n = (int)(intptr_t)argument; n < 100; n += 2) {
		words[n] = malloc(16);
		snprintf(words[n], 16, "word %d", n);
	}
	return NULL;
}

int main(void)
{
	for (unsigned n = 0; n < 256; n++) {
		table[n] = n;
		for (int bit = 0; bit < 8; bit++)
			table[n] = table[n] & 1 ? 0xedb88320u ^ table[n] >> 1 : table[n] >> 1;
	}
	in_threads(2, make_words);
	in_threads(8, read_tables);
	for (int n = 1; n < 8; n++)
		REQUIRE(sums[n] == sums[0]);
	for (int n = 0; n < 100; n++)
		free(words[n]);
	return 0;
}
