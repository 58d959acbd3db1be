/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * regions.c: built by gcc, run by libgomp: each construct with what orders the two accesses, or without. As
 *
 *     regions CONSTRUCT [ordered]
 */
#include "case.h"

#include <omp.h>
#include <string.h>

void set(int value);
int get(void);

static int right, seen, made, other;

static void write_it(void)
{
	set(1);
	make_step();
}

static void read_it(void)
{
	await_step(1);
	seen = get();
}

static void barrier(void)
{
#pragma omp parallel num_threads(2)
	{
		if (omp_get_thread_num() == 0)
			write_it();
		if (right) {
#pragma omp barrier
		}
		if (omp_get_thread_num() == 1)
			read_it();
	}
}

static void loop(void)
{
#pragma omp parallel num_threads(2)
	{
		if (right) {
#pragma omp for schedule(dynamic, 1)
			for (int i = 0; i < 2; i++)
				if (i == 0)
					write_it();
		} else {
#pragma omp for schedule(static, 1) nowait
			for (int i = 0; i < 2; i++)
				if (i == 0)
					write_it();
		}
		if (omp_get_thread_num() == 1)
			read_it();
	}
}

static void parallel_loop(void)
{
#pragma omp parallel for num_threads(2) schedule(static, 1)
	for (int i = 0; i < 2; i++)
		if (i == 0)
			write_it();
		else if (!right)
			read_it();
	if (right)
		read_it();
}

static void critical(void)
{
#pragma omp parallel num_threads(2)
	if (omp_get_thread_num() == 0) {
#pragma omp critical(one)
		set(1);
		make_step();
	} else {
		await_step(1);
		if (right) {
#pragma omp critical(one)
			read_it();
		} else {
#pragma omp critical
			read_it();
		}
	}
}

static void lock(void)
{
	omp_lock_t one, two;

	omp_init_lock(&one);
	omp_init_lock(&two);
#pragma omp parallel num_threads(2)
	if (omp_get_thread_num() == 0) {
		omp_set_lock(&one);
		set(1);
		omp_unset_lock(&one);
		make_step();
	} else {
		await_step(1);
		omp_set_lock(right ? &one : &two);
		read_it();
		omp_unset_lock(right ? &one : &two);
	}
}

static void ordered(void)
{
#pragma omp parallel for num_threads(2) schedule(static, 1) ordered
	for (int i = 0; i < 2; i++) {
		if (!right && i == 1)
			read_it();
#pragma omp ordered
		if (i == 0)
			write_it();
		else if (right)
			read_it();
	}
}

static void sections(void)
{
#pragma omp parallel num_threads(2)
	{
#pragma omp sections
		{
#pragma omp section
			{
				write_it();
				await_step(2);
			}
#pragma omp section
			{
				await_step(1);
				if (!right)
					read_it();
				make_step();
			}
		}
#pragma omp single
		if (right)
			read_it();
	}
}

static void single(void)
{
	int told = 0;

#pragma omp parallel num_threads(2) firstprivate(told)
	{
		int mine = 0;

		if (right) {
#pragma omp single copyprivate(told)
			{
				write_it();
				told = mine = 1;
			}
		} else {
#pragma omp single nowait
			{
				write_it();
				mine = 1;
			}
		}
		if (!mine)
			read_it();
	}
}

static void task_depend(void)
{
#pragma omp parallel num_threads(2)
#pragma omp single
	{
#pragma omp task depend(out : made)
		write_it();
		if (right) {
#pragma omp task depend(in : made) if (0)
			read_it();
		} else {
#pragma omp task depend(in : other) if (0)
			read_it();
		}
	}
}

static void taskwait(void)
{
#pragma omp parallel num_threads(2)
#pragma omp single
	{
#pragma omp task
		write_it();
		await_step(1);
		if (right) {
#pragma omp taskwait
		}
		read_it();
	}
}

static void write_by_grandchild(void)
{
#pragma omp task
	{
#pragma omp task
		write_it();
	}
	await_step(1); /* before the taskwait, which might run the tasks in this thread */
#pragma omp taskwait
}

static void taskgroup(void)
{
#pragma omp parallel num_threads(2)
#pragma omp single
	{
		if (right) {
#pragma omp taskgroup
			write_by_grandchild();
		} else {
			write_by_grandchild();
		}
		read_it();
	}
}

static void task_in_barrier(void)
{
#pragma omp parallel num_threads(2)
	{
		if (omp_get_thread_num() == 0) {
#pragma omp task
			write_it();
			await_step(1);
		}
		if (right) {
#pragma omp barrier
		}
		if (omp_get_thread_num() == 0)
			read_it();
	}
}

int main(int count, char **arguments)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} constructs[] = {
		{"barrier", barrier},
		{"loop", loop},
		{"parallel_loop", parallel_loop},
		{"critical", critical},
		{"lock", lock},
		{"ordered", ordered},
		{"sections", sections},
		{"single", single},
		{"task_depend", task_depend},
		{"taskwait", taskwait},
		{"taskgroup", taskgroup},
		{"task_in_barrier", task_in_barrier},
	};

	right = count == 3;
	for (size_t i = 0; i < sizeof(constructs) / sizeof(constructs[0]); i++)
		if (!strcmp(constructs[i].name, arguments[1])) {
			constructs[i].run();
			return seen != 1;
		}
	return 2;
}
