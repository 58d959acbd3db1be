/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * lock_wait.c: who waits for what, and deadlocks while they hang.
 *
 * A thread that gets a lock at once comes by here never. One that waits says so, and every deadlock_ms (or at
 * once and never again, where to give up the wait for a moment would let others pass) looks whether it waits
 * for itself in the end: from the lock to its holders, from those that wait to what they wait for, and so on.
 * A condition's waiter needs its mutex in the end; who joins a thread waits for it to end; a reader may wait
 * behind a writer that waits. What can give up by itself (try, until a time) is no part of it.
 *
 * Threads do not stand still while another looks. But the cycle is true when each thread in it was in one and
 * the same wait from before the first look at its locks to after the last: a thread that waits gives nothing
 * back. That is asked by the number of its wait.
 */
#include "race/lock_list.h"

#include "core/arena.h"
#include "core/core.h"
#include "core/options.h"
#include "race/finding.h"
#include "race/misuse.h"

#include <time.h>

#define WAIT_DEEPEST (FL_FINDING_STEPS / 2)

void fl_wait_begin(const struct fl_wait *wait, struct fl_wait *before)
{
	struct lock_list *mine = fl_lock_mine;

	if (!mine)
		return;
	*before = mine->wait;
	if (!(mine->turn & 1))
		before->object = NULL;
	mine->wait = *wait;
	__atomic_store_n(&mine->turn, (mine->turn | 1) + 2, __ATOMIC_RELEASE);
}

void fl_wait_end(const struct fl_wait *before)
{
	struct lock_list *mine = fl_lock_mine;

	if (!mine)
		return;
	__atomic_store_n(&mine->turn, mine->turn + 1, __ATOMIC_RELEASE);
	if (!before->object)
		return;
	mine->wait = *before;
	__atomic_store_n(&mine->turn, mine->turn + 1, __ATOMIC_RELEASE);
}

bool fl_wait_find(enum fl_wait_what what, const volatile void *object, const volatile void *mutex,
	uint32_t *thread, uint32_t *context)
{
	uint64_t mask = fl_enter();
	bool found = false;

	for (uint32_t i = 0; i < fl_threads_count() && !found; i++) {
		struct lock_list *list = fl_lock_list_of(i, thread);
		uint32_t turn = list ? __atomic_load_n(&list->turn, __ATOMIC_ACQUIRE) : 0;

		if (list == fl_lock_mine || !(turn & 1) || list->wait.what != what ||
			list->wait.object != object || (mutex && list->wait.mutex == mutex))
			continue;
		*context = list->wait.context;
		found = __atomic_load_n(&list->turn, __ATOMIC_ACQUIRE) == turn &&
			!fl_sys_thread_is_dead(fl_threads_at(i)->tid);
	}
	fl_leave(mask);
	return found;
}

/* ---- deadlocks
 * ------------------------------------------------------------------------------------------------
 */

/* One thread of a cycle: it waits for something that the next one has. */
struct wait_link {
	struct lock_list *list;
	uint32_t index, turn, thread;
	struct fl_wait wait;
	struct lock_held held; /* what the next one has, as it has it; address 0: none (a thread's end, a
				* place in a queue) */
};

struct wait_look {
	struct wait_link path[WAIT_DEEPEST];
	uint32_t length;
	uint64_t seen[64]; /* threads, by index; beyond them: looked at again */
};

/* What the thread waits for in the end. */
static uintptr_t wanted(const struct fl_wait *wait)
{
	switch (wait->what) {
	case FL_WAIT_LOCK:
		return (uintptr_t)wait->object;
	case FL_WAIT_CONDITION:
		return (uintptr_t)wait->mutex;
	case FL_WAIT_BARRIER:
	case FL_WAIT_SEMAPHORE:
	case FL_WAIT_JOIN:
		break;
	}
	return 0;
}

/* Whether `from` cannot go on before the thread does; with what that has, if it is a lock. */
static bool waits_for(
	const struct wait_link *from, uint32_t index, struct lock_list *list, struct lock_held *held)
{
	struct lock_held *found;

	*held = (struct lock_held){0};
	if (from->wait.what == FL_WAIT_JOIN)
		return from->wait.object == fl_threads_at(index);
	if (!wanted(&from->wait))
		return false;
	found = fl_lock_held_in(list, wanted(&from->wait));
	if (found && (found->write || from->wait.write)) {
		*held = *found;
		return index != from->index || from->wait.what == FL_WAIT_LOCK;
	}
	/* Behind a writer, who waits for readers. */
	return !from->wait.write && from->wait.what == FL_WAIT_LOCK && index != from->index &&
	       list->turn & 1 && list->wait.what == FL_WAIT_LOCK && list->wait.write &&
	       list->wait.object == from->wait.object;
}

static bool is_waiting(uint32_t index, struct wait_link *waiter)
{
	waiter->index = index;
	waiter->list = fl_lock_list_of(index, &waiter->thread);
	if (!waiter->list)
		return false;
	waiter->turn = __atomic_load_n(&waiter->list->turn, __ATOMIC_ACQUIRE);
	if (!(waiter->turn & 1))
		return false;
	waiter->wait = waiter->list->wait;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return true;
}

static bool was_seen(struct wait_look *look, uint32_t index)
{
	uint64_t bit = (uint64_t)1 << index % 64;
	bool seen = index < 64 * 64 && look->seen[index / 64] & bit;

	if (index < 64 * 64)
		look->seen[index / 64] |= bit;
	return seen;
}

/* Whether the last of the path cannot go on before that thread does, which is noted as the next one. Its wait
 * comes first: what it has then it has until that ends. */
static bool comes_next(struct wait_look *look, uint32_t index)
{
	struct wait_link *last = &look->path[look->length - 1], *next = last + 1;

	return look->length < WAIT_DEEPEST && is_waiting(index, next) &&
	       waits_for(last, index, next->list, &last->held);
}

/* A way from the last of the path to the first; depth first. */
static bool look_on(struct wait_look *look)
{
	struct wait_link *first = look->path, *last = &look->path[look->length - 1];

	if (waits_for(last, first->index, first->list, &last->held))
		return true;
	for (uint32_t i = 0; i < fl_threads_count(); i++) {
		if (i == first->index || !comes_next(look, i) || was_seen(look, i))
			continue;
		look->length++;
		if (look_on(look))
			return true;
		look->length--;
	}
	return false;
}

static bool is_still_so(const struct wait_look *look)
{
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	for (uint32_t i = 0; i < look->length; i++)
		if (__atomic_load_n(&look->path[i].list->turn, __ATOMIC_ACQUIRE) != look->path[i].turn ||
			fl_sys_thread_is_dead(fl_threads_at(look->path[i].index)->tid))
			return false;
	return true;
}

static void deadlock_step(
	struct fl_finding *finding, const struct wait_link *waiter, const struct wait_link *next)
{
	const struct fl_wait *wait = &waiter->wait;
	struct fl_lock_name name = fl_lock_name((const void *)wanted(wait));
	struct fl_who who = fl_who(waiter->thread);

	if (wait->what == FL_WAIT_JOIN)
		fl_finding_step(finding, wait->context, waiter->thread, "%s waits here for the end of %s",
			who.text, fl_who(next->thread).text);
	else if (wait->what == FL_WAIT_CONDITION)
		fl_finding_step(finding, wait->context, waiter->thread,
			"%s waits here on a condition variable, and for %s", who.text, name.text);
	else
		fl_finding_step(finding, wait->context, waiter->thread, "%s waits here for %s%s", who.text,
			name.text, waiter->held.address ? "" : ", behind a writer that waits");
	if (waiter->held.context)
		fl_finding_step(finding, waiter->held.context, next->thread, "which %s holds since here",
			fl_who(next->thread).text);
	if (waiter->held.uid)
		fl_finding_lock(finding, waiter->held.uid);
}

static void deadlock_say(struct fl_finding *finding, const struct wait_look *look)
{
	for (uint32_t i = 0; i < look->length; i++) {
		const struct wait_link *waiter = &look->path[i], *next = &look->path[(i + 1) % look->length];

		fl_finding_say(finding, "%s%s waits for ", i ? ", " : "", fl_who(waiter->thread).text);
		if (waiter->wait.what == FL_WAIT_JOIN)
			fl_finding_say(finding, "the end of %s", fl_who(next->thread).text);
		else
			fl_finding_say(finding, "%s, held by %s",
				fl_lock_name((const void *)wanted(&waiter->wait)).text,
				fl_who(next->thread).text);
	}
}

/* True when it was said, here or by another thread of the cycle. */
static bool deadlock_report(const struct wait_look *look)
{
	struct fl_finding finding;
	uint64_t hash = 0;

	for (uint32_t i = 0; i < look->length; i++)
		hash += fl_finding_hash(
			fl_finding_hash(0, look->path[i].wait.context), look->path[i].held.context);
	if (!fl_finding_begin_of(&finding, "deadlock", hash))
		return false;
	finding.awaited = fl_options.halt_on_deadlock;
	deadlock_say(&finding, look);
	for (uint32_t i = 0; i < look->length; i++)
		deadlock_step(&finding, &look->path[i], &look->path[(i + 1) % look->length]);
	return fl_finding_report(&finding);
}

/* False: another thread is looking, maybe for a report that takes its time. */
static bool look_for_deadlock(void)
{
	static struct wait_look look;
	static uint32_t busy;
	uint64_t mask;
	bool is;

	if (__atomic_exchange_n(&busy, 1, __ATOMIC_ACQUIRE))
		return false;
	mask = fl_enter();
	look.length = 1;
	for (uint32_t i = 0; i < 64; i++)
		look.seen[i] = 0;
	is = is_waiting(fl_race_self_thread->core->index, &look.path[0]) && look_on(&look) &&
	     is_still_so(&look);
	fl_leave(mask);
	if (is && deadlock_report(&look) && fl_options.halt_on_deadlock)
		fl_report_halt();
	__atomic_store_n(&busy, 0, __ATOMIC_RELEASE);
	return true;
}

/* ---- the wait
 * -------------------------------------------------------------------------------------------------
 */

static struct timespec moment_after_ms(int ms)
{
	int64_t at = fl_sys_now_ms() + ms;

	return (struct timespec){.tv_sec = at / 1000, .tv_nsec = at % 1000 * 1000000};
}

static int wait_and_look(const struct fl_lock_way *way, void *lock)
{
	int rc = ETIMEDOUT;

	if (!way->until) {
		/* Who looks last sees all that wait: one after the other, and nobody gives up his turn. */
		FL_RACE_INSIDE
		{
			while (!look_for_deadlock())
				fl_sys_yield();
		}
		return way->for_ever(lock);
	}
	while (rc == ETIMEDOUT) {
		struct timespec until = moment_after_ms(fl_options.deadlock_ms);

		rc = way->until(lock, &until);
		if (rc == ETIMEDOUT)
			FL_RACE_INSIDE look_for_deadlock();
	}
	/* That kind of lock knows no such clock. */
	return rc == EINVAL ? way->for_ever(lock) : rc;
}

int fl_lock_wait(const volatile void *lock, unsigned mode, const struct fl_lock_way *way, const void *pc)
{
	struct fl_wait wait = {.what = FL_WAIT_LOCK, .object = lock}, before;
	void *plain = (void *)(uintptr_t)lock;
	struct lock_held *mine;
	int rc;

	if (!fl_race_self_thread || !fl_lock_mine)
		return way->for_ever(plain);
	mine = fl_lock_held_in(fl_lock_mine, (uintptr_t)lock);
	wait.write = (mode & FL_LOCK_KIND) != FL_LOCK_READ;
	if (mine && (mine->write || wait.write))
		fl_misuse_double_lock(lock, mode, pc);
	if (!fl_options.deadlock_ms || !fl_options.detect_deadlocks)
		return way->for_ever(plain);
	FL_RACE_INSIDE wait.context = fl_context_of_step(pc, NULL);
	fl_wait_begin(&wait, &before);
	rc = wait_and_look(way, plain);
	fl_wait_end(&before);
	return rc;
}
