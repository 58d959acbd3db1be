/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_text.h: a race as text, in TSan's layout.
 */
#ifndef FURLONG_WRITE_RACE_TEXT_H
#define FURLONG_WRITE_RACE_TEXT_H

#include <stdio.h>

#include "model/race.h"

enum fl_race_style {
	FL_RACE_STYLE_OWN,
	FL_RACE_STYLE_TSAN, /* to the word: what reads TSan's text reads this */
};

/* From the line of = signs to the other one. */
void fl_write_race_text(FILE *out, const struct fl_race *race, enum fl_race_style style);

#endif
