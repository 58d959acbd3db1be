/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys_locks.h: what the C library itself knows of its locks: glibc's, whose layout is part of its binary
 * interface. A mutex of <threads.h> is one of pthreads.
 *
 * Objects that glibc leaves as they were when they are destroyed get a mark in bytes that it does not use; it
 * goes when the object is made anew, in whatever way.
 */
#ifndef FL_RACE_SYS_LOCKS_H
#define FL_RACE_SYS_LOCKS_H

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define FL_SYS_KIND_MASK   3
#define FL_SYS_KIND_ROBUST 16
#define FL_SYS_KIND_LIMIT  1024
#define FL_SYS_DESTROYED   0x646579727473656full

static inline const struct __pthread_mutex_s *fl_sys_mutex(const volatile void *mutex)
{
	return &((const pthread_mutex_t *)mutex)->__data;
}

/* Neither destroyed nor something else altogether. */
static inline bool fl_sys_mutex_is_valid(const volatile void *mutex)
{
	return fl_sys_mutex(mutex)->__kind >= 0 && fl_sys_mutex(mutex)->__kind < FL_SYS_KIND_LIMIT;
}

static inline bool fl_sys_mutex_is_robust(const volatile void *mutex)
{
	return fl_sys_mutex(mutex)->__kind & FL_SYS_KIND_ROBUST;
}

static inline bool fl_sys_mutex_is_recursive(const volatile void *mutex)
{
	return (fl_sys_mutex(mutex)->__kind & FL_SYS_KIND_MASK) == PTHREAD_MUTEX_RECURSIVE_NP;
}

/* To take it twice is an error that it tells. */
static inline bool fl_sys_mutex_checks(const volatile void *mutex)
{
	return (fl_sys_mutex(mutex)->__kind & FL_SYS_KIND_MASK) == PTHREAD_MUTEX_ERRORCHECK_NP;
}

static inline bool fl_sys_mutex_is_locked(const volatile void *mutex)
{
	return __atomic_load_n(&fl_sys_mutex(mutex)->__lock, __ATOMIC_RELAXED);
}

/* tid of its holder; 0: nobody, or not known. */
static inline int32_t fl_sys_mutex_owner(const volatile void *mutex)
{
	return __atomic_load_n(&fl_sys_mutex(mutex)->__owner, __ATOMIC_RELAXED);
}

static inline int32_t fl_sys_rwlock_writer(const volatile void *lock)
{
	return __atomic_load_n(&((const pthread_rwlock_t *)lock)->__data.__cur_writer, __ATOMIC_RELAXED);
}

static inline uint32_t fl_sys_rwlock_readers(const volatile void *lock)
{
	return __atomic_load_n(&((const pthread_rwlock_t *)lock)->__data.__readers, __ATOMIC_RELAXED) >> 3;
}

/* New readers wait behind a writer that waits. */
static inline bool fl_sys_rwlock_prefers_writers(const volatile void *lock)
{
	return ((const pthread_rwlock_t *)lock)->__data.__flags ==
	       PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;
}

/* It sets a bit itself that no other function does. */
static inline bool fl_sys_cond_is_destroyed(const volatile void *cond)
{
	return ((const pthread_cond_t *)cond)->__data.__wrefs & 4;
}

enum fl_sys_markable { FL_SYS_RWLOCK, FL_SYS_SEMAPHORE, FL_SYS_BARRIER };

/* Where the mark stands: the second reserved word of a read-write lock; the ends of the others' unions. */
static inline char *fl_sys_mark(enum fl_sys_markable kind, volatile void *object)
{
	switch (kind) {
	case FL_SYS_RWLOCK:
		return (char *)&((pthread_rwlock_t *)object)->__data.__pad2;
	case FL_SYS_SEMAPHORE:
		return (char *)object + sizeof(sem_t) - sizeof(uint64_t);
	case FL_SYS_BARRIER:
		return (char *)object + sizeof(pthread_barrier_t) - sizeof(uint64_t);
	}
	return NULL;
}

static inline bool fl_sys_is_marked(enum fl_sys_markable kind, volatile void *object)
{
	uint64_t mark;

	memcpy(&mark, fl_sys_mark(kind, object), sizeof(mark));
	return mark == FL_SYS_DESTROYED;
}

static inline void fl_sys_set_mark(enum fl_sys_markable kind, volatile void *object, bool destroyed)
{
	uint64_t mark = destroyed ? FL_SYS_DESTROYED : 0;

	memcpy(fl_sys_mark(kind, object), &mark, sizeof(mark));
}

#endif
