/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * git.c: see git.h. Only the parts of a patch that say which lines are read, never the lines.
 */
#include "read/git.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/command.h"
#include "util/memory.h"
#include "util/text.h"

/* Runs git; its first line of complaint becomes the error. */
static int run(
	const char *const *argv, const char *directory, struct fl_command *command, struct fl_error *error)
{
	fl_command_run(argv, directory, command);
	if (!command->status)
		return 0;
	int result = command->status == 127
			     ? fl_error_set(error, FL_EXIT_DATA, "--base needs git, which cannot be run")
			     : fl_error_set(error, FL_EXIT_DATA, "git: %s", command->complaint);
	fl_command_free(command);
	return result;
}

static const char *first_line(const struct fl_command *command, struct fl_arena *arena)
{
	return fl_arena_bytes(arena, command->output, strcspn(command->output, "\n"));
}

static int find_top(
	const char *directory, struct fl_patch *patch, struct fl_arena *arena, struct fl_error *error)
{
	struct fl_command command;
	const char *const argv[] = {"git", "rev-parse", "--show-toplevel", NULL};
	if (run(argv, directory, &command, error))
		return command.status == 127 ? -1
					     : fl_error_set(error, FL_EXIT_USAGE,
						       "--base: %s is in no working tree of git (%s)",
						       directory, error->text);
	patch->top = first_line(&command, arena);
	fl_command_free(&command);
	return 0;
}

static bool is_shallow(const char *top)
{
	struct fl_command command;
	fl_command_run(
		(const char *const[]){"git", "rev-parse", "--is-shallow-repository", NULL}, top, &command);
	bool shallow = !strncmp(command.output, "true", 4);
	fl_command_free(&command);
	return shallow;
}

static int no_revision(const struct fl_patch *patch, struct fl_error *error)
{
	if (is_shallow(patch->top))
		return fl_error_set(error, FL_EXIT_DATA,
			"--base: this shallow clone does not have %s; fetch it first (git fetch --unshallow, "
			"or "
			"fetch-depth: 0)",
			patch->named);
	return fl_error_set(error, FL_EXIT_USAGE, "--base: there is no revision %s", patch->named);
}

static int no_merge_base(const struct fl_patch *patch, struct fl_error *error)
{
	if (is_shallow(patch->top))
		return fl_error_set(error, FL_EXIT_DATA,
			"--base: this shallow clone ends before %s and HEAD part; fetch more of it (git "
			"fetch "
			"--unshallow, or fetch-depth: 0)",
			patch->named);
	return fl_error_set(error, FL_EXIT_USAGE, "--base: %s and HEAD have no common history", patch->named);
}

/* Where the revision and HEAD part. Before the first commit there is no HEAD, and no base either. */
static int find_revision(struct fl_patch *patch, struct fl_arena *arena, struct fl_error *error)
{
	struct fl_command command;
	const char *commit = fl_arena_format(arena, "%s^{commit}", patch->named);
	if (*patch->named == '-')
		return fl_error_set(error, FL_EXIT_USAGE, "--base wants a revision, not '%s'", patch->named);
	fl_command_run((const char *const[]){"git", "rev-parse", "--verify", "--quiet", "--end-of-options",
			       commit, NULL},
		patch->top, &command);
	bool known = !command.status;
	commit = first_line(&command, arena);
	fl_command_free(&command);
	if (!known)
		return no_revision(patch, error);
	fl_command_run(
		(const char *const[]){"git", "merge-base", commit, "HEAD", NULL}, patch->top, &command);
	bool related = !command.status;
	patch->revision = first_line(&command, arena);
	fl_command_free(&command);
	return related ? 0 : no_merge_base(patch, error);
}

/* A name as git writes it: quoted as in C where it holds a control character, a quote or a backslash, else
 * followed by a tab where it holds a space; "a/" or "b/" before it. NULL: /dev/null. */
static const char *read_name(const char *text, size_t length, struct fl_arena *arena)
{
	static const char letters[] = "abtnvfr\"\\", meanings[] = "\a\b\t\n\v\f\r\"\\";
	char *name = fl_arena_alloc(arena, length + 1), *out = name;
	if (*text != '"') {
		memcpy(name, text, length);
		name[strcspn(name, "\t\r")] = '\0';
	} else {
		for (const char *p = text + 1; p < text + length && *p != '"'; p++) {
			const char *known = *p == '\\' ? strchr(letters, p[1]) : NULL;
			if (*p != '\\') {
				*out++ = *p;
			} else if (known && p[1]) {
				*out++ = meanings[known - letters];
				p++;
			} else { /* three octal digits */
				char digits[4] = {p[1], p[2], p[3], 0};
				*out++ = (char)strtoul(digits, NULL, 8);
				p += 3;
			}
		}
	}
	if (!strcmp(name, "/dev/null"))
		return NULL;
	return name;
}

static const char *below_prefix(const char *name)
{
	return name && (!strncmp(name, "a/", 2) || !strncmp(name, "b/", 2)) ? name + 2 : name;
}

struct parser {
	struct fl_patch *patch;
	struct fl_patch_file *file; /* NULL before the first */
	struct fl_arena *arena;
	uint32_t old_left, new_left; /* lines of the hunk that are still to come */
};

static void end_file(struct parser *parser)
{
	struct fl_patch_file *file = parser->file;
	if (!file)
		return;
	file->change = !file->path                          ? FL_CHANGE_DELETED
		       : !file->old_path                    ? FL_CHANGE_ADDED
		       : strcmp(file->path, file->old_path) ? FL_CHANGE_MOVED
							    : FL_CHANGE_EDITED;
	parser->file = NULL;
}

static void begin_file(struct parser *parser)
{
	struct fl_patch *patch = parser->patch;
	end_file(parser);
	parser->file = FL_PUSH(patch->files, patch->file_count, patch->file_capacity);
	*parser->file = (struct fl_patch_file){0};
}

/* "@@ -17,0 +18,3 @@"; a count that is left out is 1. */
static void add_hunk(struct parser *parser, const char *line)
{
	struct fl_hunk hunk = {.old_count = 1, .new_count = 1};
	char *at = strchr(line, '-');
	if (!at || !parser->file)
		return;
	hunk.old_first = (uint32_t)strtoul(at + 1, &at, 10);
	if (*at == ',')
		hunk.old_count = (uint32_t)strtoul(at + 1, &at, 10);
	at = strchr(at, '+');
	if (!at)
		return;
	hunk.new_first = (uint32_t)strtoul(at + 1, &at, 10);
	if (*at == ',')
		hunk.new_count = (uint32_t)strtoul(at + 1, &at, 10);
	parser->old_left = hunk.old_count;
	parser->new_left = hunk.new_count;
	*FL_PUSH(parser->file->hunks, parser->file->hunk_count, parser->file->hunk_capacity) = hunk;
}

/* A line of a hunk's text may look like anything, so they are counted. */
static bool is_text(struct parser *parser, const char *line)
{
	if (!parser->old_left && !parser->new_left)
		return false;
	if (*line == '-' && parser->old_left)
		parser->old_left--;
	else if (*line == '+' && parser->new_left)
		parser->new_left--;
	else if (*line != '\\') /* "\ No newline at end of file" */
		return false;
	return true;
}

static void read_line(struct parser *parser, const char *line, size_t length)
{
	static const char from[] = "rename from ", to[] = "rename to ", added[] = "new file mode",
			  deleted[] = "deleted file mode", old_side[] = "--- ", new_side[] = "+++ ";
#define IS(word)   (!strncmp(line, word, sizeof(word) - 1))
#define REST(word) read_name(line + sizeof(word) - 1, length - (sizeof(word) - 1), parser->arena)
	if (is_text(parser, line))
		return;
	if (IS("diff --git "))
		begin_file(parser);
	else if (!parser->file)
		return;
	else if (IS("@@ "))
		add_hunk(parser, line);
	else if (IS(from))
		parser->file->old_path = REST(from);
	else if (IS(to))
		parser->file->path = REST(to);
	else if (IS(old_side))
		parser->file->old_path = below_prefix(REST(old_side));
	else if (IS(new_side))
		parser->file->path = below_prefix(REST(new_side));
	else if (IS(added) || IS(deleted))
		return;
#undef IS
#undef REST
}

static void parse(struct fl_patch *patch, const char *text, struct fl_arena *arena)
{
	struct parser parser = {.patch = patch, .arena = arena};
	for (const char *line = text; *line;) {
		const char *end = strchrnul(line, '\n');
		read_line(&parser, line, (size_t)(end - line));
		line = end + (*end == '\n');
	}
	end_file(&parser);
	size_t kept = 0; /* an empty file, or one whose mode changed, has no lines to speak of */
	for (size_t i = 0; i < patch->file_count; i++)
		if (patch->files[i].path || patch->files[i].old_path)
			patch->files[kept++] = patch->files[i];
	patch->file_count = kept;
}

static int read_diff(struct fl_patch *patch, struct fl_arena *arena, struct fl_error *error)
{
	struct fl_command command;
	const char *const argv[] = {"git", "-c", "core.quotePath=false", "-c", "diff.noprefix=false", "diff",
		"--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/",
		"--find-renames", "--unified=0", "--inter-hunk-context=0", "--ignore-cr-at-eol",
		"--ignore-submodules", "--submodule=short", "--no-relative", patch->revision, "--", NULL};
	if (run(argv, patch->top, &command, error))
		return -1;
	parse(patch, command.output, arena);
	fl_command_free(&command);
	return 0;
}

/* Files that git does not know and was not told to ignore: all their lines are new. */
static int add_unknown(struct fl_patch *patch, struct fl_arena *arena, struct fl_error *error)
{
	struct fl_command command;
	const char *const argv[] = {"git", "ls-files", "--others", "--exclude-standard", "-z", NULL};
	if (run(argv, patch->top, &command, error))
		return -1;
	for (const char *name = command.output; name < command.output + command.size;
		name += strlen(name) + 1)
		*FL_PUSH(patch->files, patch->file_count, patch->file_capacity) = (struct fl_patch_file){
			.change = FL_CHANGE_ADDED, .path = fl_arena_bytes(arena, name, strlen(name))};
	fl_command_free(&command);
	return 0;
}

/* From here on the arena owns them. */
static void settle(struct fl_patch *patch, struct fl_arena *arena)
{
	for (size_t i = 0; i < patch->file_count; i++) {
		struct fl_patch_file *file = &patch->files[i];
		void *hunks = fl_arena_array(arena, file->hunk_count, sizeof *file->hunks);
		if (file->hunk_count)
			memcpy(hunks, file->hunks, file->hunk_count * sizeof *file->hunks);
		free(file->hunks);
		file->hunks = hunks;
	}
	void *files = fl_arena_array(arena, patch->file_count, sizeof *patch->files);
	if (patch->file_count)
		memcpy(files, patch->files, patch->file_count * sizeof *patch->files);
	free(patch->files);
	patch->files = files;
}

int fl_git_patch(const char *directory, const char *revision, struct fl_patch *patch, struct fl_arena *arena,
	struct fl_error *error)
{
	*patch = (struct fl_patch){.named = revision};
	if (find_top(directory, patch, arena, error) || find_revision(patch, arena, error))
		return -1;
	int result = read_diff(patch, arena, error);
	if (!result)
		result = add_unknown(patch, arena, error);
	settle(patch, arena);
	return result;
}
