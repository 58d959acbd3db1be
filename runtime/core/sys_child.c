/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys_child.c: a helper process that the program does not notice: no SIGCHLD, nothing for wait(), no
 * descriptor but a socket to it, high up. sys.h says what; all by bare system calls, in a thread that has its
 * signals blocked.
 *
 *   we ── clone, no exit signal ──► middle ── clone ──► helper: exec
 *
 * A process that execs sends SIGCHLD when it ends, whatever it was cloned with, so it must not be our child:
 * the middle one is, and ends at once; the helper then belongs to init. Where that would be ourselves
 * (process 1 of a container), the middle one stays and waits for it: it never execs, so wait() does not see
 * it.
 */
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#define CHILD_STACK_BYTES 32768
#define CHILD_FD_FROM     960 /* below FD_SETSIZE and most limits, above what programs number by hand */

struct child_start {
	const char *path;
	char *const *argv, *const *envp;
	int socket;
	bool stay;
	char *stack; /* of the helper */
	int32_t helper;
	int error;
	uint32_t done; /* by the guard, a process of its own: not a private futex */
};

static void child_default_signals(void)
{
	struct {
		void *handler;
		unsigned long flags;
		void *restorer;
		uint64_t mask;
	} action = {0};
	uint64_t none = 0;

	for (int signal = 1; signal <= 64; signal++)
		syscall6(SYS_rt_sigaction, signal, (long)&action, 0, sizeof(action.mask), 0, 0);
	syscall6(SYS_rt_sigprocmask, SIG_SETMASK, (long)&none, 0, sizeof(none), 0, 0);
}

static void child_descriptors(int socket)
{
	long null;

	syscall6(SYS_dup3, socket, 0, 0, 0, 0, 0);
	null = syscall6(SYS_openat, AT_FDCWD, (long)"/dev/null", O_RDWR, 0, 0, 0);
	for (int fd = 1; fd <= 2; fd++)
		if (null != fd && (null < 0 || syscall6(SYS_dup3, null, fd, 0, 0, 0, 0) < 0))
			fl_sys_close(fd);
	/* Linux before 5.9: what is open there without O_CLOEXEC stays open while the helper lives. */
	syscall6(SYS_close_range, 3, -1, 0, 0, 0, 0);
}

/* In the caller's memory, on a stack of its own. The C library knows nothing of us here: nothing of it may be
 * called. */
static int child_helper(void *data)
{
	struct child_start *start = data;

	if (start->socket == 0) /* its place is wanted: only when the program has none of 0, 1, 2 */
		start->socket = (int)syscall6(SYS_fcntl, 0, F_DUPFD, 3, 0, 0, 0);
	child_descriptors(start->socket);
	syscall6(SYS_setsid, 0, 0, 0, 0, 0, 0);
	child_default_signals();
	start->error =
		(int)syscall6(SYS_execve, (long)start->path, (long)start->argv, (long)start->envp, 0, 0, 0);
	syscall6(SYS_exit, 127, 0, 0, 0, 0, 0);
	return 0;
}

static int child_middle(void *data)
{
	struct child_start *start = data;
	int flags = CLONE_VM | CLONE_VFORK | (start->stay ? SIGCHLD : 0);
	long helper = fl_sys_real_clone(
		child_helper, start->stack + CHILD_STACK_BYTES, flags, start, NULL, NULL, NULL);

	/* The C library's clone would say why by errno, which is the program's. */
	if (helper <= 0)
		start->error = -EAGAIN;
	start->helper = (int32_t)helper;
	return 0;
}

/* The middle process that stays. What it was given is gone once it has said so. */
static int child_guard(void *data)
{
	struct child_start *start = data;
	int32_t helper;

	child_middle(start);
	helper = start->helper;
	__atomic_store_n(&start->done, 1, __ATOMIC_RELEASE);
	syscall6(SYS_futex, (long)&start->done, FUTEX_WAKE, 1, 0, 0, 0);
	syscall6(SYS_close_range, 0, -1, 0, 0, 0, 0);
	if (helper > 0)
		syscall6(SYS_wait4, helper, 0, __WALL, 0, 0, 0);
	syscall6(SYS_exit, 0, 0, 0, 0, 0, 0);
	return 0;
}

static bool child_orphans_are_ours(void)
{
	int subreaper = 0;

	syscall6(SYS_prctl, PR_GET_CHILD_SUBREAPER, (long)&subreaper, 0, 0, 0, 0);
	return subreaper || fl_sys_process() == 1;
}

/* The guard's stack stays with it. */
static int child_clone(struct child_start *start)
{
	void *stacks = NULL;
	int saved = errno, rc = fl_sys_map(&stacks, 2 * CHILD_STACK_BYTES, FL_SYS_MAP_ANYWHERE, -1, 0);
	long middle;

	if (rc)
		return rc;
	start->stack = (char *)stacks + CHILD_STACK_BYTES;
	if (start->stay) {
		middle = fl_sys_real_clone(
			child_guard, (char *)stacks + CHILD_STACK_BYTES, CLONE_VM, start, NULL, NULL, NULL);
		while (middle > 0 && !__atomic_load_n(&start->done, __ATOMIC_ACQUIRE))
			syscall6(SYS_futex, (long)&start->done, FUTEX_WAIT, 0, 0, 0, 0);
	} else {
		middle = fl_sys_real_clone(child_middle, (char *)stacks + CHILD_STACK_BYTES,
			CLONE_VM | CLONE_VFORK, start, NULL, NULL, NULL);
		if (middle > 0)
			syscall6(SYS_wait4, middle, 0, __WCLONE, 0, 0, 0);
		fl_sys_unmap(stacks, 2 * CHILD_STACK_BYTES);
	}
	errno = saved;
	if (middle <= 0)
		return -EAGAIN;
	return start->error;
}

/* As high as the limit allows, so that the program's own numbers stay what they would be. */
int fl_sys_move_up(int fd)
{
	static const int from[] = {CHILD_FD_FROM, 240, 60, 3};
	long moved = -EMFILE;

	for (size_t i = 0; i < sizeof(from) / sizeof(*from) && moved < 0; i++)
		moved = syscall6(SYS_fcntl, fd, F_DUPFD_CLOEXEC, from[i], 0, 0, 0);
	if (moved < 0)
		return fd;
	fl_sys_close(fd);
	return (int)moved;
}

int fl_sys_child_start(const char *path, char *const argv[], char *const envp[], struct fl_sys_child *child)
{
	int pair[2], rc;
	struct stat st;
	struct child_start start = {.path = path, .argv = argv, .envp = envp};

	rc = (int)syscall6(SYS_socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, (long)pair, 0, 0);
	if (rc < 0)
		return rc;
	pair[0] = fl_sys_move_up(pair[0]);
	start.socket = pair[1];
	start.stay = child_orphans_are_ours();
	rc = child_clone(&start);
	fl_sys_close(pair[1]);
	if (!rc)
		rc = fl_sys_fstat(pair[0], &st);
	if (rc) {
		fl_sys_close(pair[0]);
		return rc;
	}
	*child = (struct fl_sys_child){pair[0], start.helper, st.st_dev, st.st_ino};
	return 0;
}

/* The program may have closed our descriptor, and opened a file of its own by that number. */
bool fl_sys_child_is_there(const struct fl_sys_child *child)
{
	struct stat st;

	return child->pid > 0 && !fl_sys_fstat(child->fd, &st) && st.st_dev == child->device &&
	       st.st_ino == child->inode;
}

void fl_sys_child_end(struct fl_sys_child *child, bool by_force)
{
	bool there = fl_sys_child_is_there(child);

	/* While its socket is there and not at its end it lives, and its number is its own. */
	if (there && by_force)
		syscall6(SYS_kill, child->pid, SIGKILL, 0, 0, 0, 0);
	if (there)
		fl_sys_close(child->fd);
	*child = (struct fl_sys_child){.fd = -1};
}

static int child_wait(int fd, short events, int64_t until)
{
	struct pollfd poll = {.fd = fd, .events = events};

	for (;;) {
		int64_t left = until - fl_sys_now_ms();
		struct timespec timeout = {left / 1000, left % 1000 * 1000000};
		long rc;

		if (left <= 0)
			return -ETIMEDOUT;
		rc = syscall6(SYS_ppoll, (long)&poll, 1, (long)&timeout, 0, 0, 0);
		if (rc > 0)
			return 0;
		if (rc < 0 && rc != -EINTR)
			return (int)rc;
	}
}

int fl_sys_child_ring(const struct fl_sys_child *child, char byte, const int *fds, size_t count)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(4 * sizeof(int))];
	} control = {{.cmsg_len = CMSG_LEN(count * sizeof(int)),
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS}};
	struct iovec bytes = {&byte, 1};
	struct msghdr message = {
		.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = count ? &control : NULL,
		.msg_controllen = count ? CMSG_SPACE(count * sizeof(int)) : 0,
	};
	long n;

	memcpy(CMSG_DATA(&control.head), fds, count * sizeof(int));
	do
		n = syscall6(SYS_sendmsg, child->fd, (long)&message, MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0, 0);
	while (n == -EINTR);
	return n < 0 ? (int)n : 0;
}

long fl_sys_child_receive(const struct fl_sys_child *child, char *bytes, size_t size, int64_t until)
{
	for (;;) {
		long n = syscall6(SYS_recvfrom, child->fd, (long)bytes, (long)size, MSG_DONTWAIT, 0, 0);
		int rc = n == -EAGAIN ? child_wait(child->fd, POLLIN, until) : 0;

		if (n != -EAGAIN && n != -EINTR)
			return n;
		if (rc)
			return rc;
	}
}
