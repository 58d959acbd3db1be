/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * threads.c: threads.h. All state is under the runtime's lock, but for an entry's tid, which its own thread
 * writes once at birth.
 *
 * Dead threads are found by asking the kernel for each entry, when no entry is free and there are twice as
 * many as lived after the last search: few searches, and never more entries than twice the most that lived at
 * once.
 */
#include "core/threads.h"

#include "core/arena.h"
#include "core/instrument.h"
#include "core/sys.h"

#define SEARCH_AT_FIRST 8

static struct fl_table thread_table = {.element_bytes = sizeof(struct fl_thread)};
static uint32_t thread_count, thread_first_free, thread_search_at = SEARCH_AT_FIRST;
static uint64_t thread_births;
static __thread struct fl_thread *thread_self;

struct fl_thread *fl_threads_at(uint32_t index)
{
	return fl_table_at(&thread_table, index);
}

uint32_t fl_threads_count(void)
{
	return thread_count;
}

void fl_threads_release(struct fl_thread *thread)
{
	thread->taken = false;
	thread->tid = 0;
	thread->pthread = 0;
	thread->joinable = false;
	thread->next_free = thread_first_free;
	thread_first_free = thread->index + 1;
}

static void search_dead(void)
{
	uint32_t live = 0;

	for (uint32_t i = thread_count; i-- > 0;) {
		struct fl_thread *thread = fl_threads_at(i);
		int32_t tid;

		if (!thread || !thread->taken)
			continue;
		tid = __atomic_load_n(&thread->tid, __ATOMIC_ACQUIRE);
		if (thread->joinable || !tid || !fl_sys_thread_is_dead(tid)) {
			live++;
			continue;
		}
		FL_EACH_INSTRUMENT(thread_gone, thread);
		fl_threads_release(thread);
	}
	thread_search_at = live * 2 > SEARCH_AT_FIRST ? live * 2 : SEARCH_AT_FIRST;
}

struct fl_thread *fl_threads_acquire(void)
{
	struct fl_thread *thread;

	if (!thread_first_free && thread_count >= thread_search_at)
		search_dead();
	if (thread_first_free) {
		thread = fl_threads_at(thread_first_free - 1);
		thread_first_free = thread->next_free;
	} else {
		thread = fl_table_make(&thread_table, thread_count);
		if (!thread)
			return NULL;
		thread->index = thread_count++;
	}
	thread->taken = true;
	thread->tid = 0;
	thread->born = ++thread_births;
	return thread;
}

void fl_threads_started(struct fl_thread *thread, bool own_tls)
{
	if (own_tls)
		thread_self = thread;
	__atomic_store_n(&thread->tid, fl_sys_thread(), __ATOMIC_RELEASE);
}

struct fl_thread *fl_threads_by_pthread(uintptr_t pthread)
{
	struct fl_thread *found = NULL;

	for (uint32_t i = 0; i < thread_count; i++) {
		struct fl_thread *thread = fl_threads_at(i);

		if (thread->taken && __atomic_load_n(&thread->pthread, __ATOMIC_ACQUIRE) == pthread &&
			(!found || thread->born > found->born))
			found = thread;
	}
	return found;
}

/* The TLS pointer can be that of a parent whose thread-local storage we share: the tid tells. */
struct fl_thread *fl_threads_self(void)
{
	int32_t tid = fl_sys_thread();

	if (thread_self && thread_self->tid == tid)
		return thread_self;
	for (uint32_t i = 0; i < thread_count; i++) {
		struct fl_thread *thread = fl_threads_at(i);
		if (thread->taken && thread->tid == tid)
			return thread;
	}
	return NULL;
}

struct fl_thread *fl_threads_copied_self(void)
{
	return thread_self && thread_self->taken ? thread_self : NULL;
}

struct fl_thread *fl_threads_adopt(void)
{
	struct fl_thread *thread = fl_threads_acquire();

	if (!thread)
		return NULL;
	fl_threads_started(thread, true);
	return thread;
}

/* Every other thread stayed behind. */
void fl_threads_fork_child(struct fl_thread *self)
{
	thread_first_free = 0;
	thread_search_at = SEARCH_AT_FIRST;
	for (uint32_t i = thread_count; i-- > 0;)
		if (fl_threads_at(i) != self)
			fl_threads_release(fl_threads_at(i));
	if (self)
		self->tid = fl_sys_thread();
}
