/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * openmp_task.c: tasks from their making to their end: who waits for whom.
 */
#include "race/intercept/openmp.h"
#include "race/touch.h"

static struct fl_omp_task *task_make(struct fl_omp_team *team)
{
	struct fl_omp_task *task = fl_pool_take(sizeof(*task));

	if (!task)
		return NULL;
	*task = (struct fl_omp_task){.references = 1, .team = team};
	if (team)
		__atomic_fetch_add(&team->references, 1, __ATOMIC_RELAXED);
	return task;
}

struct fl_omp_task *fl_omp_task_implicit(struct fl_omp_team *team)
{
	fl_omp_self.waiting = NULL;
	fl_omp_acquire(team ? &team->begin : NULL);
	return task_make(team);
}

struct fl_omp_task *fl_omp_task_make(struct fl_omp_task *parent)
{
	struct fl_omp_task *task = parent ? task_make(parent->team) : NULL;

	if (!task)
		return NULL;
	task->parent = parent;
	task->group = parent->group;
	__atomic_fetch_add(&parent->references, 1, __ATOMIC_RELAXED);
	fl_omp_release(&task->start);
	return task;
}

void fl_omp_task_drop(struct fl_omp_task *task)
{
	while (task && !__atomic_sub_fetch(&task->references, 1, __ATOMIC_ACQ_REL)) {
		struct fl_omp_task *parent = task->parent;

		fl_clock_release(&task->start.clock);
		fl_clock_release(&task->children.clock);
		fl_clock_release(&task->some.clock);
		fl_clock_release(&task->whole.clock);
		fl_omp_map_free(&task->variables);
		fl_pool_give(task->dependences, task->dependence_count * sizeof(*task->dependences));
		fl_omp_team_drop(task->team);
		fl_pool_give(task, sizeof(*task));
		task = parent;
	}
}

void fl_omp_task_push(struct fl_omp_task *task, const void *pc)
{
	task->frame = fl_touch_push(pc);
	if (task->frame)
		task->frame->node = fl_context_root(pc);
}

void fl_omp_task_pop(struct fl_omp_task *task)
{
	if (task->frame)
		fl_touch_pop(task->frame);
	task->frame = NULL;
}

void fl_omp_task_run(struct fl_omp_task *task)
{
	if (!task || !task->parent)
		return;
	fl_omp_acquire(&task->start);
	if (task->started)
		return;
	task->started = true;
	for (uint32_t i = 0; i < task->dependence_count; i++)
		fl_omp_dependence_await(task->parent, &task->dependences[i]);
	if (task->pc)
		fl_omp_task_push(task, task->pc);
}

void fl_omp_task_leave(struct fl_omp_task *task)
{
	if (!task || !task->parent)
		return;
	task->left = true;
	fl_omp_release(&task->start);
}

/* Calls `tell` for all who may go on after the task. */
static void task_tell(struct fl_omp_task *task, void (*tell)(struct fl_omp_task *, struct fl_omp_order *))
{
	tell(task, &task->parent->children);
	if (task->group)
		tell(task, &task->group->done);
	if (task->dependence_count)
		tell(task, &task->parent->some);
	for (uint32_t i = 0; i < task->dependence_count; i++) {
		const struct fl_omp_dependence *on = &task->dependences[i];

		if (on->use == FL_OMP_ALL)
			tell(task, &task->parent->whole);
		else if (on->variable)
			tell(task, &on->variable->done[on->use]);
	}
}

static void tell_own(struct fl_omp_task *task, struct fl_omp_order *order)
{
	(void)task;
	fl_omp_release(order);
}

static void tell_left(struct fl_omp_task *task, struct fl_omp_order *order)
{
	fl_omp_pass(&task->start, order);
	fl_omp_release(order);
}

void fl_omp_task_complete(struct fl_omp_task *task)
{
	if (!task || !task->parent)
		return;
	fl_omp_task_pop(task);
	if (task->left)
		fl_omp_acquire(&task->start);
	task_tell(task, tell_own);
	fl_omp_release(fl_omp_self.waiting);
	fl_omp_task_drop(task);
}

/* Whoever is in a barrier waits for it, in whichever of the two places. */
void fl_omp_task_fulfil(struct fl_omp_task *task)
{
	if (!task || !task->parent)
		return;
	task_tell(task, tell_left);
	for (int i = 0; task->team && i < 2; i++)
		tell_left(task, &task->team->barrier[i]);
	fl_omp_task_drop(task);
}

void fl_omp_group_begin(struct fl_omp_task *task)
{
	struct fl_omp_group *group = task ? fl_pool_take(sizeof(*group)) : NULL;

	if (!group)
		return;
	*group = (struct fl_omp_group){.outer = task->group};
	task->group = group;
}

void fl_omp_group_end(struct fl_omp_task *task)
{
	struct fl_omp_group *group = task ? task->group : NULL;

	if (!group)
		return;
	fl_omp_acquire(&group->done);
	task->group = group->outer;
	fl_clock_release(&group->done.clock);
	fl_pool_give(group, sizeof(*group));
}
