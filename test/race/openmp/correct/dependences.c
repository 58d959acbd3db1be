/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * dependences.c: chains, diamonds, sets and all of memory; sets of tasks that exclude each other.
 */
#include <omp.h>

#define N 40

static int grid[N][N], sum, excluded, parts[4], whole;

int main(void)
{
	for (int round = 0; round < 5; round++) {
		sum = excluded = whole = 0;
#pragma omp parallel num_threads(4)
#pragma omp single
		{
			for (int i = 1; i < N; i++)
				for (int j = 1; j < N; j++)
#pragma omp task depend(in : grid[i - 1][j], grid[i][j - 1]) depend(out : grid[i][j]) firstprivate(i, j)
					grid[i][j] = (grid[i - 1][j] + grid[i][j - 1] + 1) % 1000;
#pragma omp task depend(in : grid[N - 1][N - 1])
			sum += grid[N - 1][N - 1] > -1;
			for (int i = 0; i < 20; i++)
#pragma omp task depend(mutexinoutset : excluded)
				excluded++;
#pragma omp task depend(inout : excluded)
			excluded *= 2;
			for (int i = 0; i < 4; i++)
#pragma omp task depend(inoutset : parts) firstprivate(i)
				parts[i] = i;
#pragma omp task depend(in : parts)
			(void)(parts[3] == 3);
#pragma omp taskwait depend(in : parts)
			for (int i = 0; i < 4; i++)
				whole += parts[i];
#pragma omp taskwait
		}
		if (sum != 1 || excluded != 40 || whole != 6)
			return 1;
	}
	return 0;
}
