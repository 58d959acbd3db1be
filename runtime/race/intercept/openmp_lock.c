/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * openmp_lock.c: OpenMP's locks, simple and nestable, of libomp and libgomp; critical and ordered of libomp.
 *
 * A static program has them in it under the same names, and nobody can stand before them there.
 */
#include "race/intercept.h"
#include "race/intercept/openmp.h"
#include "race/lock.h"

#define OMP_LOCK_BYTES      8
#define OMP_NEST_LOCK_BYTES 16

#define OMP_LOCK(kind, bytes)                                                                                \
	FL_PUBLIC void omp_init_##kind(void *lock);                                                          \
	FL_INTERCEPT_LATE(void, omp_init_##kind, (void *lock))                                               \
	{                                                                                                    \
		FL_REAL_LATE(omp_init_##kind)(lock);                                                         \
		fl_lock_created(lock, FL_HERE);                                                              \
	}                                                                                                    \
	FL_PUBLIC void omp_init_##kind##_with_hint(void *lock, int hint);                                    \
	FL_INTERCEPT_LATE(void, omp_init_##kind##_with_hint, (void *lock, int hint))                         \
	{                                                                                                    \
		FL_REAL_LATE(omp_init_##kind##_with_hint)(lock, hint);                                       \
		fl_lock_created(lock, FL_HERE);                                                              \
	}                                                                                                    \
	FL_PUBLIC void omp_destroy_##kind(void *lock);                                                       \
	FL_INTERCEPT_LATE(void, omp_destroy_##kind, (void *lock))                                            \
	{                                                                                                    \
		FL_REAL_LATE(omp_destroy_##kind)(lock);                                                      \
		fl_lock_destroyed(lock, bytes);                                                              \
	}                                                                                                    \
	FL_PUBLIC void omp_set_##kind(void *lock);                                                           \
	FL_INTERCEPT_LATE(void, omp_set_##kind, (void *lock))                                                \
	{                                                                                                    \
		FL_REAL_LATE(omp_set_##kind)(lock);                                                          \
		fl_lock_taken(lock, FL_LOCK_OTHER, FL_HERE);                                                 \
	}                                                                                                    \
	FL_PUBLIC int omp_test_##kind(void *lock);                                                           \
	FL_INTERCEPT_LATE(int, omp_test_##kind, (void *lock))                                                \
	{                                                                                                    \
		int depth = FL_REAL_LATE(omp_test_##kind)(lock);                                             \
                                                                                                             \
		if (depth)                                                                                   \
			fl_lock_taken(lock, FL_LOCK_OTHER, FL_HERE);                                         \
		return depth;                                                                                \
	}                                                                                                    \
	FL_PUBLIC void omp_unset_##kind(void *lock);                                                         \
	FL_INTERCEPT_LATE(void, omp_unset_##kind, (void *lock))                                              \
	{                                                                                                    \
		fl_lock_giving(lock, FL_HERE);                                                               \
		FL_REAL_LATE(omp_unset_##kind)(lock);                                                        \
	}

OMP_LOCK(lock, OMP_LOCK_BYTES)
OMP_LOCK(nest_lock, OMP_NEST_LOCK_BYTES)

/* ---- what clang calls for `critical` and `ordered` ---- */

FL_PUBLIC void __kmpc_critical(void *where, int thread, void *name);
FL_INTERCEPT_LATE(void, __kmpc_critical, (void *where, int thread, void *name))
{
	FL_REAL_LATE(__kmpc_critical)(where, thread, name);
	fl_lock_taken(name, FL_LOCK_OTHER, FL_HERE);
}

FL_PUBLIC void __kmpc_critical_with_hint(void *where, int thread, void *name, uint32_t hint);
FL_INTERCEPT_LATE(void, __kmpc_critical_with_hint, (void *where, int thread, void *name, uint32_t hint))
{
	FL_REAL_LATE(__kmpc_critical_with_hint)(where, thread, name, hint);
	fl_lock_taken(name, FL_LOCK_OTHER, FL_HERE);
}

FL_PUBLIC void __kmpc_end_critical(void *where, int thread, void *name);
FL_INTERCEPT_LATE(void, __kmpc_end_critical, (void *where, int thread, void *name))
{
	fl_lock_giving(name, FL_HERE);
	FL_REAL_LATE(__kmpc_end_critical)(where, thread, name);
}

static struct fl_omp_order *ordered_of_team(void)
{
	struct fl_omp_team *team = fl_omp_tool_team();

	return team ? &team->ordered : NULL;
}

FL_PUBLIC void __kmpc_ordered(void *where, int thread);
FL_INTERCEPT_LATE(void, __kmpc_ordered, (void *where, int thread))
{
	FL_REAL_LATE(__kmpc_ordered)(where, thread);
	FL_RACE_INSIDE fl_omp_acquire(ordered_of_team());
}

FL_PUBLIC void __kmpc_end_ordered(void *where, int thread);
FL_INTERCEPT_LATE(void, __kmpc_end_ordered, (void *where, int thread))
{
	FL_RACE_INSIDE fl_omp_release(ordered_of_team());
	FL_REAL_LATE(__kmpc_end_ordered)(where, thread);
}
