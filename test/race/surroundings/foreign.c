/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * foreign.c: foreign before|between MODULE.SO: loads a module before there are threads, or between the two
 * accesses of a race (@worker and @main). A module of another version of the runtime's interface ends the
 * search for races.
 */
#include "../cases/case.h"

#include <dlfcn.h>
#include <string.h>

SHARED int racy;

static void *worker(void *unused)
{
	racy = 1; /* @worker */
	make_step();
	await_step(2);
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	if (argc != 3 || (!strcmp(argv[1], "before") && !dlopen(argv[2], RTLD_NOW)))
		return 2;
	thread = start(worker, NULL);
	await_step(1);
	if (!strcmp(argv[1], "between") && !dlopen(argv[2], RTLD_NOW))
		return 2;
	racy = 2; /* @main */
	STAY();
	make_step();
	finish(thread);
	return 0;
}
