/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * births.c: threads come to life through us, so that they count for themselves from their first instruction.
 *
 * Signals are blocked from before the birth until the new thread is set up: a handler that ran in between
 * would count where its parent does.
 */
#include "core/core.h"

#include "core/fatal.h"
#include "core/instrument.h"

#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>

static struct fl_thread *expect_thread(int birth, void *arg, const void *caller, uint64_t *mask)
{
	struct fl_thread *thread;

	fl_init();
	*mask = fl_enter();
	thread = fl_threads_acquire();
	if (thread) {
		thread->birth = birth;
		thread->arg = arg;
		thread->caller = caller;
		thread->mask = *mask;
		FL_EACH_INSTRUMENT(thread_prepare, thread);
	} else {
		FL_EACH_INSTRUMENT(stranger);
	}
	fl_leave(~(uint64_t)0);
	return thread;
}

static void expected_in_vain(struct fl_thread *thread)
{
	uint64_t mask = fl_enter();

	FL_EACH_INSTRUMENT(thread_unprepare, thread);
	fl_threads_release(thread);
	fl_leave(mask);
}

static void begin(struct fl_thread *thread)
{
	enum fl_birth birth = (enum fl_birth)thread->birth;

	if (birth == FL_BIRTH_PTHREAD)
		__atomic_store_n(&thread->pthread, (uintptr_t)pthread_self(), __ATOMIC_RELEASE);
	fl_threads_started(thread, birth != FL_BIRTH_CLONE_SHARED_TLS);
	for (const struct fl_instrument *const *each = fl_instruments; *each; each++)
		if ((*each)->thread_start)
			(*each)->thread_start(thread, birth);
	fl_fatal_thread_start();
	fl_sys_signals_restore(thread->mask);
}

/* Its own signals were the C library's to set. */
struct fl_thread *fl_births_adopt(void)
{
	uint64_t mask = fl_enter();
	struct fl_thread *thread = fl_threads_self() ? NULL : fl_threads_acquire();

	if (thread) {
		thread->birth = FL_BIRTH_PTHREAD;
		thread->joinable = false;
		thread->mask = mask;
		FL_EACH_INSTRUMENT(thread_prepare, thread);
	}
	fl_leave(mask);
	if (thread)
		begin(thread);
	return thread;
}

static void *born_pthread(void *arg)
{
	struct fl_thread *thread = arg;
	void *(*fn)(void *) = thread->start.pthread;
	void *fn_arg = thread->arg;

	begin(thread);
	return fn(fn_arg);
}

static int born_c11(void *arg)
{
	struct fl_thread *thread = arg;
	int (*fn)(void *) = thread->start.c11;
	void *fn_arg = thread->arg;

	begin(thread);
	return fn(fn_arg);
}

/* In the parent too: it may speak of its child before that has run at all. Which may be over by now. */
static void note_pthread(struct fl_thread *thread, uint64_t born, pthread_t id)
{
	uint64_t mask = fl_enter();

	if (thread->born == born)
		__atomic_store_n(&thread->pthread, (uintptr_t)id, __ATOMIC_RELEASE);
	fl_leave(mask);
}

static bool is_joinable(const pthread_attr_t *attr)
{
	int state;

	return !attr || pthread_attr_getdetachstate(attr, &state) || state == PTHREAD_CREATE_JOINABLE;
}

/* The C library sets a mask that the attributes name before it calls us; ours must not undo that. */
static uint64_t mask_of_attributes(const pthread_attr_t *attr, uint64_t mask)
{
	sigset_t set;

	if (attr && fl_sys_real_attr_mask(attr, &set))
		memcpy(&mask, &set, sizeof(mask));
	return mask;
}

FL_PUBLIC int pthread_create(pthread_t *id, const pthread_attr_t *attr, void *(*fn)(void *), void *arg)
{
	uint64_t mask;
	struct fl_thread *thread = expect_thread(FL_BIRTH_PTHREAD, arg, __builtin_return_address(0), &mask);
	int rc;

	if (thread) {
		uint64_t born = thread->born;

		thread->joinable = is_joinable(attr);
		thread->start.pthread = fn;
		thread->mask = mask_of_attributes(attr, mask);
		rc = fl_sys_real_pthread_create(id, attr, born_pthread, thread);
		if (rc)
			expected_in_vain(thread);
		else
			note_pthread(thread, born, *id);
		fl_sys_signals_restore(mask);
	} else {
		fl_sys_signals_restore(mask);
		rc = fl_sys_real_pthread_create(id, attr, fn, arg);
	}
	return rc;
}

FL_PUBLIC int thrd_create(thrd_t *id, thrd_start_t fn, void *arg)
{
	uint64_t mask;
	struct fl_thread *thread = expect_thread(FL_BIRTH_PTHREAD, arg, __builtin_return_address(0), &mask);
	int rc;

	if (thread) {
		uint64_t born = thread->born;

		thread->joinable = true;
		thread->start.c11 = fn;
		rc = fl_sys_real_thrd_create(id, born_c11, thread);
		if (rc != thrd_success)
			expected_in_vain(thread);
		else
			note_pthread(thread, born, *id);
		fl_sys_signals_restore(mask);
	} else {
		fl_sys_signals_restore(mask);
		rc = fl_sys_real_thrd_create(id, fn, arg);
	}
	return rc;
}

/* A child process with memory of its own: a fork that no handler announces. Lives on the parent's stack, of
 * which the child has a copy. */
struct forked_clone {
	int (*fn)(void *);
	void *arg;
};

static int born_forked(void *data)
{
	struct forked_clone *child = data;

	fl_fork_child();
	return child->fn(child->arg);
}

static int clone_process(
	int (*fn)(void *), void *stack, int flags, void *arg, void *parent_tid, void *tls, void *child_tid)
{
	struct forked_clone child = {fn, arg};
	int rc;

	fl_init();
	fl_fork_prepare();
	rc = fl_sys_real_clone(born_forked, stack, flags, &child, parent_tid, tls, child_tid);
	fl_fork_parent();
	return rc;
}

static int clone_thread(int (*fn)(void *), void *stack, int flags, void *arg, void *parent_tid, void *tls,
	void *child_tid, const void *caller)
{
	uint64_t mask;
	struct fl_thread *thread = expect_thread(
		flags & CLONE_SETTLS ? FL_BIRTH_CLONE : FL_BIRTH_CLONE_SHARED_TLS, arg, caller, &mask);
	int rc;

	if (thread) {
		thread->start.c11 = fn;
		rc = fl_sys_real_clone(born_c11, stack, flags, thread, parent_tid, tls, child_tid);
		if (rc < 0)
			expected_in_vain(thread);
		fl_sys_signals_restore(mask);
	} else {
		fl_sys_signals_restore(mask);
		rc = fl_sys_real_clone(fn, stack, flags, arg, parent_tid, tls, child_tid);
	}
	return rc;
}

FL_PUBLIC int clone(int (*fn)(void *), void *stack, int flags, void *arg, ...)
{
	void *parent_tid, *tls, *child_tid;
	va_list rest;

	/* The caller passes only those that its flags ask for; the others are read and not used, as in libc.
	 */
	va_start(rest, arg);
	parent_tid = va_arg(rest, void *);
	tls = va_arg(rest, void *);
	child_tid = va_arg(rest, void *);
	va_end(rest);
	/* vfork's way: the parent sleeps, and must not do so with our lock. */
	if (!fn || !stack || flags & CLONE_VFORK)
		return fl_sys_real_clone(fn, stack, flags, arg, parent_tid, tls, child_tid);
	if (flags & CLONE_VM)
		return clone_thread(
			fn, stack, flags, arg, parent_tid, tls, child_tid, __builtin_return_address(0));
	return clone_process(fn, stack, flags, arg, parent_tid, tls, child_tid);
}

/* A child that is born without our help, and counts where its parent does. */
static void note_stranger(void)
{
	uint64_t mask = fl_enter();

	FL_EACH_INSTRUMENT(stranger);
	fl_leave(mask);
}

/* Only a child that returns on a copy of this stack, with this thread's storage, may have our frames. One
 * that its parent sleeps for counts with it, as after vfork. */
struct fl_sys_birth fl_births_by_syscall(long number, long a, long b, long c, long d, long e)
{
	struct fl_sys_birth_request request;
	struct fl_sys_birth birth = {1, 0};

	if (!fl_sys_birth_request(number, a, b, &request) || request.flags & CLONE_VFORK)
		return (struct fl_sys_birth){0, 0};
	fl_init();
	if (request.own_stack || request.flags & (CLONE_VM | CLONE_SETTLS)) {
		note_stranger();
		return (struct fl_sys_birth){0, 0};
	}
	fl_fork_prepare();
	birth.result = fl_sys_birth(number, a, b, c, d, e);
	if (birth.result == 0)
		fl_fork_child();
	else
		fl_fork_parent();
	return birth;
}
