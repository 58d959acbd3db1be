/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * openmp_depend.c: what tasks depend on. A task is ordered after those of its siblings that were made before
 * it and used the same variable in another way. When it begins, they are complete; none that was made after
 * it is.
 */
#include "race/intercept/openmp.h"

static struct fl_omp_dependence depend_on(struct fl_omp_task *parent, const struct fl_omp_depend *on)
{
	struct fl_omp_dependence dependence = {NULL, FL_OMP_ALL};

	if (on->flags & FL_OMP_DEPEND_ALL || on->address == UINTPTR_MAX)
		return dependence;
	dependence.variable = fl_omp_find(&parent->variables, on->address);
	dependence.use = on->flags & FL_OMP_DEPEND_OUT         ? FL_OMP_OUT
			 : on->flags & FL_OMP_DEPEND_EXCLUSIVE ? FL_OMP_EXCLUSIVE
			 : on->flags & FL_OMP_DEPEND_SET       ? FL_OMP_SET
							       : FL_OMP_IN;
	return dependence;
}

void fl_omp_task_depend(struct fl_omp_task *task, const struct fl_omp_depend *on, uint32_t count)
{
	if (!task || !count)
		return;
	task->dependences = fl_pool_take(count * sizeof(*task->dependences));
	if (!task->dependences)
		return;
	task->dependence_count = count;
	for (uint32_t i = 0; i < count; i++)
		task->dependences[i] = depend_on(task->parent, &on[i]);
}

void fl_omp_dependence_await(struct fl_omp_task *parent, const struct fl_omp_dependence *on)
{
	fl_omp_acquire(on->use == FL_OMP_ALL ? &parent->some : &parent->whole);
	for (int use = 0; on->variable && use < FL_OMP_USES; use++)
		if (use != (int)on->use || use == FL_OMP_OUT || use == FL_OMP_EXCLUSIVE)
			fl_omp_acquire(&on->variable->done[use]);
}

void fl_omp_depend_await(struct fl_omp_task *task, const struct fl_omp_depend *on)
{
	struct fl_omp_dependence dependence = depend_on(task, on);

	fl_omp_dependence_await(task, &dependence);
}
