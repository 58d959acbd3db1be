/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * json.c: the JSON parser's work: parses FILE, prints it and parses that, TIMES times. Needs cJSON.c. */
#include "cJSON.h"

#include <stdio.h>
#include <stdlib.h>

static char *read_all(const char *path)
{
	FILE *file = fopen(path, "rb");
	long length;
	char *text;

	if (!file || fseek(file, 0, SEEK_END) != 0)
		return NULL;
	length = ftell(file);
	rewind(file);
	text = calloc((size_t)length + 1, 1);
	if (text && fread(text, 1, (size_t)length, file) != (size_t)length)
		text[0] = '\0';
	fclose(file);
	return text;
}

int main(int argc, char **argv)
{
	char *text = argc > 2 ? read_all(argv[1]) : NULL;

	if (!text)
		return 2;
	for (long n = strtol(argv[2], NULL, 10); n > 0; n--) {
		cJSON *tree = cJSON_Parse(text), *again;
		char *printed = tree ? cJSON_Print(tree) : NULL;

		again = printed ? cJSON_Parse(printed) : NULL;
		if (!again || !cJSON_Compare(tree, again, 1))
			return 1;
		cJSON_Delete(again);
		cJSON_Delete(tree);
		free(printed);
	}
	free(text);
	return 0;
}
