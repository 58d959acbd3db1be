/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * openmp_kmpc.c: what clang's code calls in libomp to make tasks with dependences, to go on with untied ones,
 * to wait for an iteration of a loop (doacross), and for memory.
 */
#include "race/intercept.h"
#include "race/intercept/openmp.h"
#include "race/memory.h"

FL_PUBLIC int __kmpc_omp_task(void *where, int thread, void *task);
FL_INTERCEPT_LATE(int, __kmpc_omp_task, (void *where, int thread, void *task))
{
	FL_RACE_INSIDE fl_omp_tool_part_ends(task);
	return FL_REAL_LATE(__kmpc_omp_task)(where, thread, task);
}

typedef struct fl_omp_depend depend;

/* The list is complete but for what "may not be named twice", which compilers leave empty. */
FL_PUBLIC int __kmpc_omp_task_with_deps(
	void *where, int thread, void *task, int count, const depend *on, int more, const depend *also);
FL_INTERCEPT_LATE(int, __kmpc_omp_task_with_deps,
	(void *where, int thread, void *task, int count, const depend *on, int more, const depend *also))
{
	fl_omp_self.depends = on;
	fl_omp_self.depend_count = (uint32_t)count;
	return FL_REAL_LATE(__kmpc_omp_task_with_deps)(where, thread, task, count, on, more, also);
}

static void await_all(const depend *on, int count)
{
	FL_RACE_INSIDE
	{
		struct fl_omp_task *task = fl_omp_tool_task();

		for (int i = 0; task && i < count; i++)
			fl_omp_depend_await(task, &on[i]);
	}
}

FL_PUBLIC void __kmpc_omp_wait_deps(
	void *where, int thread, int count, const depend *on, int more, const depend *also);
FL_INTERCEPT_LATE(void, __kmpc_omp_wait_deps,
	(void *where, int thread, int count, const depend *on, int more, const depend *also))
{
	FL_REAL_LATE(__kmpc_omp_wait_deps)(where, thread, count, on, more, also);
	await_all(on, count);
}

FL_PUBLIC void __kmpc_omp_taskwait_deps_51(
	void *where, int thread, int count, const depend *on, int more, const depend *also, int nowait);
FL_INTERCEPT_LATE(void, __kmpc_omp_taskwait_deps_51,
	(void *where, int thread, int count, const depend *on, int more, const depend *also, int nowait))
{
	FL_REAL_LATE(__kmpc_omp_taskwait_deps_51)(where, thread, count, on, more, also, nowait);
	await_all(on, count);
}

/* ---- loops whose iterations wait for each other ---- */

static __thread int doacross_depth; /* loops in each other: numbers of an iteration */

static uint64_t doacross_iteration(const int64_t *numbers)
{
	uint64_t hash = 0;

	for (int i = 0; i < doacross_depth; i++)
		hash = (hash ^ (uint64_t)numbers[i]) * 0x9e3779b97f4a7c15u + 1;
	return hash;
}

FL_PUBLIC void __kmpc_doacross_init(void *where, int thread, int depth, const void *bounds);
FL_INTERCEPT_LATE(void, __kmpc_doacross_init, (void *where, int thread, int depth, const void *bounds))
{
	doacross_depth = depth;
	FL_REAL_LATE(__kmpc_doacross_init)(where, thread, depth, bounds);
}

FL_PUBLIC void __kmpc_doacross_wait(void *where, int thread, const int64_t *numbers);
FL_INTERCEPT_LATE(void, __kmpc_doacross_wait, (void *where, int thread, const int64_t *numbers))
{
	FL_REAL_LATE(__kmpc_doacross_wait)(where, thread, numbers);
	FL_RACE_INSIDE fl_omp_iteration_await(fl_omp_tool_team(), doacross_iteration(numbers));
}

FL_PUBLIC void __kmpc_doacross_post(void *where, int thread, const int64_t *numbers);
FL_INTERCEPT_LATE(void, __kmpc_doacross_post, (void *where, int thread, const int64_t *numbers))
{
	FL_RACE_INSIDE fl_omp_iteration_done(fl_omp_tool_team(), doacross_iteration(numbers));
	FL_REAL_LATE(__kmpc_doacross_post)(where, thread, numbers);
}
