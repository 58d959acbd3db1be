/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * watch.h: --watch: a verb that shows facts, again and again, until somebody stops it.
 */
#ifndef FURLONG_CMD_WATCH_H
#define FURLONG_CMD_WATCH_H

#include "cmd/cmd.h"

/* Runs the verb in a process of its own once a second and shows what it prints whenever that is something
 * else than before: counts change in place while programs run, so the data's times say nothing. Returns only
 * on failure. */
int fl_watch(struct fl_settings *settings, const struct fl_verb *verb, struct fl_error *error);

#endif
