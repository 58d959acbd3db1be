/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * openmp.h: what OpenMP orders, in its own words: teams, tasks, groups of tasks and dependences.
 * openmp_tool.c says it for libomp, openmp_gomp.c for libgomp; openmp_lock.c and openmp_reduce.c stand before
 * functions.
 *
 * A task is ordered as the thread that runs it: two tasks that one thread happens to run one after the other
 * are, as they may share what belongs to the thread (threadprivate, omp_get_thread_num).
 *
 * All run inside the runtime (FL_RACE_INSIDE); every pointer may be NULL, and then nothing is ordered.
 */
#ifndef FL_RACE_INTERCEPT_OPENMP_H
#define FL_RACE_INTERCEPT_OPENMP_H

#include "race/cell.h"

/* What some threads have done, for others to go on after: a clock that belongs to no memory of the program.
 */
struct fl_omp_order {
	struct fl_lock lock;
	struct fl_clock clock;
};
void fl_omp_release(struct fl_omp_order *order);
void fl_omp_acquire(struct fl_omp_order *order);
/* `to` gets what was released into `from`, the calling thread does not. */
void fl_omp_pass(struct fl_omp_order *from, struct fl_omp_order *to);

/* How a task depends on a variable, and what its siblings with the same variable have done. */
enum fl_omp_use {
	FL_OMP_IN,
	FL_OMP_OUT,       /* and inout */
	FL_OMP_EXCLUSIVE, /* mutexinoutset: one at a time, in any order */
	FL_OMP_SET,       /* inoutset: together, but apart from all others */
	FL_OMP_USES,
	FL_OMP_ALL = FL_OMP_USES, /* omp_all_memory */
};
/* As compiled code says it to libomp. */
enum {
	FL_OMP_DEPEND_IN = 1,
	FL_OMP_DEPEND_OUT = 2,
	FL_OMP_DEPEND_EXCLUSIVE = 4,
	FL_OMP_DEPEND_SET = 8,
	FL_OMP_DEPEND_ALL = 128,
};
struct fl_omp_depend {
	uintptr_t address;
	size_t size;
	uint8_t flags;
};
struct fl_omp_variable {
	struct fl_omp_variable *next;
	uint64_t key;
	struct fl_omp_order done[FL_OMP_USES];
};
/* Grows; what is in it stays where it is. */
struct fl_omp_map {
	struct fl_lock lock;
	struct fl_omp_variable **buckets;
	uint32_t count, capacity;
};
struct fl_omp_variable *fl_omp_find(struct fl_omp_map *map, uint64_t key);
void fl_omp_map_free(struct fl_omp_map *map);

/* The threads of a parallel region. Barriers take turns in two places, so that who is slow to leave one does
 * not get what a fast one released for the next. */
struct fl_omp_team {
	uint32_t references; /* of the region and of each task */
	struct fl_omp_order begin, end, ordered, barrier[2];
	struct fl_omp_map iterations;     /* of loops whose iterations wait for each other (doacross) */
	const void *pc;                   /* where the region is */
	struct furlong_race_frame *frame; /* where its first thread was, before the region */
	struct fl_omp_team *outer;        /* whose region its first thread began before, and is in still */
	struct fl_omp_order *waiting; /* the barrier in which its first thread ran the task that began it */
};
struct fl_omp_team *fl_omp_team_make(void);       /* and releases into its begin */
void fl_omp_team_ended(struct fl_omp_team *team); /* by the thread that began it */
void fl_omp_team_drop(struct fl_omp_team *team);
void fl_omp_iteration_done(struct fl_omp_team *team, uint64_t iteration);
void fl_omp_iteration_await(struct fl_omp_team *team, uint64_t iteration);

struct fl_omp_group {
	struct fl_omp_group *outer;
	struct fl_omp_order done;
};
struct fl_omp_dependence {
	struct fl_omp_variable *variable;
	enum fl_omp_use use;
};

/* Implicit (a thread's part of a region) or explicit. Lives as long as it runs or has children. */
struct fl_omp_task {
	uint32_t references;
	uint32_t round; /* barriers that it has left */
	struct fl_omp_team *team;
	struct fl_omp_task *parent;   /* NULL: implicit */
	struct fl_omp_group *group;   /* around it and the tasks that it makes */
	struct fl_omp_order start;    /* what it begins after, or goes on after */
	struct fl_omp_order children; /* what those that are complete have done */
	struct fl_omp_order some,
		whole;               /* done by children with dependences; by those that name all memory */
	struct fl_omp_map variables; /* of its children's dependences */
	struct fl_omp_dependence *dependences;
	uint32_t dependence_count;
	bool started, left;
	const void *pc;                   /* where it was made; NULL: its frames are not told apart */
	struct furlong_race_frame *frame; /* where the thread was that runs it, before it did */
};
struct fl_omp_task *fl_omp_task_implicit(struct fl_omp_team *team); /* and acquires the team's begin */
struct fl_omp_task *fl_omp_task_make(struct fl_omp_task *parent);   /* and releases into its start */
void fl_omp_dependence_await(struct fl_omp_task *parent, const struct fl_omp_dependence *on);
/* Before it runs. */
void fl_omp_task_depend(struct fl_omp_task *task, const struct fl_omp_depend *on, uint32_t count);
/* Acquires what a child of the task with this dependence would. */
void fl_omp_depend_await(struct fl_omp_task *task, const struct fl_omp_depend *on);
/* What runs from now on in this thread was not called by what is below, but made at task->pc. */
void fl_omp_task_push(struct fl_omp_task *task, const void *pc);
void fl_omp_task_pop(struct fl_omp_task *task);
/* The calling thread goes on with it. */
void fl_omp_task_run(struct fl_omp_task *task);
/* It left the thread, not complete; another may go on with it. Or its event was fulfilled before its end. */
void fl_omp_task_leave(struct fl_omp_task *task);
void fl_omp_task_complete(struct fl_omp_task *task);
/* The same by a thread that did not run it. */
void fl_omp_task_fulfil(struct fl_omp_task *task);
void fl_omp_task_drop(struct fl_omp_task *task);

void fl_omp_barrier_arrive(struct fl_omp_task *task);
void fl_omp_barrier_leave(struct fl_omp_task *task);
void fl_omp_group_begin(struct fl_omp_task *task);
void fl_omp_group_end(struct fl_omp_task *task);

/* Of the calling thread. */
struct fl_omp_self {
	struct fl_omp_order
		*waiting;          /* the barrier that it is in: tasks that it runs there are part of that */
	struct fl_omp_order *left; /* the one it was in last */
	bool no_barrier;           /* barriers are the library's own, not the program's */
	struct fl_omp_task *task;  /* that it is in, by libgomp's functions */
	struct fl_omp_team *began; /* the region that it began last and is in still, by libomp's events */
	uint32_t unmade;           /* regions in that one, of which there are no teams */
	const struct fl_omp_depend *depends; /* of the task that it is about to make */
	uint32_t depend_count;
};
extern __thread struct fl_omp_self fl_omp_self;

/* libomp is there and says what it does. */
extern bool fl_omp_present;
/* As libomp knows it: the team and the task that the calling thread is in; and that the task goes on as one
 * of its own, if that is what `task` is. */
struct fl_omp_team *fl_omp_tool_team(void);
struct fl_omp_task *fl_omp_tool_task(void);
void fl_omp_tool_part_ends(const void *task);

#endif
