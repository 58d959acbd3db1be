/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * module.c: module MODULE.SO OTHER.SO: loads a module, races inside it (in_module), closes it, loads another
 * one, which is as large, and races with what the first one did (after_close). With ORDERED nothing races.
 */
#include "../cases/case.h"

#include <dlfcn.h>

SHARED int left_behind; /* what the module wrote to is still there when it is not */

NOINLINE static void after_close(void)
{
	left_behind = 3; /* @after_close */
	STAY();
}

static void (*write_own)(void), (*write_there)(int *);

static void *worker(void *unused)
{
	write_own();
	write_there(&left_behind);
	make_step();
	await_step(3);
	return unused;
}

int main(int argc, char **argv)
{
	void *module = dlopen(argv[1], RTLD_NOW);
	pthread_t thread;

	if (!module || argc != 3)
		return 2;
	write_own = (void (*)(void))dlsym(module, "write_own");
	write_there = (void (*)(int *))dlsym(module, "write_there");
	thread = start(worker, NULL);
	await_step(1);
	if (RIGHT) {
		make_step();
		make_step();
		finish(thread);
	}
	write_own();
	if (dlclose(module) || dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD) || !dlopen(argv[2], RTLD_NOW))
		return 3;
	after_close();
	if (!RIGHT) {
		make_step();
		make_step();
		finish(thread);
	}
	return 0;
}
