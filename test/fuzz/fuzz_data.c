/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * fuzz_data.c: any bytes as a data file: read, dumped, made into a model. Must neither crash nor hang.
 *
 * Built by libFuzzer's clang it fuzzes; built with smoke.c it runs seeds and mutations of them.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "model/model.h"
#include "read/dump.h"
#include "read/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static char path[64];
	static FILE *nowhere;
	if (!*path) {
		snprintf(path, sizeof path, "/tmp/furlong-fuzz-%ld.cov", (long)getpid());
		nowhere = fopen("/dev/null", "w");
	}
	FILE *file = fopen(path, "w");
	if (!file || !nowhere || fwrite(bytes, 1, size, file) != size)
		abort();
	fclose(file);
	struct fl_error error;
	struct fl_filter filter = {.system_headers = true};
	const char *input = path;
	struct fl_words inputs = {.items = &input, .count = 1};
	struct fl_model *model;
	if (!fl_load(&inputs, &filter, &model, &error))
		fl_model_free(model);
	fl_dump(path, size & 1, nowhere, &error);
	unlink(path);
	return 0;
}
