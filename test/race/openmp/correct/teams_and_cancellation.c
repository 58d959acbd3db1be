/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * teams_and_cancellation.c: teams on the host; a loop and a group of tasks that are cancelled.
 */
#include <omp.h>
#include <stdlib.h>
#include <unistd.h>

static int numbers[1000], per_team[1000];

int main(int count, char **arguments)
{
	int found = -1, wrong = 0;

	if (!omp_get_cancellation()) {
		setenv("OMP_CANCELLATION", "true", 1);
		if (count == 1)
			execv("/proc/self/exe", (char *[]){arguments[0], "again", NULL});
		return 2;
	}
	for (int round = 0; round < 10; round++) {
#pragma omp teams distribute parallel for num_teams(2)
		for (int i = 0; i < 1000; i++)
			numbers[i] = i;
#pragma omp teams num_teams(2)
#pragma omp distribute
		for (int i = 0; i < 1000; i++)
			per_team[i] = numbers[i];
#pragma omp parallel num_threads(4)
		{
#pragma omp for schedule(static, 4)
			for (int i = 0; i < 1000; i++) {
				if (numbers[i] == 500) {
#pragma omp atomic write
					found = i;
#pragma omp cancel for
				}
#pragma omp cancellation point for
			}
#pragma omp barrier
#pragma omp single
			wrong += found != 500;
#pragma omp single
#pragma omp taskgroup
			for (int i = 0; i < 50; i++) {
#pragma omp task firstprivate(i)
				{
					per_team[i]++;
					if (i == 20) {
#pragma omp cancel taskgroup
					}
				}
			}
#pragma omp single
			wrong += per_team[20] != 21;
		}
	}
	return wrong;
}
