/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * check.c: check.h.
 */
#include "core/check.h"

#include "core/print.h"
#include "core/sys.h"

#ifdef FL_CHECKED
void fl_check_failed(const char *what, const char *file, int line)
{
	fl_print_message("%s:%d: not so: %s", file, line, what);
	__builtin_trap();
}
#endif

#ifdef FL_STARVED
bool fl_check_starving;

/* Which ones differs from process to process, so that runs that are repeated meet all of them. */
bool fl_check_is_starved(void)
{
	static uint32_t asked;
	uint32_t number;

	if (!__atomic_load_n(&fl_check_starving, __ATOMIC_RELAXED))
		return false;
	number = __atomic_add_fetch(&asked, 1, __ATOMIC_RELAXED) + (uint32_t)fl_sys_process() * 65537u;
	return (number * 0x9e3779b9u) >> 29 == 0;
}
#endif
