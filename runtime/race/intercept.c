/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * intercept.c: finds the functions behind.
 */
#include "race/intercept.h"

#ifdef FL_STATIC
void fl_intercept_init(void)
{
}
#else
#include <dlfcn.h>

#pragma GCC visibility push(hidden)
extern const struct fl_intercept __start_fl_intercepts[], __stop_fl_intercepts[];
#pragma GCC visibility pop

void *fl_intercept_look_up(const struct fl_intercept *entry)
{
	void *real = dlsym(RTLD_NEXT, entry->name);

	__atomic_store_n(entry->real, real, __ATOMIC_RELAXED);
	return real;
}

void fl_intercept_init(void)
{
	for (const struct fl_intercept *entry = __start_fl_intercepts; entry < __stop_fl_intercepts; entry++)
		fl_intercept_look_up(entry);
}
#endif
