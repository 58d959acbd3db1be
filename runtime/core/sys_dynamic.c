/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys_dynamic.c: the C library's functions behind those that the shared runtime interposes.
 */
#include "core/sys.h"

#include <dlfcn.h>
#include <sched.h>

static int (*real_pthread_create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
static int (*real_thrd_create)(thrd_t *, thrd_start_t, void *);
static int (*real_clone)(int (*)(void *), void *, int, void *, ...);
static int (*real_join)(pthread_t, void **);
static int (*real_tryjoin)(pthread_t, void **);
static int (*real_timedjoin)(pthread_t, void **, const struct timespec *);
static int (*real_clockjoin)(pthread_t, void **, clockid_t, const struct timespec *);
static int (*real_detach)(pthread_t);
static int (*real_thrd_join)(thrd_t, int *);
static int (*real_thrd_detach)(thrd_t);
static pid_t (*real_fork)(void);
static int (*real_dlclose)(void *);
static int (*real_execve)(const char *, char *const *, char *const *);
static int (*real_execvpe)(const char *, char *const *, char *const *);
static void (*real_quick_exit)(int) __attribute__((noreturn));
static void (*real_abort)(void) __attribute__((noreturn));
static void (*real_assert_fail)(const char *, const char *, unsigned, const char *) __attribute__((noreturn));
static int (*real_sigaction)(int, const struct sigaction *, struct sigaction *);
static int (*real_attr_getsigmask)(const pthread_attr_t *, sigset_t *); /* glibc 2.32 */

void fl_sys_real_look_up(void)
{
	real_pthread_create = dlsym(RTLD_NEXT, "pthread_create");
	real_thrd_create = dlsym(RTLD_NEXT, "thrd_create");
	real_clone = dlsym(RTLD_NEXT, "clone");
	real_attr_getsigmask = dlsym(RTLD_NEXT, "pthread_attr_getsigmask_np");
	real_join = dlsym(RTLD_NEXT, "pthread_join");
	real_tryjoin = dlsym(RTLD_NEXT, "pthread_tryjoin_np");
	real_timedjoin = dlsym(RTLD_NEXT, "pthread_timedjoin_np");
	real_clockjoin = dlsym(RTLD_NEXT, "pthread_clockjoin_np");
	real_detach = dlsym(RTLD_NEXT, "pthread_detach");
	real_thrd_join = dlsym(RTLD_NEXT, "thrd_join");
	real_thrd_detach = dlsym(RTLD_NEXT, "thrd_detach");
	real_fork = dlsym(RTLD_NEXT, "_Fork");
	real_dlclose = dlsym(RTLD_NEXT, "dlclose");
	real_execve = dlsym(RTLD_NEXT, "execve");
	real_execvpe = dlsym(RTLD_NEXT, "execvpe");
	real_quick_exit = dlsym(RTLD_NEXT, "quick_exit");
	real_abort = dlsym(RTLD_NEXT, "abort");
	real_sigaction = dlsym(RTLD_NEXT, "sigaction");
	real_assert_fail = dlsym(RTLD_NEXT, "__assert_fail");
}

/* Which of two addresses' objects comes first in the loader's order. */
struct object_order {
	uintptr_t ours, theirs;
	bool decided, ours_first;
};

static void note_order(const struct fl_sys_object *object, void *data)
{
	struct object_order *order = data;
	bool is_ours = order->ours >= object->begin && order->ours < object->end;

	if (order->decided || !(is_ours || (order->theirs >= object->begin && order->theirs < object->end)))
		return;
	order->decided = true;
	order->ours_first = is_ours;
}

/* Not by comparing addresses: a sanitizer may stand before us and still call us. */
bool fl_sys_real_is_interposed(void)
{
	struct object_order order = {(uintptr_t)note_order, (uintptr_t)real_pthread_create, false, false};

	fl_sys_objects_look(note_order, &order);
	return order.ours_first;
}

int fl_sys_real_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*fn)(void *), void *arg)
{
	return real_pthread_create(thread, attr, fn, arg);
}

int fl_sys_real_thrd_create(thrd_t *thread, thrd_start_t fn, void *arg)
{
	return real_thrd_create ? real_thrd_create(thread, fn, arg) : thrd_error;
}

bool fl_sys_real_attr_mask(const pthread_attr_t *attr, sigset_t *mask)
{
	return real_attr_getsigmask && real_attr_getsigmask(attr, mask) == 0;
}

int fl_sys_real_join(pthread_t thread, void **result)
{
	return real_join(thread, result);
}

int fl_sys_real_tryjoin(pthread_t thread, void **result)
{
	return real_tryjoin(thread, result);
}

int fl_sys_real_timedjoin(pthread_t thread, void **result, const struct timespec *until)
{
	return real_timedjoin(thread, result, until);
}

int fl_sys_real_clockjoin(pthread_t thread, void **result, clockid_t clock, const struct timespec *until)
{
	return real_clockjoin(thread, result, clock, until);
}

int fl_sys_real_detach(pthread_t thread)
{
	return real_detach(thread);
}

int fl_sys_real_thrd_join(thrd_t thread, int *result)
{
	return real_thrd_join(thread, result);
}

int fl_sys_real_thrd_detach(thrd_t thread)
{
	return real_thrd_detach(thread);
}

int fl_sys_real_clone(
	int (*fn)(void *), void *stack, int flags, void *arg, void *parent_tid, void *tls, void *child_tid)
{
	return real_clone(fn, stack, flags, arg, parent_tid, tls, child_tid);
}

int fl_sys_real_dlclose(void *handle)
{
	return real_dlclose(handle);
}

int fl_sys_real_execve(const char *path, char *const argv[], char *const envp[])
{
	return real_execve(path, argv, envp);
}

int fl_sys_real_execvpe(const char *file, char *const argv[], char *const envp[])
{
	return real_execvpe(file, argv, envp);
}

int fl_sys_real_sigaction(int signal, const struct sigaction *action, struct sigaction *old)
{
	return real_sigaction(signal, action, old);
}

const void *fl_sys_of_libc(void)
{
	return (const void *)real_quick_exit;
}

void fl_sys_real_quick_exit(int status)
{
	real_quick_exit(status);
}

void fl_sys_real_abort(void)
{
	real_abort();
}

void fl_sys_real_assert_fail(const char *assertion, const char *file, unsigned line, const char *function)
{
	real_assert_fail(assertion, file, line, function);
}

/* fork() announces itself by pthread_atfork; _Fork, which a signal handler may call, does not. */
FL_PUBLIC pid_t _Fork(void);
FL_PUBLIC pid_t _Fork(void)
{
	pid_t pid;

	fl_init();
	fl_fork_prepare();
	pid = real_fork();
	if (pid == 0)
		fl_fork_child();
	else
		fl_fork_parent();
	return pid;
}
