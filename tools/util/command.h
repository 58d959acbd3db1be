/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * command.h: another program's output. For programs that end by themselves and say little.
 */
#ifndef FURLONG_UTIL_COMMAND_H
#define FURLONG_UTIL_COMMAND_H

#include <stddef.h>

struct fl_command {
	char *output; /* what it wrote to stdout; ends in NUL; malloc'ed */
	size_t size;
	char *complaint; /* the first line that it wrote to stderr; malloc'ed */
	int status;      /* exit status; 127: could not be run; 128+n: signal */
};

/* Runs argv (NULL-ended) in `directory`, without input, and waits. */
void fl_command_run(const char *const *argv, const char *directory, struct fl_command *command);
void fl_command_free(struct fl_command *command);

#endif
