/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * endings.c: the ways out of a process, or of an object, that pass by no destructor of ours. What an
 * instrument keeps in memory is handed in first. May run in a child of vfork and in signal handlers; costs
 * nothing when nothing is kept.
 *
 * A static C library's abort cannot be replaced, as parts of it stand in the same object.
 */
#include "core/core.h"

#include "core/instrument.h"
#include "core/last.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

static void hand_in(enum fl_hand_in why)
{
	fl_init();
	fl_notice_birth();
	FL_EACH_INSTRUMENT(hand_in, why);
}

FL_PUBLIC void _exit(int status)
{
	fl_last_by_call("_exit", status);
	fl_at_exit();
	fl_sys_exit_group(fl_exit_status(status));
}

FL_PUBLIC void _Exit(int status)
{
	_exit(status);
}

/* The handlers of at_quick_exit get no status: ours, the last of them, goes by this. */
static struct {
	int status;
	bool known;
} quick;

static void at_quick_end(void)
{
	fl_at_exit();
	if (quick.known)
		fl_sys_exit_group(fl_exit_status(quick.status));
}

FL_PUBLIC void quick_exit(int status)
{
	quick.status = status;
	quick.known = true;
	fl_last_by_call("quick_exit", status);
	fl_sys_real_quick_exit(status);
}

void fl_endings_init(void)
{
	at_quick_exit(at_quick_end);
}

FL_PUBLIC int execve(const char *path, char *const argv[], char *const envp[])
{
	hand_in(FL_HAND_IN_PROGRAM);
	return fl_sys_real_execve(path, argv, envp);
}

FL_PUBLIC int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

FL_PUBLIC int execvpe(const char *file, char *const argv[], char *const envp[])
{
	hand_in(FL_HAND_IN_PROGRAM);
	return fl_sys_real_execvpe(file, argv, envp);
}

FL_PUBLIC int execvp(const char *file, char *const argv[])
{
	return execvpe(file, argv, environ);
}

/* Of execl and its kin, with the first one and the NULL. */
static size_t count_arguments(va_list *from)
{
	va_list rest;
	size_t count = 2;

	va_copy(rest, *from);
	while (va_arg(rest, char *))
		count++;
	va_end(rest);
	return count;
}

/* An array on the stack, as POSIX wants execl to be safe in signal handlers; `rest` is left after the NULL.
 */
#define COLLECT(argv, first, rest)                                                                           \
	size_t argv##_count = count_arguments(&(rest));                                                      \
	char **(argv) = __builtin_alloca(argv##_count * sizeof(char *));                                     \
	(argv)[0] = (char *)(first);                                                                         \
	for (size_t i = 1; i < argv##_count; i++)                                                            \
	(argv)[i] = va_arg(rest, char *)

FL_PUBLIC int execl(const char *path, const char *arg, ...)
{
	va_list rest;

	va_start(rest, arg);
	COLLECT(argv, arg, rest);
	va_end(rest);
	return execve(path, argv, environ);
}

FL_PUBLIC int execlp(const char *file, const char *arg, ...)
{
	va_list rest;

	va_start(rest, arg);
	COLLECT(argv, arg, rest);
	va_end(rest);
	return execvpe(file, argv, environ);
}

FL_PUBLIC int execle(const char *path, const char *arg, ...)
{
	va_list rest;
	char **envp;

	va_start(rest, arg);
	COLLECT(argv, arg, rest);
	envp = va_arg(rest, char **);
	va_end(rest);
	return execve(path, argv, envp);
}

#ifndef FL_STATIC
FL_PUBLIC void abort(void)
{
	hand_in(FL_HAND_IN_PROGRAM);
	fl_sys_real_abort();
}

/* An object's way out: what it counted in its own section goes with it. */
FL_PUBLIC int dlclose(void *handle)
{
	int rc;

	hand_in(FL_HAND_IN_OBJECT);
	rc = fl_sys_real_dlclose(handle);
	FL_EACH_INSTRUMENT(objects_gone);
	return rc;
}

/* assert() does not call abort by its name. */
FL_PUBLIC void __assert_fail(const char *assertion, const char *file, unsigned line, const char *function);
FL_PUBLIC void __assert_fail(const char *assertion, const char *file, unsigned line, const char *function)
{
	hand_in(FL_HAND_IN_PROGRAM);
	fl_sys_real_assert_fail(assertion, file, line, function);
}
#endif
