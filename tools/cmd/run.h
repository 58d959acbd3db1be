/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * run.h: starting a program and waiting for it as a shell would.
 */
#ifndef FURLONG_CMD_RUN_H
#define FURLONG_CMD_RUN_H

#include <stdbool.h>

/* Whether `name` is an executable on PATH. */
bool fl_run_on_path(const char *name);
/* Runs argv (NULL-ended) with this process's standard streams, passing on the signals it is sent; returns
 * its exit status, 128+n when signal n ended it, 127 when it is not there, 126 when it cannot be run. */
int fl_run_program(char *const *argv);

#endif
