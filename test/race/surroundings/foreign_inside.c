/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * foreign_inside.c: a module that says it was built for version VERSION. Compiled without the flag.
 */
#include "furlong/abi.h"

static const struct furlong_race_unit unit;
static const struct furlong_race_module module = {&unit, &unit + 1};

__attribute__((constructor)) static void begin(void)
{
	__furlong_race_module(VERSION, &module);
}
