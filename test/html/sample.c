/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sample.c: html_sample OUT [-r ROOT] [-n "note"] [-l "lost note"] [-j JOBS] [-R RACES] [-T TESTS] [-c
 * COMPACT] [-s SINGLE] FILE...
 *
 * Writes a report with invented counts and races on real files, for browser tests, screenshots and timing. A
 * FILE that does not exist is shown as missing; FILE=PATH shows a file under another path; a leading `!` says
 * changed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "html/html.h"
#include "html/source.h"
#include "invent.h"
#include "util/error.h"

static void add_file(struct fl_build *build, const char *argument)
{
	struct fl_source source = {0};
	char disk[4096];
	enum fl_source_state state = FL_SOURCE_FOUND;
	if (*argument == '!') {
		argument++;
		state = FL_SOURCE_CHANGED;
	}
	const char *shown = strchr(argument, '=');
	snprintf(
		disk, sizeof disk, "%.*s", shown ? (int)(shown - argument) : (int)strlen(argument), argument);
	shown = shown ? shown + 1 : argument;
	bool found = fl_source_load(&source, disk);
	size_t file = fl_build_file(
		build, &(struct fl_source_facts){
			       .path = shown, .disk_path = disk, .state = found ? state : FL_SOURCE_MISSING});
	static const char without[] = "int f(int x)\n{\n\tif (x)\n\t\treturn 1;\n\treturn 2;\n}\n";
	if (found && source.size)
		fl_invent(build, file, source.text, source.size);
	else
		fl_invent(build, file, without, sizeof without - 1);
	if (!strcmp(shown, "src/decide.c"))
		fl_invent_decision(build, file);
	fl_source_free(&source);
}

int main(int argc, char **argv)
{
	struct fl_build *build = fl_build_new();
	struct fl_html_options options = {.directory = argc > 1 ? argv[1] : "furlong-report",
		.title = "Sample <&\"'>",
		.command = "furlong run -- make check",
		.time = "2026-01-01 12:00 UTC"};
	struct fl_error error;
	const char *compact = NULL;
	int races = 0, tests = 0, status;
	for (int i = 2; i < argc; i++) {
		if (argv[i][0] == '-' && i + 1 < argc) {
			char option = argv[i++][1];
			if (option == 'j')
				options.jobs = (unsigned)atoi(argv[i]);
			else if (option == 'R')
				races = atoi(argv[i]);
			else if (option == 'T')
				tests = atoi(argv[i]);
			else if (option == 't')
				options.title = argv[i];
			else if (option == 'c')
				compact = argv[i];
			else if (option == 's')
				options.single = argv[i];
			else
				fl_build_note(build, option == 'l', "%s", argv[i]);
		} else {
			add_file(build, argv[i]);
		}
	}
	fl_build_module(build, "build/app", "");
	fl_build_module(build, "build/libapp.so", "nightly <b>");
	struct fl_model *model = fl_build_finish(build, "/");
	if (races)
		fl_invent_races(model, (size_t)races);
	struct fl_tests *invented = fl_invent_tests(model, (size_t)tests);
	if (tests) {
		fl_invent_endings(model);
		options.tests = invented;
	}
	status = fl_html_write(model, &options, &error);
	options.directory = compact;
	options.form = FL_HTML_COMPACT;
	if (!status && compact)
		status = fl_html_write(model, &options, &error);
	options.form = FL_HTML_SINGLE;
	if (!status && options.single)
		status = fl_html_write(model, &options, &error);
	if (status) {
		fprintf(stderr, "html_sample: %s\n", error.text);
		return (int)error.code;
	}
	fl_tests_free(invented);
	fl_model_free(model);
	return 0;
}
