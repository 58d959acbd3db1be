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

void *fl_intercept_look_everywhere(const struct fl_intercept *entry)
{
	static const char *const libraries[] = {"libomp.so.5", "libomp.so", "libiomp5.so", "libgomp.so.1",
		"libglib-2.0.so.0", "libgobject-2.0.so.0", "liburing.so.2"};
	void *real = fl_intercept_look_up(entry), *library;

	for (size_t i = 0; !real && i < sizeof(libraries) / sizeof(libraries[0]); i++) {
		library = dlopen(libraries[i], RTLD_LAZY | RTLD_NOLOAD);
		if (!library)
			continue;
		real = dlsym(library, entry->name);
		dlclose(library);
	}
	__atomic_store_n(entry->real, real, __ATOMIC_RELAXED);
	return real;
}

void fl_intercept_init(void)
{
	for (const struct fl_intercept *entry = __start_fl_intercepts; entry < __stop_fl_intercepts; entry++)
		fl_intercept_look_up(entry);
}
#endif
