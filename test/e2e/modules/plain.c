/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * plain.c: a program without the flag that loads an instrumented object, as an interpreter loads extensions.
 * Its threads do not come through the runtime. Prints nothing; the part's counter 1 runs 5000 times. With a
 * second argument it unloads the object at the end.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void (*part_work)(int);

static void *call(void *arg)
{
	part_work(1000);
	return arg;
}

int main(int argc, char **argv)
{
	char path[4096];
	int status;
	pthread_t thread;
	void *handle;

	snprintf(path, sizeof(path), "%s/libpart_a.so", argc > 1 ? argv[1] : ".");
	handle = dlopen(path, RTLD_NOW);
	if (!handle)
		return 1;
	part_work = (void (*)(int))dlsym(handle, "part_work");
	part_work(1000);
	for (int i = 0; i < 2; i++) {
		pthread_create(&thread, NULL, call, NULL);
		pthread_join(thread, NULL);
	}
	if (fork() == 0) {
		part_work(1000);
		exit(0);
	}
	wait(NULL);
	part_work(1000);
	if (argc > 2) {
		dlclose(handle);
		if (fork() == 0)
			exit(0);
		if (wait(&status) < 0 || status)
			return 3;
	}
	return 0;
}
