/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * intercept.c: finds the functions behind.
 */
#include "race/intercept.h"

#ifdef FL_STATIC
void fl_intercept_init(void)
{
}

void fl_intercept_begin(void)
{
}
#else
#include <dlfcn.h>
#include <string.h>

#pragma GCC visibility push(hidden)
extern const struct fl_intercept __start_fl_intercepts[], __stop_fl_intercepts[];
#pragma GCC visibility pop

void *fl_intercept_look_up(const struct fl_intercept *entry)
{
	void *real = dlsym(RTLD_NEXT, entry->name);

	__atomic_store_n(entry->real, real, __ATOMIC_RELAXED);
	return real;
}

/* Its name has its version. */
static void look_for_fibers(const struct fl_sys_object *object, void *data)
{
	const char *name = strrchr(object->path, '/');

	if (name && !strncmp(name, "/libboost_fiber.so", 18))
		*(struct fl_sys_object *)data = *object;
}

void *fl_intercept_look_everywhere(const struct fl_intercept *entry)
{
	struct fl_sys_object fibers = {.path = ""};
	const char *const libraries[] = {"libomp.so.5", "libomp.so", "libiomp5.so", "libgomp.so.1",
		"libglib-2.0.so.0", "libgobject-2.0.so.0", "liburing.so.2", fibers.path};
	void *real = fl_intercept_look_up(entry), *library;

	if (!real)
		fl_sys_objects_look(look_for_fibers, &fibers);
	for (size_t i = 0; !real && i < sizeof(libraries) / sizeof(libraries[0]); i++) {
		library = *libraries[i] ? dlopen(libraries[i], RTLD_LAZY | RTLD_NOLOAD) : NULL;
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
	for (const struct fl_intercept *entry = __start_fl_intercepts; entry < __stop_fl_intercepts;
		entry++) {
		void *real = fl_intercept_look_up(entry);

		if (entry->way && real)
			__atomic_store_n(entry->way, real, __ATOMIC_RELAXED);
	}
}

void fl_intercept_begin(void)
{
	for (const struct fl_intercept *entry = __start_fl_intercepts; entry < __stop_fl_intercepts; entry++)
		if (entry->way)
			__atomic_store_n(entry->way, entry->checked, __ATOMIC_RELAXED);
}
#endif
