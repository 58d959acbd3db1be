/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * symbolize.c: see symbolize.h.
 */
#include "read/symbolize.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "read/paths.h"
#include "read/race_block.h"
#include "read/suppress.h"
#include "read/symbols.h"
#include "util/memory.h"

#define HELLO "furlong-symbolize 1"

struct server {
	int fd;
	FILE *in;
	fl_symbolize_write *write;
	struct fl_arena *arena; /* of the options */
	const char *strip, *root;
	bool tsan_style;
	struct fl_suppressions suppressions;
	struct fl_symbols *symbols;
};

/* In place. */
static void decode(char *text)
{
	char *out = text;
	for (char *in = text; *in; in++) {
		char digits[3] = {0};
		if (*in == '%' && in[1] && in[2]) {
			memcpy(digits, in + 1, 2);
			*out++ = (char)strtoul(digits, NULL, 16);
			in += 2;
		} else if (*in != '%') {
			*out++ = *in;
		}
	}
	*out = '\0';
}

static void set_option(struct server *server, char *option)
{
	char *value = strchr(option, ' ');
	if (!value)
		return;
	*value++ = '\0';
	decode(value);
	const char *copy = fl_arena_bytes(server->arena, value, strlen(value));
	if (!strcmp(option, "strip-path-prefix"))
		server->strip = copy;
	else if (!strcmp(option, "style"))
		server->tsan_style = !strcmp(copy, "tsan");
	else if (!strcmp(option, "directory") && *copy && chdir(copy))
		server->root = "/"; /* gone: paths are shown as they are */
	else if (!strcmp(option, "suppressions"))
		fl_suppress_add(&server->suppressions, copy, strlen(copy), server->arena);
}

static int send_all(int fd, const char *bytes, size_t size)
{
	while (size) {
		ssize_t n = send(fd, bytes, size, MSG_NOSIGNAL);
		if (n < 0 && errno == ENOTSOCK)
			n = write(fd, bytes, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		bytes += n;
		size -= (size_t)n;
	}
	return 0;
}

static void strip_stack(const struct server *server, struct fl_stack *stack)
{
	for (size_t i = 0; i < stack->count; i++) {
		struct fl_frame *frame = &stack->frames[i];
		const char *found = frame->disk_path ? strstr(frame->disk_path, server->strip) : NULL;
		if (!found)
			continue;
		found += strlen(server->strip);
		frame->file = *found == '/' ? found + 1 : found;
	}
}

static void strip_all(const struct server *server, struct fl_race *race)
{
	for (size_t i = 0; i < race->access_count; i++)
		strip_stack(server, &race->accesses[i].stack);
	strip_stack(server, &race->location.allocated);
	strip_stack(server, &race->location.freed_at);
	for (size_t i = 0; i < race->thread_count; i++)
		strip_stack(server, &race->threads[i].created);
	for (size_t i = 0; i < race->lock_count; i++)
		strip_stack(server, &race->locks[i].created);
}

static int answer(struct server *server, struct fl_race *race, struct fl_arena *arena)
{
	char *text = NULL, *head = NULL;
	size_t text_size = 0, head_size = 0;
	if (!race)
		return send_all(server->fd, "verdict new 0\n", 14);
	if (!server->symbols)
		server->symbols = fl_symbols_new(server->root ? server->root : fl_paths_base(server->arena));
	fl_symbols_resolve(server->symbols, race, arena);
	const struct fl_suppression *by = fl_suppress_find(&server->suppressions, race);
	if (server->strip && *server->strip) {
		strip_all(server, race);
		race->summary = fl_symbols_summary(race, arena);
	}
	FILE *out = open_memstream(&text, &text_size);
	if (!by)
		server->write(out, race, server->tsan_style);
	fclose(out);
	out = open_memstream(&head, &head_size);
	fprintf(out, "verdict %s %zu%s%s\n", by ? "suppressed" : "new", text_size, by ? " " : "",
		by ? by->text : "");
	fclose(out);
	int rc = send_all(server->fd, head, head_size) || send_all(server->fd, text, text_size) ? -1 : 0;
	free(head);
	free(text);
	return rc;
}

static int serve_block(struct server *server, const char *bytes, size_t size)
{
	struct fl_arena *arena = fl_arena_new();
	struct fl_race_text text = {.path = "report", .data = bytes, .size = size};
	struct fl_race_block block;
	struct fl_error ignored;
	int found = fl_race_block_read(&text, &block, arena, &ignored);
	int rc = answer(server, found > 0 ? block.race : NULL, arena);
	fl_arena_free(arena);
	return rc;
}

/* Lines of a block, up to its end. */
static int collect_block(struct server *server, char **line, size_t *capacity)
{
	char *bytes = NULL;
	size_t size = 0;
	ssize_t length = 0;
	FILE *block = open_memstream(&bytes, &size);
	do
		fputs(*line, block);
	while (strcmp(*line, "end\n") && (length = getline(line, capacity, server->in)) > 0);
	fclose(block);
	int rc = length < 0 ? -1 : serve_block(server, bytes, size);
	free(bytes);
	return rc;
}

static int serve_lines(struct server *server, struct fl_error *error)
{
	char *line = NULL;
	size_t capacity = 0;
	int rc = 0;
	if (getline(&line, &capacity, server->in) < 0 || strcmp(line, HELLO "\n"))
		rc = fl_error_set(error, FL_EXIT_USAGE,
			"symbolize is for the runtime, which talks to it by a socket as standard input");
	while (!rc && getline(&line, &capacity, server->in) > 0) {
		if (!strncmp(line, "option ", 7)) {
			line[strcspn(line, "\n")] = '\0';
			set_option(server, line + 7);
		} else if (collect_block(server, &line, &capacity)) {
			break; /* nobody is there any more */
		}
	}
	free(line);
	return rc;
}

int fl_symbolize_serve(int fd, fl_symbolize_write *write, struct fl_error *error)
{
	struct server server = {.fd = fd, .in = fdopen(fd, "r"), .write = write, .arena = fl_arena_new()};
	fl_suppress_add_known(&server.suppressions, server.arena);
	int rc = server.in ? serve_lines(&server, error)
			   : fl_error_set(error, FL_EXIT_USAGE, "symbolize: no standard input");
	if (server.symbols)
		fl_symbols_free(server.symbols);
	fl_suppress_free(&server.suppressions);
	fl_arena_free(server.arena);
	if (server.in)
		fclose(server.in);
	return rc;
}
