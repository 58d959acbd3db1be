/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * instrument.c: the race instrument's hooks.
 */
#include "race/race.h"

#include "core/core.h"
#include "core/instrument.h"

const struct fl_instrument fl_race_instrument = {
	.name = "race",
};
