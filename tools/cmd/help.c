/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * help.c: `furlong help` and `furlong version`, from the tables.
 */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "read/version.h"

static int help_all(void)
{
	puts("usage: furlong VERB [OPTIONS] [ARGS...]\n       furlong PROG [ARGS...]   the same as furlong "
	     "run -- PROG\n");
	for (size_t i = 0; i < fl_verb_count; i++)
		printf("  %-10s %s\n", fl_verbs[i].name, fl_verbs[i].summary);
	puts("\n`furlong help VERB` tells more. Options can also stand in furlong.conf, as `key = value`.\n"
	     "Exit codes: 0 fine, 1 a gate failed, 2 usage, 3 no data or unreadable data, 4 cannot write;\n"
	     "`furlong run` ends with the program's own status (128+n for a signal).");
	return 0;
}

static void help_option(const struct fl_option *option)
{
	char left[64], letter[8] = "    ";
	if (option->letter)
		snprintf(letter, sizeof letter, "-%c, ", option->letter);
	snprintf(left, sizeof left, "%s--%s%s%s", letter, option->name, option->argument ? " " : "",
		option->argument ? option->argument : "");
	printf("  %-28s %s\n", left, option->help);
}

int fl_cmd_help(struct fl_settings *settings, struct fl_error *error)
{
	if (!settings->words.count)
		return help_all();
	const struct fl_verb *verb = fl_verb_find(settings->words.items[0]);
	if (!verb) {
		fl_verb_unknown(settings->words.items[0], error);
		return error->code;
	}
	printf("usage: furlong %s\n\n%s.\n", verb->synopsis, verb->summary);
	if (verb->details)
		printf("\n%s\n", verb->details);
	puts("\nOptions:");
	for (size_t i = 0; i < fl_option_count; i++)
		if (fl_option_table[i].verbs & verb->bit)
			help_option(&fl_option_table[i]);
	return 0;
}

int fl_cmd_version(struct fl_settings *settings, struct fl_error *error)
{
	(void)error;
	if (!settings->as_json) {
		printf("furlong %s (abi %u, data %u, shape %u)\n", FURLONG_VERSION, fl_version_abi(),
			fl_version_data(), fl_version_shape());
		return 0;
	}
	cJSON *json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "version", FURLONG_VERSION);
	cJSON_AddNumberToObject(json, "abi", fl_version_abi());
	cJSON_AddNumberToObject(json, "data", fl_version_data());
	cJSON_AddNumberToObject(json, "shape", fl_version_shape());
	char *text = cJSON_PrintUnformatted(json);
	puts(text);
	free(text);
	cJSON_Delete(json);
	return 0;
}
