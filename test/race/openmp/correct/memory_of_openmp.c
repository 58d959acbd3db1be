/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * memory_of_openmp.c: memory by omp_alloc and the allocate clause, given back by another thread than had it,
 * and had again.
 */
#include <omp.h>

int main(void)
{
	static int *kept;
	long sum = 0;

	for (int round = 0; round < 20; round++)
#pragma omp parallel num_threads(4) reduction(+ : sum)
	{
		for (int i = 0; i < 50; i++) {
			int *block = omp_alloc(100 * sizeof(int), omp_default_mem_alloc);
			int *cleared = omp_calloc(10, sizeof(int), omp_default_mem_alloc);

			for (int j = 0; j < 100; j++)
				block[j] = j;
			sum += block[99] + cleared[9];
			cleared[9] = 1;
			block = omp_realloc(
				block, 200 * sizeof(int), omp_default_mem_alloc, omp_default_mem_alloc);
			block[199] = 1;
			sum += block[199];
			block[0] = 3;
#pragma omp critical
			{
				int *other = kept;

				kept = block;
				block = other;
			}
			omp_free(block, omp_default_mem_alloc);
			omp_free(cleared, omp_default_mem_alloc);
		}
	}
	return sum != 20 * 4 * 50 * 100;
}
