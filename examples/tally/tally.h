/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * tally.h: counts what a web server's access log says, on several threads.
 *
 * A log is split into stretches at line ends; each thread parses its stretches into a tally of its own, and
 * the tallies are added up under a lock. Nothing here does I/O but tally_file().
 */
#ifndef TALLY_H
#define TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TALLY_SIZE_CLASSES 32

/* A string that is part of a larger one: not terminated, not owned. */
struct span {
	const char *text;
	size_t length;
};

/* One line of the log: 192.0.2.7 - - [10/Oct/2026:13:55:36 +0000] "GET /a HTTP/1.1" 200 512 */
struct record {
	struct span host, method, path;
	int status;
	uint64_t bytes;
};

enum parse_result { PARSE_OK, PARSE_EMPTY, PARSE_NO_REQUEST, PARSE_BAD_STATUS, PARSE_BAD_SIZE };

enum parse_result parse_line(struct span line, struct record *record);
const char *parse_explain(enum parse_result result);

/* A hash table from strings to counts. Owns copies of its keys. */
struct table {
	struct entry *entries;
	size_t capacity, used;
};

struct entry {
	char *key;
	uint64_t count;
};

void table_free(struct table *table);
bool table_add(struct table *table, struct span key, uint64_t count);
uint64_t table_count(const struct table *table, const char *key);
bool table_merge(struct table *into, const struct table *from);

/* The `wanted` largest entries, largest first, equal counts by key; returns how many there are. */
size_t table_top(const struct table *table, struct entry *top, size_t wanted);

struct tally {
	uint64_t lines, rejected, bytes;
	uint64_t by_status[6];                /* [2] counts 2xx; [0] what is none of 1xx to 5xx */
	uint64_t by_size[TALLY_SIZE_CLASSES]; /* [n] counts sizes of n binary digits */
	struct table paths, hosts;
};

void tally_free(struct tally *tally);
bool tally_line(struct tally *tally, struct span line);
bool tally_merge(struct tally *into, const struct tally *from);

/* Tallies a log in memory on `threads` threads (1 to 64). False: no memory, or no threads. */
bool tally_text(struct tally *tally, const char *text, size_t length, unsigned threads);

/* The same for a file; false leaves the reason in errno. */
bool tally_file(struct tally *tally, const char *path, unsigned threads);

#endif
