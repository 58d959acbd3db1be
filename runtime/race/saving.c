/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * saving.c: techniques that only save time, each of which can be left out to measure what it brings (option
 * race_without; savings.def).
 */
#include "race/race.h"

#include "core/options.h"

#include <string.h>

struct fl_race_savings fl_race_savings = {
#define SAVING(name) .name = true,
#include "race/savings.def"
#undef SAVING
};

void fl_race_savings_init(void)
{
#define SAVING(name) fl_race_savings.name = !strstr(fl_options.race_without, #name);
#include "race/savings.def"
#undef SAVING
}
