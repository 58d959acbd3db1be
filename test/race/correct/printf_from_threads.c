/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* stdio locks its streams by itself; flockfile makes two writes one. */
#include <string.h>

#include "correct.h"

static FILE *file;

static void *print(void *argument)
{
	int me = (int)(intptr_t)argument;
	for (int n = 0; n < 100; n++) {
		char line[64];
		snprintf(line, sizeof(line), "%d %d %.3f\n", me, n, n / 3.0);
		if (n % 2) {
			fputs(line, file);
		} else {
			flockfile(file);
			fprintf(file, "%d %d ", me, n);
			fprintf(file, "%.3f\n", n / 3.0);
			funlockfile(file);
		}
	}
	printf("%s", "");
	return NULL;
}

int main(void)
{
	file = tmpfile();
	REQUIRE(file);
	in_threads(4, print);
	rewind(file);
	int next[4] = {0}, who, number;
	double third;
	while (fscanf(file, "%d %d %lf", &who, &number, &third) == 3) {
		REQUIRE(who >= 0 && who < 4 && number == next[who]++);
		REQUIRE(third - number / 3.0 < 0.001 && number / 3.0 - third < 0.001);
	}
	for (int n = 0; n < 4; n++)
		REQUIRE(next[n] == 100);
	fclose(file);
	return 0;
}
