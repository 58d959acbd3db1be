/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * command.c: see command.h. Both pipes are read as they fill, so that neither side waits for the other. Safe
 * in several threads at once.
 */
#include "util/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/memory.h"

struct stream {
	int fd; /* -1: at its end */
	char *bytes;
	size_t count, capacity;
};

/* After a fork of a program with threads: nothing but system calls until exec. */
static _Noreturn void become(const char *const *argv, const char *directory, int out, int err)
{
	int null = open("/dev/null", O_RDONLY);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
		dup2(err, STDERR_FILENO) < 0 || chdir(directory))
		_exit(127);
	execvp(argv[0], (char *const *)argv);
	_exit(127);
}

static void read_some(struct stream *stream)
{
	enum { PIECE = 1 << 16 };
	if (stream->capacity - stream->count < PIECE) {
		stream->capacity = stream->capacity * 2 + 2 * PIECE;
		stream->bytes = fl_resize(stream->bytes, stream->capacity, 1);
	}
	ssize_t got = read(stream->fd, stream->bytes + stream->count, PIECE - 1);
	if (got > 0)
		stream->count += (size_t)got;
	else if (!got || errno != EINTR) {
		close(stream->fd);
		stream->fd = -1;
	}
}

static void read_both(struct stream streams[2])
{
	while (streams[0].fd >= 0 || streams[1].fd >= 0) {
		struct pollfd polled[2] = {{streams[0].fd, POLLIN, 0}, {streams[1].fd, POLLIN, 0}};
		if (poll(polled, 2, -1) < 0 && errno != EINTR)
			break;
		for (int i = 0; i < 2; i++)
			if (streams[i].fd >= 0 && polled[i].revents)
				read_some(&streams[i]);
	}
}

static char *text_of(struct stream *stream)
{
	stream->bytes = fl_resize(stream->bytes, stream->count + 1, 1);
	stream->bytes[stream->count] = '\0';
	return stream->bytes;
}

static int wait_for(pid_t pid)
{
	int status;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 127;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void fl_command_run(const char *const *argv, const char *directory, struct fl_command *command)
{
	int out[2] = {-1, -1}, err[2] = {-1, -1};
	*command = (struct fl_command){.status = 127};
	pid_t pid = pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC) ? -1 : fork();
	if (!pid)
		become(argv, directory, out[1], err[1]);
	close(out[1]);
	close(err[1]);
	struct stream streams[2] = {{.fd = pid > 0 ? out[0] : -1}, {.fd = pid > 0 ? err[0] : -1}};
	read_both(streams);
	if (pid > 0)
		command->status = wait_for(pid);
	command->output = text_of(&streams[0]);
	command->size = streams[0].count;
	command->complaint = text_of(&streams[1]);
	command->complaint[strcspn(command->complaint, "\n")] = '\0';
}

void fl_command_free(struct fl_command *command)
{
	free(command->output);
	free(command->complaint);
	*command = (struct fl_command){0};
}
