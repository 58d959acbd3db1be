/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Functions of the C library that several threads may call at once: time, environment, random, strings,
 * files. */
#define _GNU_SOURCE
#include <locale.h>
#include <math.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "correct.h"

static int by_value(const void *a, const void *b)
{
	return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b);
}

static void *work(void *argument)
{
	unsigned seed = 1 + (unsigned)(intptr_t)argument;
	for (int n = 0; n < 50; n++) {
		struct tm parts;
		char text[64], copy[64], *rest, *word;
		time_t when = 86400L * (n + 1);
		REQUIRE(gmtime_r(&when, &parts) && strftime(text, sizeof(text), "%Y %m %d", &parts) == 10);
		REQUIRE(localtime_r(&when, &parts) && mktime(&parts) == when);
		strcpy(copy, text);
		word = strtok_r(copy, " ", &rest);
		REQUIRE(strtol(word, NULL, 10) == 1970);
		int numbers[20];
		for (int k = 0; k < 20; k++)
			numbers[k] = rand_r(&seed);
		qsort(numbers, 20, sizeof(int), by_value);
		REQUIRE(bsearch(&numbers[7], numbers, 20, sizeof(int), by_value));
		REQUIRE(getenv("PATH") && strerror_r(2, text, sizeof(text)) && rand() >= 0);
		char *dup = strdup("duplicate");
		REQUIRE(strcmp(dup, "duplicate") == 0 && fabs(strtod("2.5", NULL) - 2.5) < 1e-9);
		free(dup);
		FILE *memory = open_memstream(&dup, &(size_t){0});
		fprintf(memory, "%s %d %g", "text", n, 0.5);
		fclose(memory);
		REQUIRE(strncmp(dup, "text", 4) == 0);
		free(dup);
	}
	return NULL;
}

int main(void)
{
	in_threads(4, work);
	return 0;
}
