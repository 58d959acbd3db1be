/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * options.h: the options of this run, read once at the start and constant from then on.
 */
#ifndef FL_CORE_OPTIONS_H
#define FL_CORE_OPTIONS_H

#include <stdbool.h>

#define FL_OPTIONS_TEXT_BYTES 1024

struct fl_options {
#define OPTION_BOOL(name, value, tsan, help)   bool name;
#define OPTION_NUMBER(name, value, tsan, help) int name; /* 0 or more */
#define OPTION_TEXT(name, value, tsan, help)   char name[FL_OPTIONS_TEXT_BYTES];
#include "core/options.def"
#undef OPTION_BOOL
#undef OPTION_NUMBER
#undef OPTION_TEXT
};

extern struct fl_options fl_options;

/* Reads FURLONG_OPTIONS, FURLONG_DATA, FURLONG_LABEL and TSAN_OPTIONS' share; warns of what it does not know.
 */
void fl_options_init(void);

/* One string's worth. `only_tsan`: ignore silently whatever TSAN_OPTIONS may not set here. */
void fl_options_parse(const char *string, bool only_tsan);

#endif
