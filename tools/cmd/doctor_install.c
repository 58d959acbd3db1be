/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * doctor_install.c: whether this installation is whole: the runtime, the flags files and what they name.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/doctor.h"
#include "cmd/install.h"
#include "cmd/sys_machine.h"
#include "util/memory.h"

static const char reinstall[] = "install Furlong again (cmake --install)";

/* The path that a flag names, or NULL: -fplugin=P, -LP, -Wl,-rpath,P. */
static const char *path_of(const char *flag)
{
	static const char *const leads[] = {"-fplugin=", "-fpass-plugin=", "-L", "-Wl,-rpath,"};
	for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
		if (!strncmp(flag, leads[i], strlen(leads[i])))
			return flag + strlen(leads[i]);
	return NULL;
}

static void examine_flags(struct doctor *doctor, const char *directory, const char *name)
{
	char *path = fl_arena_format(doctor->arena, "%s/%s", directory, name), *line = NULL;
	FILE *file = fopen(path, "re");
	size_t capacity = 0;
	unsigned before = doctor->problems;
	if (!file) {
		fl_doctor_problem(doctor, reinstall, "%s cannot be read", path);
		return;
	}
	while (getline(&line, &capacity, file) >= 0) {
		char *flag = *line == '"' ? line + 1 : line;
		flag[strcspn(flag, "\"\n")] = '\0';
		const char *named = path_of(flag);
		if (!named)
			continue;
		if (access(named, R_OK))
			fl_doctor_problem(doctor, reinstall, "%s names %s, which is not there", path, named);
		else if (!fl_text_below(named, directory) && strcmp(named, directory))
			fl_doctor_problem(doctor,
				"use the flags file of one installation only; `furlong flags` names it",
				"%s names %s, which belongs to another installation", path, named);
	}
	free(line);
	fclose(file);
	if (doctor->problems == before)
		fl_doctor_well(doctor, "%s", path);
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);
	return length >= tail && !strcmp(text + length - tail, end);
}

static void examine_machine(struct doctor *doctor)
{
	switch (fl_machine_gs_base()) {
	case FL_MACHINE_YES:
		fl_doctor_well(
			doctor, "this kernel lets programs set the GS base: counting is exact and cheap");
		break;
	case FL_MACHINE_NO:
		fl_doctor_problem(doctor,
			"use Linux 5.9 or later, or build with --config=$(furlong flags coverage-tls)",
			"this kernel does not let programs set the GS base: threads share their counters and "
			"lose counts");
		break;
	case FL_MACHINE_NOT_APPLICABLE:
		break;
	}
}

void fl_doctor_installation(struct doctor *doctor)
{
	char *directory = fl_install_library_directory(doctor->arena);
	DIR *listing = directory ? opendir(directory) : NULL;
	if (!listing) {
		fl_doctor_problem(doctor, "call furlong by its place in PREFIX/bin, or install Furlong again",
			"there is no %s beside this furlong", directory ? directory : "library directory");
		return;
	}
	size_t flags = 0;
	for (struct dirent *entry; (entry = readdir(listing));) {
		if (!ends_with(entry->d_name, ".flags"))
			continue;
		examine_flags(doctor, directory, entry->d_name);
		flags++;
	}
	closedir(listing);
	if (!flags)
		fl_doctor_problem(doctor, reinstall, "%s has no flags files", directory);
	if (access(fl_arena_format(doctor->arena, "%s/libfurlong_rt.so", directory), R_OK))
		fl_doctor_problem(
			doctor, reinstall, "the runtime %s/libfurlong_rt.so is not there", directory);
	else
		fl_doctor_well(doctor, "%s/libfurlong_rt.so", directory);
	examine_machine(doctor);
	fl_doctor_compilers(doctor, directory);
}
