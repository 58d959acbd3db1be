/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * name.c: demangling, by the C++ runtime's own demangler.
 */
#include <stdlib.h>
#include <string.h>

#include "model/file.h"
#include "util/memory.h"

/* From the C++ ABI (cxxabi.h is not a C header). */
char *__cxa_demangle(const char *mangled, char *buffer, size_t *length, int *status);

const char *fl_name_readable(struct fl_arena *arena, const char *linkage)
{
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
