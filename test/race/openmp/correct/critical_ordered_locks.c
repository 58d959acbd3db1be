/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * critical_ordered_locks.c: counters under each of them, from regions that are nested, short and many.
 */
#include <omp.h>

static int in_critical, in_second, in_lock, in_nest, in_ordered, in_master, list[100];
static omp_lock_t lock;
static omp_nest_lock_t nest;

static void add(int depth)
{
	omp_set_nest_lock(&nest);
	in_nest++;
	if (depth)
		add(depth - 1);
	omp_unset_nest_lock(&nest);
}

int main(void)
{
	omp_init_lock_with_hint(&lock, omp_sync_hint_contended);
	omp_init_nest_lock(&nest);
	omp_set_max_active_levels(2);
	for (int round = 0; round < 30; round++) {
		in_ordered = 0;
#pragma omp parallel num_threads(3)
		{
#pragma omp critical(first)
			in_critical++;
#pragma omp critical(second) hint(omp_sync_hint_speculative)
			in_second++;
			omp_set_lock(&lock);
			in_lock++;
			omp_unset_lock(&lock);
			if (omp_test_lock(&lock)) {
				in_lock += 0;
				omp_unset_lock(&lock);
			}
			add(3);
#pragma omp for ordered schedule(dynamic, 1)
			for (int i = 0; i < 100; i++) {
#pragma omp ordered
				list[in_ordered++] = i;
			}
#pragma omp master
			in_master++;
#pragma omp parallel num_threads(2)
			{
#pragma omp critical(first)
				in_critical++;
			}
		}
	}
	for (int i = 0; i < 100; i++)
		if (list[i] != i)
			return 1;
	omp_destroy_lock(&lock);
	omp_destroy_nest_lock(&nest);
	return in_critical != 270 || in_second != 90 || in_lock != 90 || in_nest != 360 || in_master != 30;
}
