/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * libc_varied.c: functions of the table whose last argument depends on the others, and one that others of us
 * need too.
 */
#include "race/intercept/libc.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnonnull-compare"
#pragma GCC diagnostic ignored "-Wmissing-attributes"

/* The argument is handed on as it came, whether the caller gave one or not. */
#define LAST(last, name)                                                                                     \
	va_list rest;                                                                                        \
                                                                                                             \
	va_start(rest, last);                                                                                \
	name = va_arg(rest, void *);                                                                         \
	va_end(rest);

#define OPENS(name, parameters, arguments)                                                                   \
	FL_LIBC(int, name, parameters)                                                                       \
	{                                                                                                    \
		void *mode;                                                                                  \
		int got;                                                                                     \
		LAST(flags, mode)                                                                            \
                                                                                                             \
		if (flags & (O_CREAT | O_TRUNC))                                                             \
			CHANGES_FILES                                                                        \
		got = FL_REAL(name) arguments;                                                               \
		GOT(got)                                                                                     \
		RP(got < 0, path)                                                                            \
		return got;                                                                                  \
	}
OPENS(open, (const char *path, int flags, ...), (path, flags, (mode_t)(uintptr_t)mode))
OPENS(open64, (const char *path, int flags, ...), (path, flags, (mode_t)(uintptr_t)mode))
OPENS(openat, (int at, const char *path, int flags, ...), (at, path, flags, (mode_t)(uintptr_t)mode))
OPENS(openat64, (int at, const char *path, int flags, ...), (at, path, flags, (mode_t)(uintptr_t)mode))

/* Locks of an open file exclude threads from each other; a process's own do not (F_SETLK). */
static bool locks_open_file(int what)
{
	return what == F_OFD_SETLK || what == F_OFD_SETLKW;
}

#define CONTROLS_FILE(name)                                                                                  \
	FL_LIBC(int, name, (int fd, int what, ...))                                                          \
	{                                                                                                    \
		struct flock *lock;                                                                          \
		void *argument;                                                                              \
		int got;                                                                                     \
		LAST(what, argument)                                                                         \
                                                                                                             \
		lock = argument;                                                                             \
		IF(locks_open_file(what) || what == F_SETLK || what == F_SETLKW, RO(lock))                   \
		IF(locks_open_file(what) && lock->l_type == F_UNLCK, GIVES_FILE(fd))                         \
		USES(fd)                                                                                     \
		got = FL_REAL(name)(fd, what, argument);                                                     \
		IF(got >= 0 && (what == F_DUPFD || what == F_DUPFD_CLOEXEC),                                 \
			SAME_DESCRIPTOR(fd, got) GOT(got))                                                   \
		IF(got >= 0 && (what == F_GETLK || what == F_OFD_GETLK), WO(lock))                           \
		IF(got >= 0 && locks_open_file(what) && lock->l_type != F_UNLCK, TAKES_FILE(fd))             \
		return got;                                                                                  \
	}
CONTROLS_FILE(fcntl)
CONTROLS_FILE(fcntl64)

/* What the number says of the argument; that of older ones is known or not looked at. */
struct ioctl_argument {
	size_t read, written;
};

static struct ioctl_argument ioctl_argument(unsigned long what)
{
	const struct ioctl_argument in = {sizeof(int), 0}, out = {0, sizeof(int)};
	size_t size = what >> 16 & 0x3fff;
	unsigned long direction = what >> 30 & 3;

	switch (what) {
	case FIONBIO:
	case FIOASYNC:
		return in;
	case FIONREAD:
	case TIOCOUTQ:
	case TIOCGPGRP:
		return out;
	case TCGETS:
		return (struct ioctl_argument){0, 36};
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
		return (struct ioctl_argument){36, 0};
	case TIOCGWINSZ:
		return (struct ioctl_argument){0, sizeof(struct winsize)};
	case TIOCSWINSZ:
		return (struct ioctl_argument){sizeof(struct winsize), 0};
	case SIOCGIFFLAGS:
	case SIOCGIFADDR:
	case SIOCGIFNETMASK:
	case SIOCGIFMTU:
	case SIOCGIFHWADDR:
	case SIOCGIFINDEX:
		return (struct ioctl_argument){IFNAMSIZ, sizeof(struct ifreq)};
	default:
		return (struct ioctl_argument){direction & 1 ? size : 0, direction & 2 ? size : 0};
	}
}

FL_LIBC(int, ioctl, (int fd, unsigned long what, ...))
{
	struct ioctl_argument sizes = ioctl_argument(what);
	void *argument;
	int got;
	LAST(what, argument)

	R(argument, sizes.read)
	got = FL_REAL(ioctl)(fd, what, argument);
	IF(got >= 0, W(argument, sizes.written))
	return got;
}

/* A value that is set gives to those who take later. */
static void semaphores_set(int set, int number, int what, long argument)
{
	struct semid_ds state = {0};

	if (what == SETVAL && (int)argument > 0)
		fl_channel_release(FL_CHANNEL_SEMAPHORE, (uint64_t)set, (uint64_t)number);
	if (what == SETALL && !fl_sys_semaphores(set, &state))
		for (unsigned long i = 0; i < state.sem_nsems; i++)
			fl_channel_release(FL_CHANNEL_SEMAPHORE, (uint64_t)set, i);
}

FL_LIBC(int, semctl, (int set, int number, int what, ...))
{
	void *argument;
	LAST(what, argument)

	semaphores_set(set, number, what, (long)argument);
	return FL_REAL(semctl)(set, number, what, argument);
}

/* The stack that fatal signals have is nobody's. */
FL_LIBC_ALWAYS(int, sigaltstack, (const stack_t *to, stack_t *was))
{
	struct furlong_race_frame *frame;
	int got;

	RO(to)
	frame = fl_touch_push(__builtin_return_address(0));
	got = FL_REAL(sigaltstack)(to, was);
	fl_touch_pop(frame);
	IF(!got, fl_fatal_hide_stack(was); WO(was))
	return got;
}

#pragma GCC diagnostic pop
