/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * descriptors.c: one thread uses a descriptor, or closes it, and another closes it, in an order that only a
 * mutex tells. In the racy twin they take different mutexes. And the order that comes with a number that is
 * given out again.
 */
#include "pairs.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t mutex[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static int ends[2], sockets[2], files, instance;
static FILE *stream;
static char byte;

static void must(int is_so)
{
	if (!is_so)
		abort();
}

#define LOCKED(name, ...)                                                                                    \
	static void name(int o)                                                                              \
	{                                                                                                    \
		pthread_mutex_lock(&mutex[o]);                                                               \
		__VA_ARGS__;                                                                                 \
		pthread_mutex_unlock(&mutex[o]);                                                             \
	}
LOCKED(writes, must(write(ends[1], &byte, 1) == 1))
LOCKED(closes, must(!close(ends[1])))
LOCKED(closes_again, must(close(ends[1]) == -1))
LOCKED(writes_late, must(write(ends[1], &byte, 1) == -1))
LOCKED(sends, must(send(sockets[0], &byte, 1, 0) == 1))
LOCKED(closes_socket, must(!close(sockets[0])))
LOCKED(looks, must(poll(&(struct pollfd){sockets[0], POLLOUT, 0}, 1, 0) == 1))
LOCKED(adds, must(!epoll_ctl(instance, EPOLL_CTL_ADD, ends[0], &(struct epoll_event){.events = EPOLLIN})))
LOCKED(closes_in, must(!close(ends[0])))
LOCKED(closes_instance, must(!close(instance)))
LOCKED(replaces, must(dup2(files, ends[1]) == ends[1]))
LOCKED(reads, must(fcntl(fileno(stream), F_GETFL) >= 0))
LOCKED(closes_stream, must(!fclose(stream)))

/* A child's table is its own. In the racy twin it is the parent that closes. */
static void child_closes(int o)
{
	pid_t child = o ? 0 : fork();
	int status;

	if (!child)
		for (int fd = 3; fd < 100; fd++)
			close(fd);
	if (!child && !o)
		_exit(0);
	if (child > 0)
		must(waitpid(child, &status, 0) == child && !status);
}

static void vfork_child_closes(int o)
{
	pid_t child = o ? 0 : vfork();
	int status;

	if (!child)
		close(ends[1]);
	if (!child && !o)
		_exit(0);
	if (child > 0)
		must(waitpid(child, &status, 0) == child && !status);
}

static void uses(int o)
{
	(void)o;
	must(write(ends[1], &byte, 1) == 1);
}

/* The lowest free number comes next. */
static void gives_number(int o)
{
	(void)o;
	shared++;
	close(files);
}

static void takes_number(int o)
{
	int got = o ? files : open("/dev/null", O_RDONLY);

	must(got == files);
	shared++;
}

static const struct pair pairs[] = {
	{"write_close", writes, closes, 0},
	{"close_write", closes, writes_late, 0},
	{"close_close", closes, closes_again, 0},
	{"send_close", sends, closes_socket, 0},
	{"poll_close", looks, closes_socket, 0},
	{"epoll_ctl_close", adds, closes_in, 0},
	{"epoll_ctl_close_instance", adds, closes_instance, 0},
	{"write_dup2", writes, replaces, 0},
	{"fcntl_fclose", reads, closes_stream, 0},
	{"write_fork", uses, child_closes, 0},
	{"write_vfork", uses, vfork_child_closes, 0},
	{"number_again", gives_number, takes_number, 0},
	{0},
};

int main(int argc, char **argv)
{
	must(!pipe(ends) && !socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	instance = epoll_create1(0);
	stream = fopen("/dev/null", "r");
	files = open("/dev/null", O_RDONLY);
	must(instance >= 0 && stream && files >= 0);
	return pair_run(pairs, argc, argv);
}
