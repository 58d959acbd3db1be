/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * test.c: tests of tally. It leaves some of the code out, so that a coverage page has something to show. */
#include "tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;

#define EXPECT(condition)                                                                                    \
	do {                                                                                                 \
		if (!(condition)) {                                                                          \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);              \
			failures++;                                                                          \
		}                                                                                            \
	} while (0)

static struct span span(const char *text)
{
	return (struct span){text, strlen(text)};
}

static bool equal(struct span a, const char *b)
{
	return a.length == strlen(b) && memcmp(a.text, b, a.length) == 0;
}

static void test_parse(void)
{
	struct record r;

	EXPECT(parse_line(span("192.0.2.1 - - [x] \"GET /a HTTP/1.1\" 200 512"), &r) == PARSE_OK);
	EXPECT(equal(r.host, "192.0.2.1") && equal(r.method, "GET") && equal(r.path, "/a"));
	EXPECT(r.status == 200 && r.bytes == 512);
	EXPECT(parse_line(span("h - - [x] \"GET /old\" 304 -"), &r) == PARSE_OK);
	EXPECT(equal(r.path, "/old") && r.bytes == 0);
	EXPECT(parse_line(span(""), &r) == PARSE_EMPTY);
	EXPECT(parse_line(span("  # a remark"), &r) == PARSE_EMPTY);
	EXPECT(parse_line(span("h - - [x]"), &r) == PARSE_NO_REQUEST);
	EXPECT(parse_line(span("h \"GET /a HTTP/1.1\" two 3"), &r) == PARSE_BAD_STATUS);
}

static void test_table(void)
{
	struct table table = {0};
	struct entry top[3];
	char key[16];

	for (unsigned i = 0; i < 1000; i++) {
		snprintf(key, sizeof(key), "key%u", i % 100);
		EXPECT(table_add(&table, span(key), i % 100 == 7 ? 2 : 1));
	}
	EXPECT(table.used == 100);
	EXPECT(table_count(&table, "key7") == 20 && table_count(&table, "key8") == 10);
	EXPECT(table_count(&table, "none") == 0);
	EXPECT(table_top(&table, top, 3) == 3);
	EXPECT(strcmp(top[0].key, "key7") == 0 && strcmp(top[1].key, "key0") == 0 &&
		strcmp(top[2].key, "key1") == 0);
	table_free(&table);
}

/* A log of `lines` lines whose tally is known. */
static char *make_log(unsigned lines, size_t *length)
{
	char *log = malloc((size_t)lines * 80 + 1), *at = log;

	for (unsigned i = 0; log && i < lines; i++)
		at += sprintf(at, "10.0.0.%u - - [x] \"GET /p%u HTTP/1.1\" %u %u\n", i % 10, i % 4,
			i % 5 == 0 ? 404 : 200, i);
	*length = (size_t)(at - log);
	return log;
}

static void test_threads(unsigned threads)
{
	enum { LINES = 20000 };
	struct tally tally = {0};
	size_t length;
	char *log = make_log(LINES, &length);

	EXPECT(log && tally_text(&tally, log, length, threads));
	EXPECT(tally.lines == LINES && tally.rejected == 0);
	EXPECT(tally.bytes == (uint64_t)LINES * (LINES - 1) / 2);
	EXPECT(tally.by_status[2] == LINES / 5 * 4 && tally.by_status[4] == LINES / 5);
	EXPECT(table_count(&tally.paths, "/p3") == LINES / 4 &&
		table_count(&tally.hosts, "10.0.0.9") == LINES / 10);
	tally_free(&tally);
	free(log);
}

int main(void)
{
	test_parse();
	test_table();
	test_threads(1);
	test_threads(4);
	printf("tally: %s\n", failures ? "FAILED" : "all tests passed");
	return failures != 0;
}
