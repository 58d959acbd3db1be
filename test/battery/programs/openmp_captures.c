/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 * What a task is given has, in the function around it, the place of its first use, which may be in a macro. */
// flags: -fopenmp
#include "log.h"

#define ADDS(x) add(x)
#define ADDS_OWN add(own)

static int total;

static void add(int n)
{
#pragma omp atomic
	total += n;
}

static int tasks(int n)
{
	T; int own = n;
#pragma omp task
	{
		ADDS(own); //= 3
		T; add(1);
	}
#pragma omp task
	{
		ADDS_OWN; //= 3
		T; add(2);
	}
#pragma omp taskwait
	for (int i = 0; C(0, i < 2); i++) {
#pragma omp task if (i > 0)
		{
			add(i); //= 6
			T; add(own);
		}
	}
#pragma omp taskwait
	T; return own;
}

static int targets(int n)
{
	T; int sum = n;
#pragma omp target map(tofrom : sum)
	{
		T; sum++;
		T; sum += total;
	}
	T; return sum;
}

int main(void)
{
	T; int x = 0;
	for (int n = 0; C(1, n < 3); n++) {
		T; x += tasks(n);
		T; x += targets(n);
	}
	T; return x + total == 0;
}
