/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * symbolize.c: see symbolize.h. What stands in the shared memory is looked at again and again while it is
 * judged, but believed only as far as it lies inside.
 */
#include "read/symbolize.h"

#include <errno.h>
#include <furlong/format.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "read/paths.h"
#include "read/race_block.h"
#include "read/race_field.h"
#include "read/suppress.h"
#include "read/symbols.h"
#include "util/memory.h"

struct server {
	int fd;
	fl_symbolize_write *write;
	struct furlong_spool *spool; /* NULL: not yet */
	int out, data;               /* -1: none */
	struct fl_arena *arena;      /* of the options */
	const char *strip, *root;
	bool tsan_style;
	struct fl_suppressions suppressions;
	struct fl_symbols *symbols;
};

/* ---- options ------------------------------------------------------------------------------------------- */

/* "NAME VALUE" */
static void set_option(struct server *server, const char *option)
{
	const char *space = strchr(option, ' ');
	if (!space)
		return;
	size_t length = (size_t)(space - option);
	const char *value = fl_race_field(server->arena, space + 1, strlen(space + 1));
	if (!strncmp(option, "strip-path-prefix", length))
		server->strip = value;
	else if (!strncmp(option, "style", length))
		server->tsan_style = !strcmp(value, "tsan");
	else if (!strncmp(option, "directory", length) && *value && chdir(value))
		server->root = "/"; /* gone: paths are shown as they are */
	else if (!strncmp(option, "suppressions", length))
		fl_suppress_add(&server->suppressions, value, strlen(value), server->arena);
}

/* False: that is no spool of ours. */
static bool take_spool(struct server *server, int fd)
{
	struct stat st;
	if (fstat(fd, &st) || (uint64_t)st.st_size < sizeof *server->spool)
		return false;
	struct furlong_spool *spool =
		mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	uint64_t size = (uint64_t)st.st_size;
	if (spool == MAP_FAILED)
		return false;
	if (spool->version != FURLONG_SPOOL_VERSION || spool->options_at > size ||
		spool->options_bytes > size - spool->options_at || spool->places_at > size ||
		!spool->places || spool->places > (size - spool->places_at) / sizeof(uint64_t) ||
		spool->ring_at > size || spool->ring_bytes > size - spool->ring_at)
		return false;
	server->spool = spool;
	const char *bytes = (const char *)spool + spool->options_at;
	char *text = fl_arena_bytes(server->arena, bytes, spool->options_bytes), *rest = NULL;
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		if (!strncmp(line, "option ", 7))
			set_option(server, line + 7);
	return true;
}

/* ---- one report ---------------------------------------------------------------------------------------- */

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

/* What is to be printed; or NULL, and *by: the suppression that it matches. */
static char *judge(struct server *server, struct fl_race *race, struct fl_arena *arena, const char **by)
{
	char *text = NULL;
	size_t size = 0;
	if (!server->symbols)
		server->symbols = fl_symbols_new(server->root ? server->root : fl_paths_base(server->arena));
	fl_symbols_resolve(server->symbols, race, arena);
	const struct fl_suppression *found = fl_suppress_find(&server->suppressions, race);
	if (found) {
		*by = found->text;
		return NULL;
	}
	if (server->strip && *server->strip) {
		strip_all(server, race);
		race->summary = fl_symbols_summary(race, arena);
	}
	FILE *out = open_memstream(&text, &size);
	server->write(out, race, server->tsan_style);
	fclose(out);
	return text;
}

/* All of it, whatever the descriptor is: the program's own may be one that does not block. */
static void write_all(int fd, const char *text, size_t size)
{
	while (fd >= 0 && size) {
		ssize_t n = write(fd, text, size);
		if (n < 0 && errno == EAGAIN)
			poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
		else if (n <= 0 && errno != EINTR)
			return;
		if (n <= 0)
			continue;
		text += n;
		size -= (size_t)n;
	}
}

/* The head of the block, which says what process it is, and that this report of it is suppressed. */
static void note_suppressed(
	const struct server *server, const struct fl_race_block *block, const char *bytes, const char *by)
{
	char *note = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&note, &size);
	const char *line = bytes;
	while (strncmp(line, "module ", 7) && strncmp(line, "report ", 7)) {
		const char *next = strchr(line, '\n') + 1;
		fwrite(line, 1, (size_t)(next - line), out);
		line = next;
	}
	fprintf(out, "suppressed %016" PRIx64 " %s\nend\n", block->key, fl_race_field_of(server->arena, by));
	fclose(out);
	write_all(server->data, note, size);
	free(note);
}

static void give_verdict(struct furlong_spool_report *report, uint32_t verdict, const char *answer)
{
	char *room = (char *)(report + 1) + report->block_bytes + report->text_bytes;
	if (report->answer_bytes) {
		strncpy(room, answer, report->answer_bytes - 1);
		room[report->answer_bytes - 1] = '\0';
	}
	__atomic_store_n(&report->verdict, verdict, __ATOMIC_RELEASE);
}

/* Who hangs must not keep the program's own output open, also when that has ended. */
static void serve_report(struct server *server, struct furlong_spool_report *report)
{
	struct fl_arena *arena = fl_arena_new();
	const char *bytes = fl_arena_bytes(arena, (const char *)(report + 1), report->block_bytes),
		   *by = NULL;
	const char *bare = (const char *)(report + 1) + report->block_bytes;
	struct fl_race_text text = {.path = "report", .data = bytes, .size = report->block_bytes};
	struct fl_race_block block;
	struct fl_error ignored;
	alarm(2 * server->spool->seconds); /* it does not wait for so long */
	bool readable = fl_race_block_read(&text, &block, arena, &ignored) > 0 && block.race;
	char *named = readable ? judge(server, block.race, arena, &by) : NULL;
	const char *said = named ? named : fl_arena_bytes(arena, bare, report->text_bytes);
	alarm(0);
	if (by)
		note_suppressed(server, &block, bytes, by);
	give_verdict(report, by ? FURLONG_VERDICT_SUPPRESSED : FURLONG_VERDICT_NEW, by ? by : said);
	if (!by)
		write_all(server->out, said, strlen(said));
	free(named);
	fl_arena_free(arena);
}

/* ---- all of them --------------------------------------------------------------------------------------- */

/* NULL: it is none. */
static struct furlong_spool_report *report_at(const struct furlong_spool *spool, uint64_t number)
{
	uint64_t at = ((const uint64_t *)((const char *)spool + spool->places_at))[number % spool->places];
	uint64_t room = spool->ring_bytes;
	struct furlong_spool_report *report = (void *)((char *)spool + spool->ring_at + at);
	if (at % 16 || at > room || room - at < sizeof *report)
		return NULL;
	uint64_t needed = (uint64_t)report->block_bytes + report->text_bytes + report->answer_bytes;
	return needed <= room - at - sizeof *report ? report : NULL;
}

static bool serve_all(struct server *server)
{
	struct furlong_spool *spool = server->spool;
	while (spool->answered < __atomic_load_n(&spool->asked, __ATOMIC_ACQUIRE)) {
		struct furlong_spool_report *report = report_at(spool, spool->answered);
		if (!report)
			return false;
		serve_report(server, report);
		__atomic_store_n(&spool->answered, spool->answered + 1, __ATOMIC_RELEASE);
		send(server->fd, (char[]){FURLONG_SPOOL_ANSWER}, 1, MSG_DONTWAIT | MSG_NOSIGNAL);
	}
	return true;
}

/* A byte of the runtime's, with its descriptors; 0: there are none any more, -1: that is no socket. */
static ssize_t receive(int fd, char *byte, int fds[4], size_t *count)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(4 * sizeof(int))];
	} control;
	struct iovec bytes = {byte, 1};
	struct msghdr message = {.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control};
	ssize_t n;
	do
		n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	struct cmsghdr *head = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;
	*count = head ? (head->cmsg_len - CMSG_LEN(0)) / sizeof(int) : 0;
	if (*count)
		memcpy(fds, CMSG_DATA(head), *count * sizeof(int));
	return n;
}

static bool serve_byte(struct server *server, char byte, const int *fds, size_t count)
{
	size_t next = 0;
	if (byte == FURLONG_SPOOL_HERE)
		return !server->spool && count == 1 && take_spool(server, fds[0]);
	if (!server->spool || (byte & ~(FURLONG_SPOOL_OUT | FURLONG_SPOOL_DATA)) != FURLONG_SPOOL_GO)
		return false;
	server->out = byte & FURLONG_SPOOL_OUT && next < count ? fds[next++] : -1;
	server->data = byte & FURLONG_SPOOL_DATA && next < count ? fds[next++] : -1;
	bool good = serve_all(server);
	server->out = server->data = -1;
	return good;
}

static int serve_bytes(struct server *server, struct fl_error *error)
{
	int fds[4];
	size_t count;
	char byte;
	bool good = true;
	while (good && receive(server->fd, &byte, fds, &count) > 0) {
		good = serve_byte(server, byte, fds, count);
		for (size_t i = 0; i < count; i++)
			close(fds[i]);
	}
	if (good && server->spool)
		return 0;
	return fl_error_set(error, FL_EXIT_USAGE,
		"symbolize is for the runtime, which talks to it by a socket as standard input");
}

int fl_symbolize_serve(int fd, fl_symbolize_write *write, struct fl_error *error)
{
	struct server server = {.fd = fd, .write = write, .out = -1, .data = -1, .arena = fl_arena_new()};
	fl_suppress_add_known(&server.suppressions, server.arena);
	int rc = serve_bytes(&server, error);
	if (server.symbols)
		fl_symbols_free(server.symbols);
	fl_suppress_free(&server.suppressions);
	fl_arena_free(server.arena);
	return rc;
}
