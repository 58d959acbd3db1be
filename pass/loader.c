/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * loader.c: the plugin that the compiler loads. It finds out which LLVM it is inside, loads that
 * version's pass.so from the folder vMAJOR beside itself, and tells it which instrument is wanted: the
 * one this file is named after (coverage.so, coverage-tls.so). One path therefore serves every clang.
 *
 * It carries the release and build as a string: ccache hashes this file, not the passes behind it.
 * It must not link LLVM, and an unsupported compiler must end in one line, before any output is opened.
 */
#include "loader.h"
#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAJOR_LIMIT = 100, PASS_PATH_MAX = PATH_MAX + sizeof "/v-2147483648/pass.so" };

__attribute__((used)) static const char build_id[] = "furlong " FURLONG_VERSION " " FURLONG_BUILD_ID;

static fl_loader_entry *entry;

__attribute__((noreturn, format(printf, 1, 2))) static void refuse(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("furlong: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(1);
}

/* The number after "libLLVM-" or "libLLVM.so." in a path, or after `prefix` in general; 0 if there is none.
 */
static int major_after(const char *text, const char *prefix)
{
	const char *found = strstr(text, prefix);

	return found ? atoi(found + strlen(prefix)) : 0;
}

static int mapped_llvm(struct dl_phdr_info *info, size_t size, void *major)
{
	(void)size;
	int found = major_after(info->dlpi_name, "/libLLVM-");

	if (!found)
		found = major_after(info->dlpi_name, "/libLLVM.so.");
	*(int *)major = found;
	return found != 0;
}

/* LLVM before 16 does not say its version; then its library's name does, or, linked statically, the
 * compiler's own path (…/llvm-14/bin/clang, …/bin/clang-14). */
static int llvm_major(void)
{
	unsigned int major = 0, minor, patch;
	char path[PATH_MAX];
	void (*get_version)(unsigned int *, unsigned int *, unsigned int *);
	int found = 0;

	*(void **)&get_version = dlsym(RTLD_DEFAULT, "LLVMGetVersion");
	if (get_version) {
		get_version(&major, &minor, &patch);
		return (int)major;
	}
	dl_iterate_phdr(mapped_llvm, &found);
	if (found)
		return found;
	ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
	if (length <= 0)
		return 0;
	path[length] = '\0';
	found = major_after(path, "/clang-");
	return found ? found : major_after(path, "/llvm-");
}

static void pass_path(char *path, size_t size, const char *directory, int major)
{
	snprintf(path, size, "%s/v%d/pass.so", directory, major);
}

/* "14, 16, 19, 22": what was installed, not what was meant. */
static void list_supported(char *list, size_t size, const char *directory)
{
	char path[PASS_PATH_MAX];
	size_t used = 0;

	list[0] = '\0';
	for (int major = 1; major < MAJOR_LIMIT; major++) {
		pass_path(path, sizeof path, directory, major);
		if (access(path, R_OK) == 0 && used < size)
			used += (size_t)snprintf(list + used, size - used, "%s%d", used ? ", " : "", major);
	}
}

/* Splits our own path: the directory, and the name without ".so". */
static void own_place(char *directory, char *name)
{
	Dl_info self;

	if (!dladdr((void *)own_place, &self) || !self.dli_fname || !realpath(self.dli_fname, directory))
		refuse("cannot find the plugin's own file; give its absolute path");
	char *slash = strrchr(directory, '/');
	/* The name as it was asked for: the file behind it may be shared by several names. */
	const char *asked = strrchr(self.dli_fname, '/');
	snprintf(name, NAME_MAX + 1, "%s", asked ? asked + 1 : self.dli_fname);
	*slash = '\0';
	char *suffix = strstr(name, ".so");
	if (suffix)
		*suffix = '\0';
}

__attribute__((constructor)) static void load(void)
{
	char directory[PATH_MAX], name[NAME_MAX + 1], path[PASS_PATH_MAX], supported[256];
	int major = llvm_major();
	int (*select)(const char *);

	own_place(directory, name);
	pass_path(path, sizeof path, directory, major);
	if (access(path, R_OK) != 0) {
		list_supported(supported, sizeof supported, directory);
		refuse("clang %d is not supported by this installation (%s); use clang %s", major, directory,
			supported[0] ? supported : "of a version furlong was built for");
	}
	void *pass = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!pass)
		refuse("cannot load the pass for clang %d: %s", major, dlerror());
	*(void **)&select = dlsym(pass, "furlong_pass_select");
	*(void **)&entry = dlsym(pass, "llvmGetPassPluginInfo");
	if (!select || !entry)
		refuse("%s is not a furlong pass; install furlong again", path);
	if (select(name) != 0)
		refuse("instrument '%s' was not built into %s", name, path);
}

fl_loader_entry *fl_loader_pass_entry(void)
{
	return entry;
}
