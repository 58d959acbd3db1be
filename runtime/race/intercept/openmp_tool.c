/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * openmp_tool.c: what libomp says of itself by OMPT, the interface for tools of OpenMP 5.2 (chapter 19), in
 * the few words that are needed. Of mutual exclusion it speaks too late, after a lock was given back, of
 * reductions too little, and of dependences by a list that it may write beyond the end of (libomp 19,
 * kmp_taskdeps.cpp): openmp_lock.c, openmp_reduce.c and openmp_depend.c stand before those.
 *
 * Data that the library keeps for us points to our teams and tasks; 0 where we were not there.
 */
#include "race/intercept.h"
#include "race/intercept/openmp.h"
#include "race/slow.h"
#include "race/touch.h"

union tool_data {
	uint64_t value;
	void *ours;
};

enum tool_event {
	TOOL_PARALLEL_BEGIN = 3,
	TOOL_PARALLEL_END = 4,
	TOOL_TASK_CREATE = 5,
	TOOL_TASK_SCHEDULE = 6,
	TOOL_IMPLICIT_TASK = 7,
	TOOL_SYNC_WAIT = 16,
	TOOL_SYNC = 23,
	TOOL_FLUSH = 29,
};
enum tool_end { TOOL_BEGIN = 1, TOOL_END = 2 };
enum tool_sync { TOOL_SYNC_TASKWAIT = 5, TOOL_SYNC_TASKGROUP = 6, TOOL_SYNC_REDUCTION = 7 };
enum tool_status {
	TOOL_TASK_COMPLETE = 1,
	TOOL_TASK_CANCEL = 3,
	TOOL_TASK_DETACH = 4, /* its body has ended; it is complete when its event is fulfilled */
	TOOL_TASK_LATE_FULFIL = 6,
};
#define TOOL_TASK_TASKWAIT 0x10 /* not a task: what a taskwait with dependences waits for */
#define TOOL_TASK_UNTIED   0x10000000

typedef void tool_function(void);
typedef tool_function *tool_look_up(const char *name);
struct tool {
	int (*initialize)(tool_look_up *entry_point, int device, union tool_data *data);
	void (*finalize)(union tool_data *data);
	union tool_data data;
};

bool fl_omp_present;
static int (*tool_task_memory)(void **at, size_t *size, int block);
static int (*tool_parallel_info)(int level, union tool_data **data, int *size);
static int (*tool_task_info)(
	int level, int *flags, union tool_data **data, void **frame, union tool_data **parallel, int *thread);

static void *ours(const union tool_data *data)
{
	return data ? data->ours : NULL;
}

struct fl_omp_team *fl_omp_tool_team(void)
{
	union tool_data *data = NULL;
	int size;

	return tool_parallel_info && tool_parallel_info(0, &data, &size) ? ours(data) : NULL;
}

struct fl_omp_task *fl_omp_tool_task(void)
{
	union tool_data *data = NULL;

	return tool_task_info && tool_task_info(0, NULL, &data, NULL, NULL, NULL) ? ours(data) : NULL;
}

/* An untied task is called in parts, and asks for the next one itself. */
void fl_omp_tool_part_ends(const void *part)
{
	size_t size = 0;
	void *at = NULL;

	if (tool_task_memory)
		tool_task_memory(&at, &size, 0);
	if ((uintptr_t)part - (uintptr_t)at < size)
		fl_omp_task_leave(fl_omp_tool_task());
}

/* The line of the region is below all that its first thread calls, and below the birth of the others. */
static void tool_parallel_begin(union tool_data *task, const void *frame, union tool_data *parallel,
	unsigned threads, int flags, const void *pc)
{
	struct fl_omp_team *team = NULL;

	(void)task, (void)frame, (void)threads, (void)flags;
	if (!fl_omp_self.unmade)
		FL_RACE_INSIDE team = fl_omp_team_make();
	if (team) {
		team->pc = pc;
		team->frame = fl_touch_push(pc);
		team->outer = fl_omp_self.began;
		fl_omp_self.began = team;
	} else {
		fl_omp_self.unmade++;
	}
	parallel->ours = team;
}

/* The library's data of the region may be that of another by now: it gives its team back before it tells, and
 * another thread takes it (kmp_runtime.cpp, __kmp_join_call). */
static void tool_parallel_end(union tool_data *parallel, union tool_data *task, int flags, const void *pc)
{
	struct fl_omp_team *team = fl_omp_self.began;

	(void)parallel, (void)task, (void)flags, (void)pc;
	if (fl_omp_self.unmade) {
		fl_omp_self.unmade--;
		return;
	}
	if (!team)
		return;
	fl_touch_pop(team->frame);
	fl_omp_self.began = team->outer;
	FL_RACE_INSIDE fl_omp_team_ended(team);
}

/* The end of a worker's is told when it is wanted again, long after the region. */
static void tool_implicit_task(int end, union tool_data *parallel, union tool_data *task, unsigned threads,
	unsigned index, int flags)
{
	struct fl_omp_team *team = end == TOOL_BEGIN ? ours(parallel) : NULL;
	struct fl_omp_task *ended = end == TOOL_BEGIN ? NULL : ours(task);

	(void)threads, (void)flags;
	FL_RACE_INSIDE
	{
		if (end == TOOL_BEGIN) {
			struct fl_omp_task *begun = fl_omp_task_implicit(team);

			if (begun && team && index)
				fl_omp_task_push(begun, team->pc);
			task->ours = begun;
		} else if (ended) {
			fl_omp_self.waiting = NULL;
			fl_omp_task_pop(ended);
			fl_omp_task_drop(ended);
			task->ours = NULL;
		}
	}
}

static void tool_sync(int kind, int end, union tool_data *parallel, union tool_data *data, const void *pc)
{
	struct fl_omp_task *task = ours(data);

	(void)parallel, (void)pc;
	if (!task || kind == TOOL_SYNC_REDUCTION)
		return;
	FL_RACE_INSIDE
	{
		if (kind == TOOL_SYNC_TASKGROUP)
			(end == TOOL_BEGIN ? fl_omp_group_begin : fl_omp_group_end)(task);
		else if (kind != TOOL_SYNC_TASKWAIT)
			(end == TOOL_BEGIN ? fl_omp_barrier_arrive : fl_omp_barrier_leave)(task);
		else if (end == TOOL_END)
			fl_omp_acquire(&task->children);
	}
}

/* A group's reduction is made between the end of the wait and the end of the group. */
static void tool_sync_wait(
	int kind, int end, union tool_data *parallel, union tool_data *data, const void *pc)
{
	struct fl_omp_task *task = ours(data);

	(void)parallel, (void)pc;
	if (task && task->group && kind == TOOL_SYNC_TASKGROUP && end == TOOL_END)
		FL_RACE_INSIDE fl_omp_acquire(&task->group->done);
}

static void tool_task_create(union tool_data *parent, const void *frame, union tool_data *task, int flags,
	int has_dependences, const void *pc)
{
	struct fl_omp_task *made = NULL;

	(void)frame;
	if (!(flags & TOOL_TASK_TASKWAIT))
		FL_RACE_INSIDE
		{
			made = fl_omp_task_make(ours(parent));
			if (has_dependences)
				fl_omp_task_depend(made, fl_omp_self.depends, fl_omp_self.depend_count);
		}
	/* An untied one leaves its thread without a word. */
	if (made && !(flags & TOOL_TASK_UNTIED))
		made->pc = pc;
	task->ours = made;
}

/* The library uses the memory of a task that has run again, in any thread, for others. */
static void tool_task_memory_fresh(void)
{
	void *at = NULL;
	size_t size = 0;

	if (!tool_task_memory)
		return;
	tool_task_memory(&at, &size, 0);
	if (at && size && fl_race_concurrent)
		fl_shadow_reset(at, size);
}

static bool tool_has_run(int status)
{
	return status == TOOL_TASK_COMPLETE || status == TOOL_TASK_CANCEL || status == TOOL_TASK_DETACH;
}

static void tool_task_schedule(union tool_data *prior, int status, union tool_data *next)
{
	struct fl_omp_task *task = ours(prior);

	FL_RACE_INSIDE
	{
		if (task && task->parent && tool_has_run(status))
			tool_task_memory_fresh();
		switch (status) {
		case TOOL_TASK_COMPLETE:
		case TOOL_TASK_CANCEL:
			fl_omp_task_complete(task);
			break;
		case TOOL_TASK_LATE_FULFIL:
			fl_omp_task_fulfil(task);
			break;
		default:
			fl_omp_task_leave(task);
		}
		fl_omp_task_run(ours(next));
	}
}

static void tool_flush(union tool_data *thread, const void *pc)
{
	(void)thread, (void)pc;
	fl_race_slow_fence(__ATOMIC_ACQ_REL);
}

static int tool_initialize(tool_look_up *entry_point, int device, union tool_data *data)
{
	static const struct {
		enum tool_event event;
		tool_function *callback;
	} events[] = {
		{TOOL_PARALLEL_BEGIN, (tool_function *)tool_parallel_begin},
		{TOOL_PARALLEL_END, (tool_function *)tool_parallel_end},
		{TOOL_TASK_CREATE, (tool_function *)tool_task_create},
		{TOOL_TASK_SCHEDULE, (tool_function *)tool_task_schedule},
		{TOOL_IMPLICIT_TASK, (tool_function *)tool_implicit_task},
		{TOOL_SYNC_WAIT, (tool_function *)tool_sync_wait},
		{TOOL_SYNC, (tool_function *)tool_sync},
		{TOOL_FLUSH, (tool_function *)tool_flush},
	};
	int (*set_callback)(int event, tool_function *callback) =
		(int (*)(int, tool_function *))entry_point("ompt_set_callback");

	(void)device, (void)data;
	tool_task_memory = (int (*)(void **, size_t *, int))entry_point("ompt_get_task_memory");
	tool_parallel_info = (int (*)(int, union tool_data **, int *))entry_point("ompt_get_parallel_info");
	tool_task_info = (__typeof__(tool_task_info))entry_point("ompt_get_task_info");
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		set_callback(events[i].event, events[i].callback);
	fl_omp_present = true;
	return 1;
}

static void tool_finalize(union tool_data *data)
{
	(void)data;
}

/* libomp asks whoever has this name, once, when it begins. */
FL_PUBLIC struct tool *ompt_start_tool(unsigned version, const char *runtime);
FL_PUBLIC struct tool *ompt_start_tool(unsigned version, const char *runtime)
{
	static struct tool tool = {tool_initialize, tool_finalize, {0}};

	(void)version, (void)runtime;
	return fl_race_self_thread ? &tool : NULL;
}
