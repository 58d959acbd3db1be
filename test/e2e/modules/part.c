/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * part.c: an instrumented shared object for modules.c. EARLY: its constructor calls into the program.
 */
#include "handmade.h"

void part_work(int units);
void part_work(int units)
{
	for (int i = 0; i < units; i++)
		COUNT(1);
}

#ifdef EARLY
void program_callback(void);

__attribute__((constructor(200))) static void call_program(void)
{
	COUNT(0);
	program_callback();
}
#endif
