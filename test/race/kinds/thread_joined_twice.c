/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * thread_joined_twice.c: a thread is joined that was joined before.
 *
 * finds: thread-bad-join main@again main@joined
 * options: -D_GNU_SOURCE
 * hangs: maybe
 */
#include "case.h"

static void *nothing(void *argument)
{
	return argument;
}

int main(void)
{
	pthread_t other = start(nothing, NULL);
	pthread_join(other, NULL); /* @joined */
	if (RIGHT)
		other = start(nothing, NULL);
	int busy = pthread_tryjoin_np(other, NULL); /* @again */
	if (RIGHT && busy)
		pthread_detach(other);
}
