/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys_static.c: the C library's functions behind those that the archive defines. In a static glibc the public
 * names are weak and these are the strong ones, so the linker takes our definitions.
 */
#include "core/sys.h"

#include <errno.h>
#include <stddef.h>

int pthread_attr_getsigmask_np(const pthread_attr_t *, sigset_t *);
int __pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
void __new_quick_exit(int) __attribute__((noreturn));
int ___pthread_join(pthread_t, void **);
int __pthread_tryjoin_np(pthread_t, void **);
int ___pthread_timedjoin_np(pthread_t, void **, const struct timespec *);
int ___pthread_clockjoin_np(pthread_t, void **, clockid_t, const struct timespec *);
int ___pthread_detach(pthread_t);
int __thrd_join(thrd_t, int *);
int __thrd_detach(thrd_t);
int __execve(const char *, char *const *, char *const *);
int __execvpe(const char *, char *const *, char *const *);
int __sigaction(int, const struct sigaction *, struct sigaction *);
int __clone(int (*)(void *), void *, int, void *, ...);

/* glibc's dl-tls.o, which keeps the threads' DTVs, by its first and last functions that touch them. */
extern const char _dl_get_tls_static_info[] __attribute__((weak));
extern const char _dl_init_static_tls[] __attribute__((weak));

bool fl_sys_is_loader(const void *address)
{
	const char *at = address;

	return _dl_get_tls_static_info && at >= _dl_get_tls_static_info && at < _dl_init_static_tls;
}

void fl_sys_real_look_up(void)
{
}

bool fl_sys_real_is_interposed(void)
{
	return true;
}

int fl_sys_real_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*fn)(void *), void *arg)
{
	return __pthread_create(thread, attr, fn, arg);
}

/* As the C library's own: such a thread returns an int where a pointer is expected. */
int fl_sys_real_thrd_create(thrd_t *thread, thrd_start_t fn, void *arg)
{
	int rc = __pthread_create(thread, NULL, (void *(*)(void *))(void *)fn, arg);

	if (rc == 0)
		return thrd_success;
	return rc == ENOMEM ? thrd_nomem : thrd_error;
}

bool fl_sys_real_attr_mask(const pthread_attr_t *attr, sigset_t *mask)
{
	return pthread_attr_getsigmask_np(attr, mask) == 0;
}

int fl_sys_real_join(pthread_t thread, void **result)
{
	return ___pthread_join(thread, result);
}

int fl_sys_real_tryjoin(pthread_t thread, void **result)
{
	return __pthread_tryjoin_np(thread, result);
}

int fl_sys_real_timedjoin(pthread_t thread, void **result, const struct timespec *until)
{
	return ___pthread_timedjoin_np(thread, result, until);
}

int fl_sys_real_clockjoin(pthread_t thread, void **result, clockid_t clock, const struct timespec *until)
{
	return ___pthread_clockjoin_np(thread, result, clock, until);
}

int fl_sys_real_detach(pthread_t thread)
{
	return ___pthread_detach(thread);
}

int fl_sys_real_thrd_join(thrd_t thread, int *result)
{
	return __thrd_join(thread, result);
}

int fl_sys_real_thrd_detach(thrd_t thread)
{
	return __thrd_detach(thread);
}

int fl_sys_real_clone(
	int (*fn)(void *), void *stack, int flags, void *arg, void *parent_tid, void *tls, void *child_tid)
{
	return __clone(fn, stack, flags, arg, parent_tid, tls, child_tid);
}

int fl_sys_real_sigaction(int signal, const struct sigaction *action, struct sigaction *old)
{
	return __sigaction(signal, action, old);
}

const void *fl_sys_of_libc(void)
{
	return (const void *)__new_quick_exit;
}

void fl_sys_real_quick_exit(int status)
{
	__new_quick_exit(status);
}

int fl_sys_real_execve(const char *path, char *const argv[], char *const envp[])
{
	return __execve(path, argv, envp);
}

int fl_sys_real_execvpe(const char *file, char *const argv[], char *const envp[])
{
	return __execvpe(file, argv, envp);
}
