/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * openmp_team.c: parallel regions, their barriers, and loops whose iterations wait for each other.
 */
#include "race/intercept/openmp.h"

struct fl_omp_team *fl_omp_team_make(void)
{
	struct fl_omp_team *team = fl_pool_take(sizeof(*team));

	if (!team)
		return NULL;
	*team = (struct fl_omp_team){.references = 1, .waiting = fl_omp_self.waiting};
	fl_omp_release(&team->begin);
	return team;
}

void fl_omp_team_drop(struct fl_omp_team *team)
{
	if (!team || __atomic_sub_fetch(&team->references, 1, __ATOMIC_ACQ_REL))
		return;
	fl_clock_release(&team->begin.clock);
	fl_clock_release(&team->end.clock);
	fl_clock_release(&team->ordered.clock);
	fl_clock_release(&team->barrier[0].clock);
	fl_clock_release(&team->barrier[1].clock);
	fl_omp_map_free(&team->iterations);
	fl_pool_give(team, sizeof(*team));
}

/* Its last barrier is one of the two. The task that began it may be one that runs in a barrier around. */
void fl_omp_team_ended(struct fl_omp_team *team)
{
	fl_omp_self.waiting = team ? team->waiting : NULL;
	if (!team)
		return;
	fl_omp_acquire(&team->barrier[0]);
	fl_omp_acquire(&team->barrier[1]);
	fl_omp_acquire(&team->end);
	fl_omp_team_drop(team);
}

void fl_omp_barrier_arrive(struct fl_omp_task *task)
{
	if (!task || !task->team || fl_omp_self.no_barrier)
		return;
	fl_omp_self.waiting = &task->team->barrier[task->round & 1];
	fl_omp_release(fl_omp_self.waiting);
}

void fl_omp_barrier_leave(struct fl_omp_task *task)
{
	if (!task || !task->team)
		return;
	fl_omp_self.waiting = NULL;
	fl_omp_self.left = &task->team->barrier[task->round & 1];
	if (fl_omp_self.no_barrier)
		return;
	fl_omp_acquire(fl_omp_self.left);
	task->round++;
}

void fl_omp_iteration_done(struct fl_omp_team *team, uint64_t iteration)
{
	struct fl_omp_variable *variable = team ? fl_omp_find(&team->iterations, iteration) : NULL;

	fl_omp_release(variable ? &variable->done[FL_OMP_OUT] : NULL);
}

void fl_omp_iteration_await(struct fl_omp_team *team, uint64_t iteration)
{
	struct fl_omp_variable *variable = team ? fl_omp_find(&team->iterations, iteration) : NULL;

	fl_omp_acquire(variable ? &variable->done[FL_OMP_OUT] : NULL);
}
