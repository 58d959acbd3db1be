/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* pthread_once sets the key up; values are destroyed by their threads, some of which set them again. */
#include <string.h>

#include "correct.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int destroyed, set_ups;
static char greeting[64];

struct value {
	int lives;
	char name[20];
};

static void destroy(void *argument)
{
	struct value *value = argument;
	if (--value->lives > 0) {
		pthread_setspecific(key, value);
		return;
	}
	pthread_mutex_lock(&lock);
	destroyed += (int)strlen(value->name);
	pthread_mutex_unlock(&lock);
	free(value);
}

static void set_up(void)
{
	set_ups++;
	strcpy(greeting, "set up once");
	REQUIRE(pthread_key_create(&key, destroy) == 0);
}

static void *work(void *argument)
{
	pthread_once(&once, set_up);
	REQUIRE(strcmp(greeting, "set up once") == 0);
	struct value *mine = calloc(1, sizeof(*mine));
	mine->lives = 1 + (int)(intptr_t)argument % 2;
	strcpy(mine->name, "four");
	REQUIRE(pthread_setspecific(key, mine) == 0);
	for (int n = 0; n < 100; n++)
		((struct value *)pthread_getspecific(key))->name[n % 4] ^= 0;
	return NULL;
}

int main(void)
{
	for (int round = 0; round < 10; round++)
		in_threads(4, work);
	REQUIRE(set_ups == 1 && destroyed == 10 * 4 * 4);
	pthread_key_delete(key);
	return 0;
}
