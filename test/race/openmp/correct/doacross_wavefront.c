/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * doacross_wavefront.c: a wave over a grid, each point after its neighbours.
 */
#include <omp.h>

#define N 30

static int grid[N][N];

int main(void)
{
	for (int round = 0; round < 10; round++) {
#pragma omp parallel for num_threads(4) schedule(static, 1) ordered(2)
		for (int i = 1; i < N; i++)
			for (int j = 1; j < N; j++) {
#pragma omp ordered depend(sink : i - 1, j) depend(sink : i, j - 1)
				grid[i][j] = grid[i - 1][j] + grid[i][j - 1] + 1;
#pragma omp ordered depend(source)
			}
	}
	return grid[2][2] != 5;
}
