/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * channels.c: data that the kernel hands from thread to thread: pipes, sockets, counters, queues, locks of
 * files, streams. In the racy twin the second takes its data from a channel that the main thread filled.
 */
#include "pairs.h"

#include <aio.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

static void must(int is_so)
{
	if (!is_so)
		abort();
}

static char byte = 1;
static int in[2], out[2]; /* of each object */
static FILE *stream_in[2], *stream_out[2];
static int number[2]; /* of a queue or a set */
static char path[2][64];

/* NAME_make(object) makes both ends; then the first gives and the second takes. */
#define GIVES(name, ...)                                                                                     \
	static void name(int o)                                                                              \
	{                                                                                                    \
		(void)o;                                                                                     \
		shared++;                                                                                    \
		__VA_ARGS__;                                                                                 \
	}
#define TAKES(name, ...)                                                                                     \
	static void name(int o)                                                                              \
	{                                                                                                    \
		char got[256];                                                                               \
                                                                                                             \
		(void)o;                                                                                     \
		(void)got;                                                                                   \
		__VA_ARGS__;                                                                                 \
		shared++;                                                                                    \
	}

/* ---- descriptors ---- */

static void make_pipe(int o)
{
	int fds[2];

	must(!pipe(fds));
	in[o] = fds[0];
	out[o] = fds[1];
}

static void make_pair(int o)
{
	int fds[2];

	must(!socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	in[o] = fds[0];
	out[o] = fds[1];
}

static void make_fifo(int o)
{
	snprintf(path[o], sizeof(path[o]), "/tmp/furlong-fifo-%d-%d", getpid(), o);
	must(!mkfifo(path[o], 0600));
	in[o] = open(path[o], O_RDONLY | O_NONBLOCK);
	out[o] = open(path[o], O_WRONLY);
	must(in[o] >= 0 && out[o] >= 0 && !unlink(path[o]));
}

static void make_internet(int o, int type)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t room = sizeof(at);
	int listener = socket(AF_INET, type, 0);

	must(!bind(listener, (struct sockaddr *)&at, sizeof(at)));
	must(!getsockname(listener, (struct sockaddr *)&at, &room));
	out[o] = socket(AF_INET, type, 0);
	if (type == SOCK_DGRAM) {
		in[o] = listener;
		must(!connect(out[o], (struct sockaddr *)&at, room));
		return;
	}
	must(!listen(listener, 1) && !connect(out[o], (struct sockaddr *)&at, room));
	in[o] = accept(listener, NULL, NULL);
	must(in[o] >= 0);
	close(listener);
}

static void make_tcp(int o)
{
	make_internet(o, SOCK_STREAM);
}

static void make_udp(int o)
{
	make_internet(o, SOCK_DGRAM);
}

static void make_local(int o)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(at.sun_path, sizeof(at.sun_path), "/tmp/furlong-local-%d-%d", getpid(), o);
	must(!bind(listener, (struct sockaddr *)&at, sizeof(at)) && !listen(listener, 1));
	out[o] = socket(AF_UNIX, SOCK_STREAM, 0);
	must(!connect(out[o], (struct sockaddr *)&at, sizeof(at)));
	in[o] = accept(listener, NULL, NULL);
	must(in[o] >= 0 && !unlink(at.sun_path));
	close(listener);
}

static void make_counter(int o)
{
	in[o] = eventfd(0, 0);
	out[o] = dup(in[o]);
}

GIVES(give_write, must(write(out[0], &byte, 1) == 1))
GIVES(give_writev, struct iovec part = {&byte, 1}; must(writev(out[0], &part, 1) == 1))
GIVES(give_send, must(send(out[0], &byte, 1, 0) == 1))
GIVES(give_sendmsg, struct iovec part = {&byte, 1};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1}; must(sendmsg(out[0], &message, 0) == 1))
GIVES(give_close, close(out[0]))
TAKES(take_read, must(read(in[o], got, 1) == 1))
TAKES(take_readv, struct iovec part = {got, 1}; must(readv(in[o], &part, 1) == 1))
TAKES(take_recv, must(recv(in[o], got, 1, 0) == 1))
TAKES(take_recvmsg, struct iovec part = {got, 1}; struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	must(recvmsg(in[o], &message, 0) == 1))
TAKES(take_end, must(read(in[o], got, 1) == 0))

/* In the racy twin the pipe is found ready, and not read. */
static void poll_it(int o)
{
	struct pollfd of = {in[0], POLLIN, 0};
	char got;

	must(poll(&of, 1, -1) == 1);
	if (!o)
		must(read(in[0], &got, 1) == 1);
	shared++;
}

static void select_it(int o)
{
	fd_set set;
	char got;

	FD_ZERO(&set);
	FD_SET(in[0], &set);
	must(select(in[0] + 1, &set, NULL, NULL, NULL) == 1);
	if (!o)
		must(read(in[0], &got, 1) == 1);
	shared++;
}

/* What is said of a descriptor comes back with its events. */
static int instance[2];

static void make_watched(int o)
{
	struct epoll_event event = {EPOLLIN, {.u64 = 7}};

	instance[o] = epoll_create1(0);
	make_pipe(o);
	must(write(out[o], &byte, 1) == 1);
	if (o)
		must(!epoll_ctl(instance[o], EPOLL_CTL_ADD, in[o], &event));
}

GIVES(give_event, struct epoll_event event = {EPOLLIN, {.u64 = 7}};
	must(!epoll_ctl(instance[0], EPOLL_CTL_ADD, in[0], &event)))
TAKES(take_event, struct epoll_event event; must(epoll_wait(instance[o], &event, 1, -1) == 1))

GIVES(give_count, must(!eventfd_write(out[0], 1)))
TAKES(take_count, eventfd_t value; must(!eventfd_read(in[o], &value)))

/* A descriptor that came through a socket is the counter that was sent. */
static void make_sent(int o)
{
	char room[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec part = {&byte, 1};
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int counter = eventfd(0, 0);

	make_pair(o);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &counter, sizeof(counter));
	must(sendmsg(out[o], &message, 0) == 1 && recvmsg(in[o], &message, 0) == 1);
	memcpy(&in[o], CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
	must(in[o] != counter);
	out[o] = counter;
}

static void make_timer(int o)
{
	in[o] = out[o] = timerfd_create(CLOCK_MONOTONIC, 0);
}

static const struct itimerspec soon = {.it_value = {0, 1}};
GIVES(give_time, must(!timerfd_settime(out[0], 0, &soon, NULL)))
TAKES(take_time, must(read(in[o], got, 8) == 8))

static void make_watch(int o)
{
	snprintf(path[o], sizeof(path[o]), "/tmp/furlong-watch-%d-%d", getpid(), o);
	must(!mkdir(path[o], 0700));
	in[o] = inotify_init();
	must(inotify_add_watch(in[o], path[o], IN_DELETE_SELF) >= 0);
}

static void drop_watch(int o)
{
	rmdir(path[o]);
}

GIVES(give_file, must(!rmdir(path[0])))
/* Who was told comes after all that changed files; who was not told does not. */
static void take_file(int o)
{
	char got[256];

	if (!o)
		must(read(in[0], got, sizeof(got)) > 0);
	shared++;
}

/* Bytes that are handed on inside the kernel. */
static int middle[2][2];

static void make_spliced(int o)
{
	make_pipe(o);
	must(!pipe(middle[o]));
}

static void *splicer(void *arg)
{
	must(splice(in[0], NULL, middle[0][1], NULL, 1, 0) == 1);
	return arg;
}

static void take_spliced(int o)
{
	pthread_t thread;
	char got;

	pthread_create(&thread, NULL, splicer, NULL);
	hidden_wait(1);
	if (!o)
		must(read(middle[0][0], &got, 1) == 1);
	shared++;
	pthread_join(thread, NULL);
}

/* ---- streams ---- */

static void make_streams(int o)
{
	make_pipe(o);
	stream_in[o] = fdopen(in[o], "r");
	stream_out[o] = fdopen(out[o], "w");
}

GIVES(give_printf, fprintf(stream_out[0], "%d %s\n", 1, "one"); fflush(stream_out[0]))
GIVES(give_fputs, fputs("1 one\n", stream_out[0]); fflush(stream_out[0]))
TAKES(take_fgets, must(fgets(got, sizeof(got), stream_in[o]) != NULL))
TAKES(take_scanf, int n; must(fscanf(stream_in[o], "%d %255s", &n, got) == 2))
TAKES(take_getc, must(getc(stream_in[o]) == '1'))

static void make_two_streams(int o)
{
	stream_out[o] = fopen("/dev/null", "w");
}

static void lock_stream(int o)
{
	flockfile(stream_out[o]);
	shared++;
	funlockfile(stream_out[o]);
}

static void try_stream(int o)
{
	must(!ftrylockfile(stream_out[o]));
	shared++;
	funlockfile(stream_out[o]);
}

/* ---- locks of files ---- */

static void make_files(int o)
{
	snprintf(path[o], sizeof(path[o]), "/tmp/furlong-lock-%d-%d", getpid(), o);
	in[o] = open(path[o], O_RDWR | O_CREAT, 0600);
	out[o] = open(path[o], O_RDWR);
	must(in[o] >= 0 && out[o] >= 0 && !unlink(path[o]));
}

static void flock_first(int o)
{
	must(!flock(out[o], LOCK_EX));
	shared++;
	must(!flock(out[o], LOCK_UN));
}

static void flock_second(int o)
{
	must(!flock(in[o], LOCK_EX));
	shared++;
	must(!flock(in[o], LOCK_UN));
}

static void flock_closed(int o)
{
	must(!flock(out[o], LOCK_EX));
	shared++;
	must(!close(out[o]));
}

static void lock_open_file(int fd)
{
	struct flock lock = {.l_type = F_WRLCK};

	must(!fcntl(fd, F_OFD_SETLKW, &lock));
	shared++;
	lock.l_type = F_UNLCK;
	must(!fcntl(fd, F_OFD_SETLK, &lock));
}

static void file_lock_first(int o)
{
	lock_open_file(out[o]);
}

static void file_lock_second(int o)
{
	lock_open_file(in[o]);
}

/* ---- queues and semaphores of System V, queues of POSIX ---- */

static void make_queue(int o)
{
	number[o] = msgget(IPC_PRIVATE, 0600);
	must(number[o] >= 0);
}

static void drop_queue(int o)
{
	msgctl(number[o], IPC_RMID, NULL);
}

GIVES(give_message, struct msgbuf message = {3, {1}}; must(!msgsnd(number[0], &message, 1, 0)))
TAKES(take_message, struct msgbuf message; must(msgrcv(number[o], &message, 1, 3, 0) == 1))

static void make_set(int o)
{
	number[o] = semget(IPC_PRIVATE, 1, 0600);
	must(number[o] >= 0);
}

static void drop_set(int o)
{
	semctl(number[o], 0, IPC_RMID);
}

GIVES(give_set, struct sembuf operation = {0, 1, 0}; must(!semop(number[0], &operation, 1)))
GIVES(give_set_value, must(!semctl(number[0], 0, SETVAL, 1)))
TAKES(take_set, struct sembuf operation = {0, -1, 0}; must(!semop(number[o], &operation, 1)))

static void make_mq(int o)
{
	struct mq_attr attributes = {.mq_maxmsg = 2, .mq_msgsize = 8};

	snprintf(path[o], sizeof(path[o]), "/furlong-%d-%d", getpid(), o);
	in[o] = out[o] = mq_open(path[o], O_RDWR | O_CREAT, 0600, &attributes);
	if (in[o] < 0 && (errno == ENOSYS || errno == EACCES))
		exit(77);
	must(in[o] >= 0 && !mq_unlink(path[o]));
}

GIVES(give_mq, must(!mq_send(out[0], &byte, 1, 0)))
TAKES(take_mq, must(mq_receive(in[o], got, 8, NULL) == 1))

/* ---- asynchronous I/O ---- */

static struct aiocb request[2];
static char aio_byte[2];

static void make_request(int o)
{
	make_pipe(o);
	request[o] = (struct aiocb){.aio_fildes = in[o], .aio_buf = &aio_byte[o], .aio_nbytes = 1};
	must(write(out[o], &byte, 1) == 1);
	if (o)
		must(!aio_read(&request[o]));
}

GIVES(give_request, must(!aio_read(&request[0])))
TAKES(take_request, const struct aiocb *const list[] = {&request[o]};
	while (aio_error(&request[o]) == EINPROGRESS) aio_suspend(list, 1, NULL);
	must(aio_return(&request[o]) == 1))

static const struct channel_pair {
	struct pair pair;
	void (*make)(int object);
	void (*drop)(int object);
} channel_pairs[] = {
	{{"pipe", give_write, take_read, 0}, make_pipe, NULL},
	{{"pipe_vectors", give_writev, take_readv, 0}, make_pipe, NULL},
	{{"pipe_end", give_close, take_end, 0}, make_pipe, NULL},
	{{"pipe_spliced", give_write, take_spliced, 1}, make_spliced, NULL},
	{{"fifo", give_write, take_read, 0}, make_fifo, NULL},
	{{"socketpair", give_write, take_recv, 0}, make_pair, NULL},
	{{"socketpair_messages", give_sendmsg, take_recvmsg, 0}, make_pair, NULL},
	{{"tcp", give_send, take_recv, 0}, make_tcp, NULL},
	{{"udp", give_send, take_recv, 0}, make_udp, NULL},
	{{"unix_socket", give_send, take_read, 0}, make_local, NULL},
	{{"poll_is_no_order", give_write, poll_it, 0}, make_pipe, NULL},
	{{"select_is_no_order", give_write, select_it, 0}, make_pipe, NULL},
	{{"epoll_data", give_event, take_event, 0}, make_watched, NULL},
	{{"eventfd", give_count, take_count, 0}, make_counter, NULL},
	{{"eventfd_sent", give_count, take_count, 0}, make_sent, NULL},
	{{"timerfd", give_time, take_time, 0}, make_timer, NULL},
	{{"inotify", give_file, take_file, 0}, make_watch, drop_watch},
	{{"stream_printf_gets", give_printf, take_fgets, 0}, make_streams, NULL},
	{{"stream_puts_scanf", give_fputs, take_scanf, 0}, make_streams, NULL},
	{{"stream_puts_getc", give_fputs, take_getc, 0}, make_streams, NULL},
	{{"flockfile", lock_stream, lock_stream, 0}, make_two_streams, NULL},
	{{"ftrylockfile", lock_stream, try_stream, 0}, make_two_streams, NULL},
	{{"flock", flock_first, flock_second, 0}, make_files, NULL},
	{{"flock_closed", flock_closed, flock_second, 0}, make_files, NULL},
	{{"open_file_lock", file_lock_first, file_lock_second, 0}, make_files, NULL},
	{{"sysv_message", give_message, take_message, 0}, make_queue, drop_queue},
	{{"sysv_semaphore", give_set, take_set, 0}, make_set, drop_set},
	{{"sysv_semaphore_set", give_set_value, take_set, 0}, make_set, drop_set},
	{{"mq", give_mq, take_mq, 0}, make_mq, NULL},
	{{"aio", give_request, take_request, 0}, make_request, NULL},
};

#define COUNT (sizeof(channel_pairs) / sizeof(*channel_pairs))

/* What the racy twin's second takes is there from the start. */
static void fill(const struct channel_pair *pair)
{
	if (pair->pair.first == give_close)
		close(out[1]);
	else if (pair->make == make_pipe || pair->make == make_fifo || pair->make == make_pair ||
		 pair->make == make_tcp || pair->make == make_udp || pair->make == make_local)
		must(write(out[1], &byte, 1) == 1);
	else if (pair->make == make_counter || pair->make == make_sent)
		must(!eventfd_write(out[1], 1));
	else if (pair->make == make_timer)
		must(!timerfd_settime(out[1], 0, &soon, NULL));
	else if (pair->make == make_streams)
		must(fputs("1 one\n", stream_out[1]) >= 0 && !fflush(stream_out[1]));
	else if (pair->make == make_queue)
		must(!msgsnd(number[1], &(struct msgbuf){3, {1}}, 1, 0));
	else if (pair->make == make_set)
		must(!semctl(number[1], 0, SETVAL, 1));
	else if (pair->make == make_mq)
		must(!mq_send(out[1], &byte, 1, 0));
}

int main(int argc, char **argv)
{
	static struct pair pairs[COUNT + 1];
	const struct channel_pair *now = NULL;
	int status;

	for (size_t i = 0; i < COUNT; i++) {
		pairs[i] = channel_pairs[i].pair;
		if (argc > 1 && !strcmp(argv[1], pairs[i].name))
			now = &channel_pairs[i];
	}
	for (int o = 0; now && o < 2; o++)
		now->make(o);
	if (now)
		fill(now);
	status = pair_run(pairs, argc, argv);
	for (int o = 0; now && now->drop && o < 2; o++)
		now->drop(o);
	return status;
}
