/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * name.c: names as people know them: demangled by the C++ runtime's own demangler, and those of library
 * functions without what the runtime puts before them, in a static program and in others.
 */
#include <stdlib.h>
#include <string.h>

#include "model/file.h"
#include "util/memory.h"

/* From the C++ ABI (cxxabi.h is not a C header). */
char *__cxa_demangle(const char *mangled, char *buffer, size_t *length, int *status);

const char *fl_name_readable(struct fl_arena *arena, const char *linkage)
{
	static const char *const before[] = {"__furlong_libc_", "__furlong_checked_"};
	for (size_t i = 0; i < sizeof before / sizeof before[0]; i++)
		if (!strncmp(linkage, before[i], strlen(before[i])))
			linkage += strlen(before[i]);
	if (strncmp(linkage, "_Z", 2))
		return linkage;
	int status;
	char *readable = __cxa_demangle(linkage, NULL, NULL, &status);
	if (!readable)
		return linkage;
	const char *copy = fl_arena_bytes(arena, readable, strlen(readable));
	free(readable);
	return copy;
}
