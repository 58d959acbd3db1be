/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys_child.c: a helper process that the program does not notice: no SIGCHLD, nothing for wait(), no
 * descriptor but a socket to it, high up. sys.h says what; all by bare system calls, in a thread that has its
 * signals blocked.
 *
 *   we ── clone, no exit signal ──► middle ── clone ──► helper: exec
 *
 * A process that execs sends SIGCHLD when it ends, whatever it was cloned with, so it must not be our child:
 * the middle one is, and ends once the helper is on its way; the helper then belongs to init. Where that
 * would be ourselves (process 1 of a container), the middle one stays and waits for it: it never execs, so
 * wait() does not see it.
 *
 * Nobody waits for either: on a busy machine it takes them many milliseconds to come to run. They are in our
 * memory until then (a process of its own: what the program does meanwhile, and its end, are nothing to
 * them), on a stack that nobody else uses, and touch nothing that a thread has: that may be gone. The kernel
 * says when they are out of it. What became of them is asked at the next report, and at the end; until then
 * the middle one may be a zombie, which only wait() with __WALL or __WCLONE sees.
 */
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
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

/* At the bottom of that stack. */
struct fl_sys_nest {
	const char *path;
	char *const *argv, *const *envp;
	int socket;
	bool stay;
	int32_t helper; /* 0: not yet */
	int error;
	uint32_t busy; /* the kernel's: 0 when the middle one is out of this memory, and so is the helper */
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

/* The C library knows nothing of us here: nothing of it may be called. */
__attribute__((noreturn, noinline)) static void child_helper(struct fl_sys_nest *nest)
{
	syscall6(SYS_setsid, 0, 0, 0, 0, 0, 0);
	child_default_signals();
	nest->error =
		(int)syscall6(SYS_execve, (long)nest->path, (long)nest->argv, (long)nest->envp, 0, 0, 0);
	for (;;)
		syscall6(SYS_exit, 127, 0, 0, 0, 0, 0);
}

/* On our stack, below this function's frame, while we stand still. The C library's clone would say by errno
 * why it failed, which is a thread's. */
__attribute__((noinline)) static void child_make_helper(struct fl_sys_nest *nest)
{
	int flags = CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID | (nest->stay ? SIGCHLD : 0);
	long helper = syscall6(SYS_clone, flags, 0, (long)&nest->helper, 0, 0, 0);

	if (!helper)
		child_helper(nest);
	if (helper < 0)
		nest->error = (int)helper;
}

/* The program's descriptors first: it may close one, and somebody wait for that. */
static int child_middle(void *data)
{
	struct fl_sys_nest *nest = data;

	if (nest->socket == 0) /* its place is wanted: only when the program has none of 0, 1, 2 */
		nest->socket = (int)syscall6(SYS_fcntl, 0, F_DUPFD, 3, 0, 0, 0);
	child_descriptors(nest->socket);
	child_make_helper(nest);
	if (nest->stay) {
		syscall6(SYS_close_range, 0, -1, 0, 0, 0, 0);
		syscall6(SYS_wait4, nest->helper, 0, __WALL, 0, 0, 0);
	}
	return 0;
}

static bool child_orphans_are_ours(void)
{
	int subreaper = 0;

	syscall6(SYS_prctl, PR_GET_CHILD_SUBREAPER, (long)&subreaper, 0, 0, 0, 0);
	return subreaper || fl_sys_process() == 1;
}

/* The middle one's number, or -errno. A debugger would take it for a thread. */
static int child_clone(struct fl_sys_nest *nest)
{
	int saved = errno, middle;

	nest->busy = 1;
	middle = fl_sys_real_clone(child_middle, (char *)nest + CHILD_STACK_BYTES,
		CLONE_VM | CLONE_UNTRACED | CLONE_CHILD_CLEARTID, nest, NULL, NULL, &nest->busy);
	errno = saved;
	return middle > 0 ? middle : -EAGAIN;
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
	int pair[2], middle = 0, rc;
	struct stat st = {0};
	struct fl_sys_nest *nest = NULL;
	void *memory = NULL;

	rc = fl_sys_stat(path, &st); /* what mostly is wrong is told at once */
	if (!rc)
		rc = (int)syscall6(SYS_socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, (long)pair, 0, 0);
	if (rc < 0)
		return rc;
	pair[0] = fl_sys_move_up(pair[0]);
	rc = fl_sys_fstat(pair[0], &st);
	if (!rc)
		rc = fl_sys_map(&memory, CHILD_STACK_BYTES, FL_SYS_MAP_ANYWHERE, -1, 0);
	nest = memory;
	if (!rc) {
		*nest = (struct fl_sys_nest){path, argv, envp, pair[1], child_orphans_are_ours(), 0, 0, 0};
		middle = child_clone(nest);
		rc = middle < 0 ? middle : 0;
	}
	fl_sys_close(pair[1]);
	if (rc) {
		fl_sys_close(pair[0]);
		if (nest)
			fl_sys_unmap(nest, CHILD_STACK_BYTES);
		return rc;
	}
	*child = (struct fl_sys_child){
		.fd = pair[0], .device = st.st_dev, .inode = st.st_ino, .nest = nest, .middle = middle};
	return 0;
}

/* What can be known by now. */
static void child_look(struct fl_sys_child *child)
{
	struct fl_sys_nest *nest = child->nest;

	if (!nest)
		return;
	child->pid = __atomic_load_n(&nest->helper, __ATOMIC_RELAXED);
	if (__atomic_load_n(&nest->busy, __ATOMIC_ACQUIRE) ||
		!syscall6(SYS_wait4, child->middle, 0, __WCLONE | WNOHANG, 0, 0, 0))
		return;
	child->pid = nest->helper;
	child->error = nest->error;
	fl_sys_unmap(nest, CHILD_STACK_BYTES);
	child->nest = NULL;
}

/* The program may have closed our descriptor, and opened a file of its own by that number. */
bool fl_sys_child_is_there(struct fl_sys_child *child)
{
	struct stat st;

	child_look(child);
	return child->inode && !fl_sys_fstat(child->fd, &st) && st.st_dev == child->device &&
	       st.st_ino == child->inode;
}

bool fl_sys_child_is_dead(struct fl_sys_child *child)
{
	child_look(child);
	return child->pid ? fl_sys_process_is_dead(child->pid) : !child->nest;
}

int fl_sys_child_error(struct fl_sys_child *child)
{
	child_look(child);
	return child->nest ? child->nest->error : child->error;
}

void fl_sys_child_end(struct fl_sys_child *child)
{
	bool there = fl_sys_child_is_there(child);

	while (there && !child->pid && child->nest) {
		fl_sys_nap();
		child_look(child);
	}
	/* While its socket is there and not at its end it lives, and its number is its own. */
	if (there && child->pid)
		syscall6(SYS_kill, child->pid, SIGKILL, 0, 0, 0, 0);
	if (there)
		fl_sys_close(child->fd);
	*child = (struct fl_sys_child){.fd = -1};
}

void fl_sys_child_fork_child(struct fl_sys_child *child)
{
	/* A copy: those that are at work in the parent's do not come here. */
	if (child->nest)
		fl_sys_unmap(child->nest, CHILD_STACK_BYTES);
	child->nest = NULL;
	if (fl_sys_child_is_there(child))
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
