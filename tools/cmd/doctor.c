/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * doctor.c: `furlong doctor`: runs the examinations and counts what is wrong.
 */
#include "cmd/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/progress.h"

static void line(const char *color, const char *word, const char *format, va_list args)
{
	bool wanted = fl_color_wanted(STDOUT_FILENO);
	printf("%s%-5s%s ", wanted ? color : "", word, wanted ? "\033[0m" : "");
	vprintf(format, args);
	putchar('\n');
}

void fl_doctor_well(struct doctor *doctor, const char *format, ...)
{
	(void)doctor;
	va_list args;
	va_start(args, format);
	line("\033[32m", "ok", format, args);
	va_end(args);
}

void fl_doctor_remark(struct doctor *doctor, const char *format, ...)
{
	(void)doctor;
	va_list args;
	va_start(args, format);
	line("\033[33m", "note", format, args);
	va_end(args);
}

void fl_doctor_problem(struct doctor *doctor, const char *mend, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	line("\033[31m", "WRONG", format, args);
	va_end(args);
	printf("      -> %s\n", mend);
	doctor->problems++;
}

static bool is_elf(const char *path)
{
	char magic[4] = "";
	FILE *file = fopen(path, "re");
	if (!file)
		return false;
	size_t length = fread(magic, 1, sizeof magic, file);
	fclose(file);
	return length == sizeof magic && !memcmp(magic, "\177ELF", 4);
}

int fl_cmd_doctor(struct fl_settings *settings, struct fl_error *error)
{
	struct doctor doctor = {.settings = settings, .arena = settings->arena};
	const struct fl_words *words = &settings->words;
	if (!words->count)
		fl_doctor_installation(&doctor);
	for (size_t i = 0; i < words->count; i++) {
		if (is_elf(words->items[i]))
			fl_doctor_binary(&doctor, words->items[i]);
		else
			fl_doctor_data(&doctor, words->items[i]);
	}
	if (!words->count && !access(settings->data, F_OK))
		fl_doctor_data(&doctor, settings->data);
	if (!doctor.problems)
		return 0;
	fflush(stdout);
	fl_error_set(error, FL_EXIT_GATE, "%u thing%s wrong", doctor.problems,
		doctor.problems > 1 ? "s are" : " is");
	return FL_EXIT_GATE;
}
