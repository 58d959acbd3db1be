/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * main.c: tally [-j THREADS] LOG... prints what the logs say. */
#include "tally.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void print_top(const char *title, const struct table *table)
{
	struct entry top[5];
	size_t count = table_top(table, top, sizeof(top) / sizeof(*top));

	printf("%s\n", title);
	for (size_t i = 0; i < count; i++)
		printf("%10" PRIu64 "  %s\n", top[i].count, top[i].key);
}

static void print(const struct tally *tally)
{
	printf("%" PRIu64 " requests, %" PRIu64 " bytes, %" PRIu64 " lines not understood\n",
		tally->lines - tally->rejected, tally->bytes, tally->rejected);
	for (int class = 1; class <= 5; class ++)
		if (tally->by_status[class] > 0)
			printf("%10" PRIu64 "  %dxx\n", tally->by_status[class], class);
	print_top("paths", &tally->paths);
	print_top("hosts", &tally->hosts);
}

int main(int argc, char **argv)
{
	struct tally tally = {0};
	long threads = 4;
	int option, status = 0;

	while ((option = getopt(argc, argv, "j:")) != -1) {
		if (option != 'j' || (threads = strtol(optarg, NULL, 10)) < 1 || threads > 64) {
			fprintf(stderr, "usage: tally [-j THREADS] LOG...\n");
			return 2;
		}
	}
	for (int i = optind; i < argc; i++) {
		if (!tally_file(&tally, argv[i], (unsigned)threads)) {
			fprintf(stderr, "tally: %s: %s\n", argv[i], strerror(errno));
			status = 1;
		}
	}
	print(&tally);
	tally_free(&tally);
	return status;
}
