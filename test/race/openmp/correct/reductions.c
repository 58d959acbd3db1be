/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * reductions.c: every way of reducing: few threads and many, of own types, in tasks, scans, with and without
 * a barrier.
 */
#include <omp.h>

struct pair {
	long sum, most;
};

static void join(struct pair *into, const struct pair *from)
{
	into->sum += from->sum;
	if (from->most > into->most)
		into->most = from->most;
}

#pragma omp declare reduction(join : struct pair : join(&omp_out, &omp_in)) initializer(omp_priv = {0, 0})

static int once(int threads)
{
	struct pair pair = {0, 0};
	long sum = 0, product = 1, scanned[64], running = 0, tasks = 0, elements[10] = {0};

#pragma omp parallel num_threads(threads)
	{
#pragma omp for reduction(join : pair) nowait
		for (int i = 0; i < 100; i++)
			join(&pair, &(struct pair){i, i});
#pragma omp for reduction(+ : sum, elements)
		for (int i = 0; i < 100; i++) {
			sum += i;
			elements[i % 10] += i;
		}
		if (sum != 4950)
			sum = -1000;
#pragma omp barrier
#pragma omp for reduction(* : product)
		for (int i = 1; i < 11; i++)
			product *= i;
#pragma omp single
		{
#pragma omp taskgroup task_reduction(+ : tasks)
			for (int i = 0; i < 40; i++)
#pragma omp task in_reduction(+ : tasks) firstprivate(i)
				tasks += i;
#pragma omp taskloop reduction(+ : tasks)
			for (int i = 0; i < 40; i++)
				tasks += i;
		}
	}
#pragma omp parallel for num_threads(threads) reduction(inscan, + : running)
	for (int i = 0; i < 64; i++) {
		running += i;
#pragma omp scan inclusive(running)
		scanned[i] = running;
	}
	return pair.sum != 4950 || pair.most != 99 || sum != 4950 || product != 3628800 ||
	       scanned[63] != 2016 || tasks != 1560 || elements[9] != 540;
}

int main(void)
{
	for (int i = 0; i < 20; i++)
		if (once(2) || once(4) || once(7))
			return 1;
	return 0;
}
