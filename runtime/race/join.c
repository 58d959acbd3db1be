/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * join.c: join.h. A pthread_t means nothing any more once its thread was joined, and may mean another thread
 * later; so the ones that were joined are remembered until then.
 */
#include "race/join.h"

#include "core/core.h"
#include "race/finding.h"
#include "race/lock_list.h"
#include "race/sys_locks.h"

#define JOINED_LOG2 10
#define ENDED_LOCKS 8

static struct joined {
	uintptr_t pthread;
	uint32_t context, joiner, thread; /* where it was joined; uids */
} joined_lately[1 << JOINED_LOG2];

/* Somebody else may have given it back since. A mutex that is no more is not asked. */
static bool is_held_still(const struct lock_held *held, int32_t tid)
{
	const void *page = (const void *)(held->address & ~(uintptr_t)4095);

	if (!held->address || held->robust || !held->mutex)
		return held->address && !held->robust;
	return !fl_sys_pages_there(page, 4096) || fl_sys_mutex_owner((const void *)held->address) == tid;
}

/* What the thread that was joined last still held. */
struct join_ended {
	uint32_t thread, count;
	struct lock_held held[ENDED_LOCKS];
};
static __thread struct {
	struct fl_wait before;
	bool waits;
	uint32_t context;
	struct join_ended ended;
} join_now;

static struct joined *joined_place(uintptr_t pthread)
{
	return &joined_lately[(uint64_t)pthread * 0x9e3779b97f4a7c15u >> (64 - JOINED_LOG2)];
}

static void report_bad_join(
	const struct fl_join *join, const char *was, uint32_t thread, const struct joined *before)
{
	const char *did = join->waits ? "Joined" : "Detached";
	struct fl_finding finding;
	uint32_t self = fl_race_self_thread->person->uid;

	if (!fl_finding_begin(&finding, "thread-bad-join", join_now.context))
		return;
	fl_finding_say(&finding, "%s %s, which was %s before", did, fl_who(thread).text, was);
	fl_finding_step(&finding, join_now.context, self, "%s here by %s", did, fl_who(self).text);
	if (before)
		fl_finding_step(&finding, before->context, before->joiner, "Joined here by %s",
			fl_who(before->joiner).text);
	fl_finding_thread(&finding, thread);
	fl_finding_report(&finding);
}

static void look_at(const struct fl_join *join)
{
	const struct joined *before = joined_place(join->pthread);
	struct fl_race_thread *record;

	join_now.context = fl_context_of_step(join->caller, NULL);
	if (join->joinable)
		return;
	record = join->thread ? fl_race_thread_of(join->thread) : NULL;
	if (record)
		report_bad_join(join, "detached", record->person->uid, NULL);
	else if (!join->thread && before->pthread == join->pthread)
		report_bad_join(join, "joined", before->thread, before);
}

void fl_join_begin(const struct fl_join *join)
{
	struct fl_wait wait = {.what = FL_WAIT_JOIN, .object = join->thread};

	if (!fl_race_self_thread)
		return;
	FL_RACE_INSIDE look_at(join);
	join_now.waits = join->for_ever && join->joinable;
	wait.context = join_now.context;
	if (!join_now.waits)
		return;
	__atomic_store_n(&fl_race_self_thread->joins, fl_race_thread_of(join->thread), __ATOMIC_RELEASE);
	fl_wait_begin(&wait, &join_now.before);
}

void fl_join_done(const struct fl_thread *thread)
{
	struct fl_race_thread *record = fl_race_thread_of(thread);
	struct joined *place = joined_place(thread->pthread);
	uint32_t uid;
	struct lock_list *list = fl_lock_list_of(thread->index, &uid);

	if (!record || !fl_race_self_thread)
		return;
	*place = (struct joined){
		thread->pthread, join_now.context, fl_race_self_thread->person->uid, record->person->uid};
	join_now.ended.thread = record->person->uid;
	join_now.ended.count = 0;
	for (uint32_t i = 0; list && i < list->count; i++)
		if (is_held_still(&list->held[i], record->person->tid) && join_now.ended.count < ENDED_LOCKS)
			join_now.ended.held[join_now.ended.count++] = list->held[i];
}

void fl_join_started(const struct fl_thread *thread)
{
	struct joined *place = joined_place(thread->pthread);

	if (place->pthread == thread->pthread)
		place->pthread = 0;
}

static void report_ended(const struct join_ended *ended)
{
	for (uint32_t i = 0; i < ended->count; i++) {
		const struct lock_held *held = &ended->held[i];
		struct fl_finding finding;

		if (!fl_finding_begin(&finding, "mutex-held-at-thread-end", held->context))
			continue;
		fl_finding_say(&finding, "%s ended and holds %s", fl_who(ended->thread).text,
			fl_lock_name((const void *)held->address).text);
		fl_finding_step(&finding, held->context, ended->thread, "Locked here by %s",
			fl_who(ended->thread).text);
		if (held->uid)
			fl_finding_lock(&finding, held->uid);
		fl_finding_report(&finding);
	}
}

void fl_join_end(const struct fl_join *join)
{
	(void)join;
	if (!fl_race_self_thread)
		return;
	__atomic_store_n(&fl_race_self_thread->joins, NULL, __ATOMIC_RELEASE); /* where it failed */
	if (join_now.waits)
		fl_wait_end(&join_now.before);
	join_now.waits = false;
	if (join_now.ended.count)
		FL_RACE_INSIDE report_ended(&join_now.ended);
	join_now.ended.count = 0;
}

/* ---- at exit
 * -------------------------------------------------------------------------------------------------
 */

static void report_leak(uint32_t thread)
{
	const struct fl_race_person *person = fl_race_person(thread);
	struct fl_finding finding;

	if (!fl_finding_begin(&finding, "thread-leak", person->birth_context))
		return;
	fl_finding_say(&finding, "%s ended, and was neither joined nor detached", fl_who(thread).text);
	fl_finding_step(&finding, person->birth_context, person->parent, "Created here by %s",
		fl_who(person->parent).text);
	fl_finding_thread(&finding, thread);
	fl_finding_report(&finding);
}

/* Whether it is one of ours that is dead, and what it still held. */
static bool look_at_end(uint32_t index, bool *leaked, struct join_ended *ended)
{
	uint64_t mask = fl_enter();
	const struct fl_thread *thread = fl_threads_at(index);
	struct lock_list *list = fl_lock_list_of(index, &ended->thread);
	bool is_dead = list && thread->tid && fl_sys_thread_is_dead(thread->tid);

	ended->count = 0;
	*leaked = is_dead && thread->joinable;
	for (uint32_t i = 0; is_dead && i < list->count && ended->count < ENDED_LOCKS; i++)
		if (is_held_still(&list->held[i], thread->tid))
			ended->held[ended->count++] = list->held[i];
	fl_leave(mask);
	return is_dead;
}

/* Somebody is just about to, and the program ends before he is there. */
static bool is_being_joined(uint32_t index)
{
	uint32_t thread, context;

	return fl_wait_find(FL_WAIT_JOIN, fl_threads_at(index), NULL, &thread, &context);
}

void fl_join_at_exit(void)
{
	struct join_ended ended;
	bool leaked;

	if (!fl_race_process_is_ours())
		return;
	FL_RACE_INSIDE
	for (uint32_t i = 0; i < fl_threads_count(); i++) {
		if (!look_at_end(i, &leaked, &ended))
			continue;
		if (leaked && !is_being_joined(i))
			report_leak(ended.thread);
		report_ended(&ended);
	}
}
