/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * unit.h: what every unit test of the runtime needs. A test includes the sources that it tests.
 */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/print.h"

/* The next of a sequence that `seed`, not 0, begins; below limit. */
static inline unsigned roll_from(uint64_t *seed, unsigned limit)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (unsigned)((*seed >> 11) % limit);
}

/* What the runtime said on descriptor 2 while a test ran. */
static inline char *said_during(void (*run)(void))
{
	static char said[65536];
	FILE *file = tmpfile();
	int saved = dup(2);
	ssize_t n;

	fflush(stderr);
	dup2(fileno(file), 2);
	fl_print_init();
	run();
	dup2(saved, 2);
	close(saved);
	n = pread(fileno(file), said, sizeof(said) - 1, 0);
	said[n > 0 ? n : 0] = 0;
	fclose(file);
	return said;
}

#endif
