/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * doctor_probe.c: every clang there is: whether we have a pass for it, and whether a small program that it
 * compiles with the flag counts what it does.
 */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd/doctor.h"
#include "read/load.h"
#include "util/memory.h"

static const char program[] = "static int twice(int x)\n"
			      "{\n"
			      "\treturn 2 * x;\n"
			      "}\n"
			      "int main(void)\n"
			      "{\n"
			      "\treturn twice(twice(twice(1))) != 8;\n"
			      "}\n";
enum { COUNTED_LINE = 3, TRUTH = 3 };

/* Two threads, one counter, no order. */
static const char racy_program[] = "#include <pthread.h>\n"
				   "static int counter;\n"
				   "static void *work(void *p)\n"
				   "{\n"
				   "\tcounter++;\n"
				   "\treturn p;\n"
				   "}\n"
				   "int main(void)\n"
				   "{\n"
				   "\tpthread_t thread;\n"
				   "\tif (pthread_create(&thread, 0, work, 0))\n"
				   "\t\treturn 1;\n"
				   "\tcounter++;\n"
				   "\treturn pthread_join(thread, 0);\n"
				   "}\n";
enum { RACE_STATUS = 66 };

/* Runs argv with `output` as its stdout and stderr; its wait status, or -1. */
static int run_quietly(const char *const *argv, const char *output)
{
	fflush(NULL);
	pid_t pid = fork();
	if (!pid) {
		int fd = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0666);
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	int status = -1;
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -1;
	return status;
}

static char *first_line(struct doctor *doctor, const char *path)
{
	char *line = NULL;
	size_t capacity = 0;
	FILE *file = fopen(path, "re");
	ssize_t length = file ? getline(&line, &capacity, file) : -1;
	char *copy = fl_arena_bytes(doctor->arena, length > 0 ? line : "", length > 0 ? (size_t)length : 0);
	copy[strcspn(copy, "\n")] = '\0';
	free(line);
	if (file)
		fclose(file);
	return copy;
}

static unsigned major_of(struct doctor *doctor, const char *clang, const char *directory)
{
	char *output = fl_arena_format(doctor->arena, "%s/version", directory);
	if (run_quietly((const char *const[]){clang, "--version", NULL}, output))
		return 0;
	const char *found = strstr(first_line(doctor, output), "clang version ");
	return found ? (unsigned)strtoul(found + strlen("clang version "), NULL, 10) : 0;
}

static void judge(struct doctor *doctor, const char *clang, const char *data)
{
	struct fl_filter filter = {0};
	struct fl_words inputs = {.items = &data, .count = 1};
	struct fl_model *model;
	struct fl_error error;
	if (fl_load(&inputs, &filter, &model, &error)) {
		fl_doctor_problem(doctor,
			"run it with FURLONG_OPTIONS=verbose=1 and see what the runtime says",
			"%s: a small program compiled with it left no readable data: %s", clang, error.text);
		return;
	}
	const struct fl_line *line = fl_file_line(&model->files[0], COUNTED_LINE);
	uint64_t count = line ? line->count : 0;
	if (count == TRUTH)
		fl_doctor_well(doctor, "%s: a small program compiled with it counts right", clang);
	else
		fl_doctor_problem(doctor,
			"report this as a fault of Furlong, with the output of `furlong version`",
			"%s: a small program compiled with it counted %llu instead of %d", clang,
			(unsigned long long)count, TRUTH);
	fl_model_free(model);
}

static void judge_races(struct doctor *doctor, const char *clang, const char *data)
{
	struct fl_filter filter = {0};
	struct fl_words inputs = {.items = &data, .count = 1};
	struct fl_model *model;
	struct fl_error error;
	if (fl_load(&inputs, &filter, &model, &error)) {
		fl_doctor_problem(doctor,
			"run it with FURLONG_OPTIONS=verbose=1 and see what the runtime says",
			"%s: a racy program compiled with it left no readable data: %s", clang, error.text);
		return;
	}
	size_t found = fl_races_open(&model->races);
	if (found == 1)
		fl_doctor_well(doctor, "%s: the race of a small program compiled with it is found", clang);
	else
		fl_doctor_problem(doctor,
			"report this as a fault of Furlong, with the output of `furlong version`",
			"%s: of a program with one race that was compiled with it %zu were found", clang,
			found);
	fl_model_free(model);
}

/* A program, the flags to compile it with, how it ends, and what its data should say. */
struct trial {
	const char *program, *flags;
	int status;
	void (*judge)(struct doctor *doctor, const char *clang, const char *data);
};

static const struct trial trials[] = {
	{program, "coverage.flags", 0, judge},
	{racy_program, "race.flags", RACE_STATUS, judge_races},
};

static void try(struct doctor *doctor, const struct trial *trial, const char *clang, const char *library,
	const char *directory)
{
	char *source = fl_arena_format(doctor->arena, "%s/probe.c", directory);
	char *binary = fl_arena_format(doctor->arena, "%s/probe", directory);
	char *output = fl_arena_format(doctor->arena, "%s/output", directory);
	char *data = fl_arena_format(doctor->arena, "%s/data-%u", directory, doctor->problems);
	char *flags = fl_arena_format(doctor->arena, "@%s/%s", library, trial->flags);
	FILE *file = fopen(source, "we");
	if (!file || fputs(trial->program, file) < 0 || fclose(file))
		return;
	if (run_quietly(
		    (const char *const[]){clang, flags, "-O1", "-g", "-pthread", source, "-o", binary, NULL},
		    output)) {
		fl_doctor_problem(doctor, "see above; if all else is well, report this as a fault of Furlong",
			"%s does not compile with %s: %s", clang, flags, first_line(doctor, output));
		return;
	}
	setenv("FURLONG_DATA", data, 1);
	unsetenv("FURLONG_OPTIONS");
	int status = run_quietly((const char *const[]){binary, NULL}, output);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != trial->status)
		fl_doctor_problem(doctor, "see above; if all else is well, report this as a fault of Furlong",
			"%s: a small program compiled with %s ends wrongly: %s", clang, trial->flags,
			first_line(doctor, output));
	else
		trial->judge(doctor, clang, data);
	run_quietly((const char *const[]){"rm", "-rf", data, NULL}, output);
}

static void probe(struct doctor *doctor, const char *clang, const char *library, const char *directory)
{
	for (size_t i = 0; i < sizeof trials / sizeof *trials; i++)
		if (!access(fl_arena_format(doctor->arena, "%s/%s", library, trials[i].flags), R_OK))
			try(doctor, &trials[i], clang, library, directory);
}

static void examine(struct doctor *doctor, const char *clang, const char *library, const char *directory)
{
	unsigned major = major_of(doctor, clang, directory);
	if (!major)
		return;
	if (access(fl_arena_format(doctor->arena, "%s/v%u/pass.so", library, major), R_OK))
		fl_doctor_remark(
			doctor, "%s is clang %u, for which this installation has no pass", clang, major);
	else if (doctor->settings->no_probe)
		fl_doctor_well(doctor, "%s is clang %u, for which there is a pass", clang, major);
	else
		probe(doctor, clang, library, directory);
}

/* One entry for each different executable: `clang` may be a link to `clang-22`. */
static void add_clang(struct doctor *doctor, struct fl_words *clangs, const char *path)
{
	char *real = realpath(path, NULL);
	if (!real)
		return;
	bool known = access(real, X_OK) != 0;
	for (size_t i = 0; i < clangs->count && !known; i++)
		known = !strcmp(clangs->items[i], real);
	if (!known)
		*FL_PUSH(clangs->items, clangs->count, clangs->capacity) =
			fl_arena_format(doctor->arena, "%s", real);
	free(real);
}

static bool is_clang_name(const char *name)
{
	if (strncmp(name, "clang", 5))
		return false;
	return !name[5] || (name[5] == '-' && isdigit((unsigned char)name[6]) &&
				   !name[6 + strspn(name + 6, "0123456789")]);
}

static void find_clangs(struct doctor *doctor, struct fl_words *clangs)
{
	const char *path = getenv("PATH");
	for (const char *at = path ? path : ""; *at;) {
		size_t length = strcspn(at, ":");
		char *directory = fl_arena_bytes(doctor->arena, at, length);
		DIR *listing = opendir(directory);
		for (struct dirent *entry; listing && (entry = readdir(listing));)
			if (is_clang_name(entry->d_name))
				add_clang(doctor, clangs,
					fl_arena_format(doctor->arena, "%s/%s", directory, entry->d_name));
		if (listing)
			closedir(listing);
		at += length + (at[length] == ':');
	}
}

void fl_doctor_compilers(struct doctor *doctor, const char *library_directory)
{
	struct fl_words clangs = {0};
	const char *temporary = getenv("TMPDIR");
	char *directory =
		fl_arena_format(doctor->arena, "%s/furlong-doctor-XXXXXX", temporary ? temporary : "/tmp");
	find_clangs(doctor, &clangs);
	if (!clangs.count)
		fl_doctor_problem(
			doctor, "install clang, or put its directory on PATH", "no clang is on PATH");
	else if (!mkdtemp(directory))
		fl_doctor_problem(
			doctor, "set TMPDIR to a directory that can be written", "cannot make %s", directory);
	else
		for (size_t i = 0; i < clangs.count; i++)
			examine(doctor, clangs.items[i], library_directory, directory);
	if (clangs.count)
		run_quietly((const char *const[]){"rm", "-rf", directory, NULL}, "/dev/null");
	free(clangs.items);
}
