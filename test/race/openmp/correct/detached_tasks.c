/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * detached_tasks.c: a detached task is complete when its event is fulfilled, by whichever thread.
 */
#include <omp.h>
#include <pthread.h>

static int results[50];

struct order {
	omp_event_handle_t event;
	int *result;
};

static void *deliver(void *data)
{
	struct order *order = data;

	*order->result += 2;
	omp_fulfill_event(order->event);
	return NULL;
}

int main(void)
{
	static struct order orders[50];
	static pthread_t threads[50];

#pragma omp parallel num_threads(3)
#pragma omp single
	{
		for (int i = 0; i < 50; i++) {
			omp_event_handle_t event;

#pragma omp task detach(event) depend(out : results[i]) firstprivate(i)
			{
				results[i] = 1;
				orders[i] = (struct order){event, &results[i]};
				if (pthread_create(&threads[i], NULL, deliver, &orders[i]))
					__builtin_trap();
			}
#pragma omp task depend(inout : results[i]) firstprivate(i)
			results[i] *= 2;
		}
#pragma omp taskwait
		for (int i = 0; i < 50; i++)
			results[i]++;
	}
	for (int i = 0; i < 50; i++)
		if (pthread_join(threads[i], NULL) || results[i] != 7)
			return 1;
	return 0;
}
