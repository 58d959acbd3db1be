/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * error.h: how a failure travels from where it happens to main.c, which alone exits.
 *
 * A function that can fail returns 0, or -1 with *error filled in. The text is one line without a
 * newline: what, where, why, what to do. The caller owns the struct; nothing is allocated.
 */
#ifndef FURLONG_UTIL_ERROR_H
#define FURLONG_UTIL_ERROR_H

/* The tool's exit codes; every failure carries the one it should end with. */
enum fl_exit {
	FL_EXIT_FINE = 0,
	FL_EXIT_GATE = 1,       /* a gate failed */
	FL_EXIT_USAGE = 2,      /* the command line or furlong.conf */
	FL_EXIT_DATA = 3,       /* no data, or unreadable data */
	FL_EXIT_UNWRITABLE = 4, /* the output could not be written */
	FL_EXIT_RACES = 66,     /* `furlong run`: races, where the program itself ended with 0 */
};

struct fl_error {
	enum fl_exit code;
	char text[1024];
};

/* Fills in *error and returns -1, so that callers can `return fl_error_set(...)`. */
int fl_error_set(struct fl_error *error, enum fl_exit code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
