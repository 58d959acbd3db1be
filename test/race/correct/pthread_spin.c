/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Spin locks around a list; some come in by trylock. */
#include <sched.h>

#include "correct.h"

struct node {
	struct node *next;
	long value;
};

static pthread_spinlock_t lock;
static struct node *list;
static long length;

static void *work(void *argument)
{
	long me = (long)(intptr_t)argument;
	for (int n = 0; n < 300; n++) {
		struct node *made = malloc(sizeof(*made));
		made->value = me;
		if (me % 2) {
			pthread_spin_lock(&lock);
		} else {
			while (pthread_spin_trylock(&lock) != 0)
				sched_yield();
		}
		made->next = list;
		list = made;
		length++;
		struct node *first = NULL;
		if (n % 3 == 0) {
			first = list;
			list = list->next;
			length--;
		}
		pthread_spin_unlock(&lock);
		free(first);
	}
	return NULL;
}

int main(void)
{
	pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
	in_threads(3, work);
	long count = 0;
	while (list) {
		struct node *next = list->next;
		free(list);
		list = next;
		count++;
	}
	REQUIRE(count == 600 && length == 600);
	pthread_spin_destroy(&lock);
	return 0;
}
