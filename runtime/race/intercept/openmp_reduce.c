/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * openmp_reduce.c: reductions of libomp. It chooses among three ways: the threads combine one after the
 * other, holding `lock` until the end (1 is returned); each by atomic operations (2); or along a tree, in a
 * barrier of the library's own, where a thread calls the program's function for the data of others (1 for the
 * first thread, which goes on to combine with the variable itself, 0 for the rest).
 *
 * The data of each thread is its own, and the library makes sure that it stays until it was taken in: what is
 * read and written on the way along the tree is not looked at. The barrier is the program's only without
 * nowait.
 */
#include "race/intercept.h"
#include "race/intercept/openmp.h"
#include "race/lock.h"

typedef void reduce_function(void *into, void *from);

enum reduce_way {
	REDUCE_DONE, /* or along the tree, by another thread */
	REDUCE_LOCKED,
	REDUCE_ATOMIC,
	REDUCE_TREE,
};

static __thread reduce_function *reduce_program;
static __thread enum reduce_way reduce_way; /* of the last one */

static void reduce_take_in(void *into, void *from)
{
	struct fl_race_thread *self = fl_race_self_thread;

	if (self)
		self->ignore_reads_and_writes++;
	reduce_program(into, from);
	if (self)
		self->ignore_reads_and_writes--;
}

typedef int reduce_begin(
	void *where, int thread, int count, size_t size, void *data, reduce_function *function, void *lock);

/* Tasks that run in the barrier may reduce too: what they leave behind is put right. */
static int reduce(reduce_begin *real, void *where, int thread, int count, size_t size, void *data,
	reduce_function *function, void *lock, const void *pc)
{
	reduce_function *outer = reduce_program;
	int way;

	reduce_program = function;
	fl_omp_self.left = NULL;
	way = real(where, thread, count, size, data, function ? reduce_take_in : NULL, lock);
	reduce_program = outer;
	reduce_way = way == 1 && fl_omp_self.left ? REDUCE_TREE : (enum reduce_way)way;
	if (reduce_way == REDUCE_LOCKED)
		fl_lock_taken(lock, FL_LOCK_OTHER, pc);
	return way;
}

FL_PUBLIC reduce_begin __kmpc_reduce;
FL_INTERCEPT_LATE(int, __kmpc_reduce,
	(void *where, int thread, int count, size_t size, void *data, reduce_function *function, void *lock))
{
	return reduce(FL_REAL_LATE(__kmpc_reduce), where, thread, count, size, data, function, lock, FL_HERE);
}

FL_PUBLIC reduce_begin __kmpc_reduce_nowait;
FL_INTERCEPT_LATE(int, __kmpc_reduce_nowait,
	(void *where, int thread, int count, size_t size, void *data, reduce_function *function, void *lock))
{
	int way;

	fl_omp_self.no_barrier = true;
	way = reduce(FL_REAL_LATE(__kmpc_reduce_nowait), where, thread, count, size, data, function, lock,
		FL_HERE);
	fl_omp_self.no_barrier = false;
	return way;
}

/* The first thread lets the others go, who wait in the barrier that it has left. */
FL_PUBLIC void __kmpc_end_reduce(void *where, int thread, void *lock);
FL_INTERCEPT_LATE(void, __kmpc_end_reduce, (void *where, int thread, void *lock))
{
	if (reduce_way == REDUCE_LOCKED)
		fl_lock_giving(lock, FL_HERE);
	else if (reduce_way == REDUCE_TREE)
		FL_RACE_INSIDE fl_omp_release(fl_omp_self.left);
	FL_REAL_LATE(__kmpc_end_reduce)(where, thread, lock);
}

FL_PUBLIC void __kmpc_end_reduce_nowait(void *where, int thread, void *lock);
FL_INTERCEPT_LATE(void, __kmpc_end_reduce_nowait, (void *where, int thread, void *lock))
{
	if (reduce_way == REDUCE_LOCKED)
		fl_lock_giving(lock, FL_HERE);
	FL_REAL_LATE(__kmpc_end_reduce_nowait)(where, thread, lock);
}
