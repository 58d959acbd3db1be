/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coveralls.c: what Coveralls' API takes. What it wants to know of the job comes from the environment, as its
 * own reporter has it; a token is written only when COVERALLS_REPO_TOKEN is set.
 */
#include <stdlib.h>
#include <string.h>

#include "util/files.h"
#include "util/md5.h"
#include "write/json_out.h"
#include "write/write.h"

static void write_environment(struct json_out *json)
{
	static const struct {
		const char *key, *variables[3];
	} said[] = {
		{"repo_token", {"COVERALLS_REPO_TOKEN"}},
		{"service_job_id", {"COVERALLS_SERVICE_JOB_ID", "GITHUB_RUN_ID", "CI_JOB_ID"}},
		{"service_number", {"COVERALLS_SERVICE_NUMBER", "GITHUB_RUN_NUMBER", "CI_PIPELINE_IID"}},
		{"service_pull_request", {"CI_PULL_REQUEST", "CI_MERGE_REQUEST_IID"}},
		{"commit_sha", {"COVERALLS_GIT_COMMIT", "GITHUB_SHA", "CI_COMMIT_SHA"}},
		{"flag_name", {"COVERALLS_FLAG_NAME"}},
	};
	const char *service = getenv("COVERALLS_SERVICE_NAME");
	json_text(json, "service_name",
		service                    ? service
		: getenv("GITHUB_ACTIONS") ? "github"
		: getenv("GITLAB_CI")      ? "gitlab-ci"
					   : "furlong");
	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		for (size_t j = 0; j < 3 && said[i].variables[j]; j++) {
			const char *value = getenv(said[i].variables[j]);
			if (!value || !*value)
				continue;
			json_text(json, said[i].key, value);
			break;
		}
}

static void write_digest(struct json_out *json, const struct fl_file *file)
{
	struct fl_bytes bytes;
	unsigned char digest[FL_MD5_BYTES];
	char text[2 * FL_MD5_BYTES + 1] = "";
	if (fl_bytes_map(file->disk_path, &bytes))
		bytes = (struct fl_bytes){0};
	fl_md5(bytes.data, bytes.size, digest);
	fl_bytes_unmap(&bytes);
	for (size_t i = 0; i < FL_MD5_BYTES; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
	json_text(json, "source_digest", text);
}

/* One element for each line from the first on; null is not code. */
static void write_lines(struct json_out *json, const struct fl_file *file)
{
	uint32_t next = 1;
	json_open(json, "coverage", '[');
	for (size_t i = 0; i < file->line_count; i++) {
		const struct fl_line *line = &file->lines[i];
		for (; next < line->line; next++)
			json_null(json, NULL);
		if (line->excluded)
			json_null(json, NULL);
		else
			json_number(json, NULL, line->count);
		next++;
	}
	json_close(json, ']');
}

/* Line, block, branch, times taken; flat. */
static void write_branches(struct json_out *json, const struct fl_file *file)
{
	uint32_t block = 0;
	json_open(json, "branches", '[');
	for (size_t i = 0; i < file->branch_count; i++) {
		const struct fl_branch *branch = &file->branches[i];
		bool same_line = i && file->branches[i - 1].start.line == branch->start.line;
		block = same_line ? block + 1 : 0;
		for (int side = 0; side < 2 && !branch->excluded; side++) {
			if (branch->folded[!side])
				continue;
			json_number(json, NULL, branch->start.line);
			json_number(json, NULL, block);
			json_number(json, NULL, (uint64_t)side);
			json_number(json, NULL, branch->taken[!side]);
		}
	}
	json_close(json, ']');
}

int fl_write_coveralls(const struct fl_model *model, const char *path, struct fl_error *error)
{
	struct fl_output output;
	if (fl_output_open(&output, path, error))
		return -1;
	struct json_out json = {.stream = output.stream};
	json_open(&json, NULL, '{');
	write_environment(&json);
	json_open(&json, "source_files", '[');
	for (size_t i = 0; i < model->file_count; i++) {
		json_newline(&json);
		json_open(&json, NULL, '{');
		json_text(&json, "name", model->files[i].path);
		write_digest(&json, &model->files[i]);
		write_lines(&json, &model->files[i]);
		write_branches(&json, &model->files[i]);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_close(&json, '}');
	putc('\n', output.stream);
	return fl_output_close(&output, error);
}
