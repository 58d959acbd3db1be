/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * openmp_gomp_task.c: tasks of gcc's code in libgomp. The library copies a task's data when it is made: our
 * copy has a head in front that says which task it is.
 */
#include "race/intercept.h"
#include "race/intercept/openmp.h"

typedef void gomp_copy_function(void *to, void *from);

struct gomp_task {
	void (*function)(void *data);
	gomp_copy_function *copy;
	void *data;
	size_t size, head_bytes;
	struct fl_omp_task *task;
};

#define GOMP_TASK_UNTIED  1u
#define GOMP_TASK_DEPENDS 8u
#define GOMP_TASK_DETACH  (1u << 13)

static void gomp_task_copy(void *to, void *from)
{
	const struct gomp_task *head = from;
	char *data = (char *)to + head->head_bytes;

	*(struct gomp_task *)to = *head;
	if (head->copy)
		head->copy(data, head->data);
	for (size_t i = 0; !head->copy && i < head->size; i++)
		data[i] = ((const char *)head->data)[i];
}

static void gomp_task_run(void *pointer)
{
	const struct gomp_task *head = pointer;
	struct fl_omp_task *task = head->task, *outer = fl_omp_self.task;

	FL_RACE_INSIDE fl_omp_task_run(task);
	fl_omp_self.task = task;
	head->function((char *)pointer + head->head_bytes);
	fl_omp_self.task = outer;
	FL_RACE_INSIDE fl_omp_task_complete(task);
}

/* The list begins with how many there are, and how many of them are `out`, which come first; or with 0, how
 * many there are, `out`, `mutexinoutset` and `in`. */
static void gomp_depend(struct fl_omp_task *task, void **list)
{
	bool is_long = !list[0];
	uint32_t count = (uint32_t)(uintptr_t)list[is_long ? 1 : 0];
	uintptr_t out = (uintptr_t)list[is_long ? 2 : 1], exclusive = is_long ? (uintptr_t)list[3] : 0;
	struct fl_omp_depend *on = fl_pool_take(count * sizeof(*on));

	for (uint32_t i = 0; on && i < count; i++)
		on[i] = (struct fl_omp_depend){(uintptr_t)list[(is_long ? 5 : 2) + i], 1,
			i < out               ? FL_OMP_DEPEND_IN | FL_OMP_DEPEND_OUT
			: i < out + exclusive ? FL_OMP_DEPEND_EXCLUSIVE
					      : FL_OMP_DEPEND_IN};
	if (on)
		fl_omp_task_depend(task, on, count);
	fl_pool_give(on, count * sizeof(*on));
}

typedef void gomp_make_task(void (*function)(void *), void *data, gomp_copy_function *copy, long size,
	long align, bool deferred, unsigned flags, void **depend, int priority, void *detach);

FL_PUBLIC gomp_make_task GOMP_task;
FL_INTERCEPT_LATE(void, GOMP_task,
	(void (*function)(void *), void *data, gomp_copy_function *copy, long size, long align, bool deferred,
		unsigned flags, void **depend, int priority, void *detach))
{
	size_t head_bytes = (sizeof(struct gomp_task) + (size_t)align - 1) & ~((size_t)align - 1);
	struct gomp_task head = {function, copy, data, (size_t)size, head_bytes, NULL};

	if (fl_omp_self.task && !(flags & GOMP_TASK_DETACH) && !fl_omp_present)
		FL_RACE_INSIDE
		{
			head.task = fl_omp_task_make(fl_omp_self.task);
			if (head.task && !(flags & GOMP_TASK_UNTIED))
				head.task->pc = FL_HERE;
			if (head.task && flags & GOMP_TASK_DEPENDS)
				gomp_depend(head.task, depend);
		}
	if (!head.task) {
		FL_REAL_LATE(GOMP_task)
		(function, data, copy, size, align, deferred, flags, depend, priority, detach);
		return;
	}
	FL_REAL_LATE(GOMP_task)
	(gomp_task_run, &head, gomp_task_copy, size + (long)head_bytes, align < 8 ? 8 : align, deferred,
		flags, depend, priority, detach);
}

FL_PUBLIC void GOMP_taskwait(void);
FL_INTERCEPT_LATE(void, GOMP_taskwait, (void))
{
	FL_REAL_LATE(GOMP_taskwait)();
	if (fl_omp_self.task)
		FL_RACE_INSIDE fl_omp_acquire(&fl_omp_self.task->children);
}

FL_PUBLIC void GOMP_taskgroup_start(void);
FL_INTERCEPT_LATE(void, GOMP_taskgroup_start, (void))
{
	FL_REAL_LATE(GOMP_taskgroup_start)();
	FL_RACE_INSIDE fl_omp_group_begin(fl_omp_self.task);
}

FL_PUBLIC void GOMP_taskgroup_end(void);
FL_INTERCEPT_LATE(void, GOMP_taskgroup_end, (void))
{
	FL_REAL_LATE(GOMP_taskgroup_end)();
	FL_RACE_INSIDE fl_omp_group_end(fl_omp_self.task);
}
