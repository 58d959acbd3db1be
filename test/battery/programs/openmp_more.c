/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * More outlined bodies: nested teams, ordered, simd and collapsed loops, loops of tasks, cancelled work. */
// flags: -fopenmp
#include "log.h"

void omp_set_max_active_levels(int levels);

static int total;

static void add(int n)
{
#pragma omp atomic
	total += n;
}

static int collapsed(int n)
{
	T; int sum = 0;
#pragma omp parallel for collapse(2) num_threads(2) reduction(+ : sum) if (n > 2)
	for (int i = 0; i < n; i++)
		for (int j = 0; j < 3; j++) {
			T; sum += i * j;
			T; if (C(0, i == j)) {
				T; continue;
			}
			T; sum++;
		}
	T; return sum;
}

static void nested(void)
{
	T; omp_set_max_active_levels(2);
#pragma omp parallel num_threads(2)
	{
		T; add(1);
#pragma omp parallel num_threads(2)
		{
			T; add(1);
		}
		T; add(1);
	}
	T; return;
}

static int in_order(int n)
{
	T; int last = -1;
#pragma omp parallel for ordered num_threads(3) lastprivate(last) schedule(static, 1)
	for (int i = 0; i < n; i++) {
		T; last = i;
#pragma omp ordered
		{
			T; total += i;
		}
	}
	T; return last;
}

static int simd(const int *a, int n)
{
	T; int sum = 0;
#pragma omp simd reduction(+ : sum)
	for (int i = 0; i < n; i++) {
		sum += a[i]; //= 16
	}
	T; return sum;
}

static int tree(int n)
{
	T; if (C(1, n < 2)) {
		T; return n;
	}
	int left, right;
#pragma omp task shared(left)
	{
		T; left = tree(n - 1);
	}
#pragma omp task shared(right) if (n > 3)
	{
		T; right = tree(n - 2);
	}
#pragma omp taskwait
	T; return left + right;
}

int main(void)
{
	static const int numbers[16];
	T; int x = collapsed(2) + collapsed(4);
	T; nested();
	T; x += in_order(7);
	T; x += simd(numbers, 16);
#pragma omp parallel num_threads(2)
#pragma omp master
	{
		T; x += tree(5);
#pragma omp taskloop grainsize(2)
		for (int i = 0; i < 5; i++) {
			T; add(i);
		}
	}
#pragma omp parallel num_threads(3)
	{
#pragma omp for nowait
		for (int i = 0; i < 6; i++) {
			T; add(i);
		}
#pragma omp master
		{
			T; add(1);
		}
	}
	T; return x + total == 0;
}
