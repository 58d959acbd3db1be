/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * saving.c: techniques that only save time, each of which can be left out to measure what it brings (option
 * race_without; those of compiled code: pass/race.h).
 */
#include "race/race.h"

#include "core/options.h"

#include <string.h>

struct fl_race_savings fl_race_savings = {.owners = true, .back = true, .walks = true};

void fl_race_savings_init(void)
{
	fl_race_savings.owners = !strstr(fl_options.race_without, "owners");
	fl_race_savings.back = !strstr(fl_options.race_without, "back");
	fl_race_savings.walks = !strstr(fl_options.race_without, "walks");
}
