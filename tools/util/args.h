/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * args.h: a command line or a configuration file against one table of options.
 *
 * The table is the only place where an option's name, meaning and destination stand: parsing, the
 * configuration file, help and "did you mean" all read it. Values point into argv or the arena.
 */
#ifndef FURLONG_UTIL_ARGS_H
#define FURLONG_UTIL_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "util/error.h"
#include "util/text.h"

enum fl_option_kind {
	FL_OPTION_FLAG,    /* bool */
	FL_OPTION_STRING,  /* const char * */
	FL_OPTION_PATH,    /* const char *; in a configuration file relative to that file; "-" stays */
	FL_OPTION_WORDS,   /* struct fl_words; may be repeated */
	FL_OPTION_PERCENT, /* double, 0 to 100 */
	FL_OPTION_NUMBER,  /* int64_t, 0 or more */
};

struct fl_option {
	const char *name;     /* without the dashes */
	char letter;          /* 0: none */
	const char *argument; /* what help calls the value; NULL for a flag */
	enum fl_option_kind kind;
	size_t offset;  /* of the destination in the settings */
	unsigned verbs; /* bit set: where it is accepted */
	const char *help;
};

struct fl_options {
	const struct fl_option *items;
	size_t count;
	struct fl_arena *arena;
};

/* Parses argv (NULL-ended) for `verb` into *settings; other words go to *rest. With `stop_at_word`
 * the first other word and all after it are left alone and *rest gets them. */
int fl_args_parse(const struct fl_options *options, unsigned verb, char *const *argv, bool stop_at_word,
	void *settings, struct fl_words *rest, struct fl_error *error);

/* Reads `key = value` lines; a key is the long name of an option of any verb and is stored when `verb`
 * has it. `#` starts a comment line. */
int fl_args_read_config(const struct fl_options *options, unsigned verb, const char *path, void *settings,
	struct fl_error *error);

#endif
