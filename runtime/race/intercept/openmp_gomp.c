/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * openmp_gomp.c: what gcc's code calls in libgomp. Such code is not checked itself, but may call what is.
 *
 * What runs in a region or as a task is a function that gets a pointer: we give a function of ours, which
 * knows where the program's is. libomp has these functions too and says by its tool interface what they do.
 */
#include "race/intercept.h"
#include "race/intercept/openmp.h"
#include "race/lock.h"

typedef void gomp_function(void *data);

struct gomp_region {
	gomp_function *function;
	void *data;
	struct fl_omp_team *team;
};

/* Tasks that are left run in the barrier at the end, when the function has returned. */
static void gomp_run(void *pointer)
{
	const struct gomp_region region = *(struct gomp_region *)pointer;
	struct fl_omp_task *outer = fl_omp_self.task;

	FL_RACE_INSIDE fl_omp_self.task = fl_omp_task_implicit(region.team);
	region.function(region.data);
	FL_RACE_INSIDE
	{
		fl_omp_self.waiting = region.team ? &region.team->end : NULL;
		fl_omp_release(fl_omp_self.waiting);
		fl_omp_task_drop(fl_omp_self.task);
	}
	fl_omp_self.task = outer;
}

static struct gomp_region gomp_begin(gomp_function *function, void *data)
{
	struct gomp_region region = {function, data, NULL};

	FL_RACE_INSIDE region.team = fl_omp_team_make();
	return region;
}

static void gomp_end(const struct gomp_region *region)
{
	FL_RACE_INSIDE fl_omp_team_ended(region->team);
}

/* The parameters behind (function, data) as they are declared, and as they are passed on. */
#define GOMP_PARALLEL(name, parameters, ...)                                                                 \
	FL_PUBLIC void name(gomp_function *function, void *data, GOMP_LIST parameters);                      \
	FL_INTERCEPT_LATE(void, name, (gomp_function * function, void *data, GOMP_LIST parameters))          \
	{                                                                                                    \
		struct gomp_region region;                                                                   \
                                                                                                             \
		if (fl_omp_present) {                                                                        \
			FL_REAL_LATE(name)(function, data, __VA_ARGS__);                                     \
			return;                                                                              \
		}                                                                                            \
		region = gomp_begin(function, data);                                                         \
		FL_REAL_LATE(name)(gomp_run, &region, __VA_ARGS__);                                          \
		gomp_end(&region);                                                                           \
	}
#define GOMP_LIST(...) __VA_ARGS__

GOMP_PARALLEL(GOMP_parallel, (unsigned threads, unsigned flags), threads, flags)
GOMP_PARALLEL(
	GOMP_parallel_sections, (unsigned threads, unsigned count, unsigned flags), threads, count, flags)
GOMP_PARALLEL(GOMP_teams_reg, (unsigned teams, unsigned limit, unsigned flags), teams, limit, flags)

#define GOMP_LOOP(name)                                                                                      \
	GOMP_PARALLEL(name,                                                                                  \
		(unsigned threads, long from, long until, long step, long chunk, unsigned flags), threads,   \
		from, until, step, chunk, flags)
#define GOMP_LOOP_AT_RUN_TIME(name)                                                                          \
	GOMP_PARALLEL(name, (unsigned threads, long from, long until, long step, unsigned flags), threads,   \
		from, until, step, flags)

GOMP_LOOP(GOMP_parallel_loop_static)
GOMP_LOOP(GOMP_parallel_loop_dynamic)
GOMP_LOOP(GOMP_parallel_loop_guided)
GOMP_LOOP(GOMP_parallel_loop_nonmonotonic_dynamic)
GOMP_LOOP(GOMP_parallel_loop_nonmonotonic_guided)
GOMP_LOOP_AT_RUN_TIME(GOMP_parallel_loop_runtime)
GOMP_LOOP_AT_RUN_TIME(GOMP_parallel_loop_nonmonotonic_runtime)
GOMP_LOOP_AT_RUN_TIME(GOMP_parallel_loop_maybe_nonmonotonic_runtime)

/* ---- barriers ---- */

#define GOMP_BARRIER(result, name, parameters, arguments)                                                    \
	FL_PUBLIC result name parameters;                                                                    \
	FL_INTERCEPT_LATE(result, name, parameters)                                                          \
	{                                                                                                    \
		FL_RACE_INSIDE fl_omp_barrier_arrive(fl_omp_self.task);                                      \
		GOMP_KEEP_##result FL_REAL_LATE(name) arguments;                                             \
		FL_RACE_INSIDE fl_omp_barrier_leave(fl_omp_self.task);                                       \
		GOMP_GIVE_##result                                                                           \
	}
#define GOMP_KEEP_void
#define GOMP_GIVE_void
#define GOMP_KEEP_bool bool kept =
#define GOMP_GIVE_bool return kept;

GOMP_BARRIER(void, GOMP_barrier, (void), ())
GOMP_BARRIER(bool, GOMP_barrier_cancel, (void), ())
GOMP_BARRIER(void, GOMP_loop_end, (void), ())
GOMP_BARRIER(bool, GOMP_loop_end_cancel, (void), ())
GOMP_BARRIER(void, GOMP_sections_end, (void), ())
GOMP_BARRIER(bool, GOMP_sections_end_cancel, (void), ())
GOMP_BARRIER(void, GOMP_single_copy_end, (void *copied), (copied))

/* The one thread gets NULL at once; the others wait until it has copied, which is one barrier for all. */
FL_PUBLIC void *GOMP_single_copy_start(void);
FL_INTERCEPT_LATE(void *, GOMP_single_copy_start, (void))
{
	void *copied = FL_REAL_LATE(GOMP_single_copy_start)();

	if (copied)
		FL_RACE_INSIDE
		{
			fl_omp_barrier_arrive(fl_omp_self.task);
			fl_omp_barrier_leave(fl_omp_self.task);
		}
	return copied;
}

/* ---- mutual exclusion ---- */

static char gomp_critical, gomp_atomic; /* without a name */

#define GOMP_LOCK(begin, end, parameters, arguments, lock)                                                   \
	FL_PUBLIC void begin parameters;                                                                     \
	FL_INTERCEPT_LATE(void, begin, parameters)                                                           \
	{                                                                                                    \
		FL_REAL_LATE(begin) arguments;                                                               \
		fl_lock_taken(lock, FL_LOCK_OTHER, FL_HERE);                                                 \
	}                                                                                                    \
	FL_PUBLIC void end parameters;                                                                       \
	FL_INTERCEPT_LATE(void, end, parameters)                                                             \
	{                                                                                                    \
		fl_lock_giving(lock, FL_HERE);                                                               \
		FL_REAL_LATE(end) arguments;                                                                 \
	}

GOMP_LOCK(GOMP_critical_start, GOMP_critical_end, (void), (), &gomp_critical)
GOMP_LOCK(GOMP_atomic_start, GOMP_atomic_end, (void), (), &gomp_atomic)
GOMP_LOCK(GOMP_critical_name_start, GOMP_critical_name_end, (void **name), (name), name)

static struct fl_omp_order *gomp_ordered(void)
{
	return fl_omp_self.task && fl_omp_self.task->team ? &fl_omp_self.task->team->ordered : NULL;
}

FL_PUBLIC void GOMP_ordered_start(void);
FL_INTERCEPT_LATE(void, GOMP_ordered_start, (void))
{
	FL_REAL_LATE(GOMP_ordered_start)();
	FL_RACE_INSIDE fl_omp_acquire(gomp_ordered());
}

FL_PUBLIC void GOMP_ordered_end(void);
FL_INTERCEPT_LATE(void, GOMP_ordered_end, (void))
{
	FL_RACE_INSIDE fl_omp_release(gomp_ordered());
	FL_REAL_LATE(GOMP_ordered_end)();
}
