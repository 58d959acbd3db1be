/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * name.c: see name.h. A name without `~~` is the path, spelled reversibly; one with it ends in a hash of 48
 * bits, so that two names agree only if the paths do.
 */
#include "name.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "util/map.h"

enum {
	LONGEST = 100
}; /* with hash and extension well below the 143 bytes that encrypted file systems allow */

static bool is_kept(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

/* Names that Windows keeps for devices, whatever the extension: con, com1. */
static bool is_device(const char *path, size_t length)
{
	static const char devices[][5] = {"con", "prn", "aux", "nul", "com", "lpt"};
	const char *dot = memchr(path, '.', length);
	size_t stem = dot ? (size_t)(dot - path) : length;
	for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
		if (stem == (i < 4 ? 3 : 4) && !memcmp(path, devices[i], 3))
			return true;
	return false;
}

/* Whether swapping `/` for `~` loses nothing. */
static bool is_plain(const char *path, size_t length)
{
	if (length == 0 || length > LONGEST || path[0] == '.' || is_device(path, length))
		return false;
	for (size_t i = 0; i < length; i++) {
		bool twice = path[i] == '/' && i + 1 < length && path[i + 1] == '/';
		if (twice || (path[i] != '/' && !is_kept(path[i])))
			return false;
	}
	return true;
}

void fl_name_page(const char *path, size_t length, char name[static FL_NAME_BYTES])
{
	bool plain = is_plain(path, length);
	size_t skip = length > LONGEST ? length - LONGEST : 0; /* the end of a path says more */
	size_t used = 0;
	if (!plain)
		name[used++] = 'x';
	for (size_t i = skip; i < length; i++) {
		char c = path[i] >= 'A' && path[i] <= 'Z' ? (char)(path[i] - 'A' + 'a') : path[i];
		name[used++] = c == '/' ? '~' : is_kept(c) ? c : '_';
	}
	name[used] = '\0';
	if (!plain)
		snprintf(name + used, FL_NAME_BYTES - used, "~~%012llx",
			(unsigned long long)(fl_hash(path, length) & 0xffffffffffff));
}
