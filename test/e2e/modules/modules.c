/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * modules.c: a program that loads and unloads instrumented objects in the way its argument names. Prints the
 * truth: how often the program's counter 1 and the parts' counter 1 ran.
 */
#define _GNU_SOURCE 1
#include "handmade.h"

#include "furlong/furlong.h"

#include <asm/prctl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 4 };

static const char *where; /* the directory of the parts */
static unsigned long own, parts;

static void work(int units)
{
	for (int i = 0; i < units; i++)
		COUNT(1);
}

/* Called by the constructor of a part that the program is linked with, before the program's own. */
void program_callback(void);
void program_callback(void)
{
	work(7);
}

static void *load(const char *name)
{
	char path[4096];
	void *handle;

	snprintf(path, sizeof(path), "%s/%s", where, name);
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!handle) {
		fprintf(stderr, "%s\n", dlerror());
		exit(98);
	}
	return handle;
}

typedef void part_fn(int);

static part_fn *part_of(void *handle)
{
	return (part_fn *)dlsym(handle, "part_work");
}

/* Threads that are alive all the time and call what main publishes. */
static _Atomic(part_fn *) published;
static atomic_int round_number, round_done;
static atomic_bool over;

static void *caller(void *arg)
{
	for (int seen = 0; !over;) {
		if (round_number == seen) {
			sched_yield();
			continue;
		}
		seen = round_number;
		work(100);
		published(1000);
		atomic_fetch_add(&round_done, 1);
	}
	return arg;
}

static pthread_t callers[THREADS];

static void start_callers(void)
{
	for (int i = 0; i < THREADS; i++)
		pthread_create(&callers[i], NULL, caller, NULL);
}

static void let_all_call(part_fn *fn)
{
	published = fn;
	round_done = 0;
	atomic_fetch_add(&round_number, 1);
	fn(500);
	while (round_done < THREADS)
		sched_yield();
	own += THREADS * 100;
	parts += THREADS * 1000 + 500;
}

static void stop_callers(void)
{
	over = true;
	for (int i = 0; i < THREADS; i++)
		pthread_join(callers[i], NULL);
}

static void do_load_among_threads(void)
{
	start_callers();
	for (int i = 0; i < 20; i++) {
		void *handle = load("libpart_a.so");
		let_all_call(part_of(handle));
		dlclose(handle);
	}
	stop_callers();
}

/* Something else stands where the part was: it comes back elsewhere. */
static void do_load_elsewhere(void)
{
	start_callers();
	for (int i = 0; i < 5; i++) {
		void *handle = load("libpart_a.so"), *at;
		Dl_info info;

		let_all_call(part_of(handle));
		dladdr((void *)part_of(handle), &info);
		at = info.dli_fbase;
		dlclose(handle);
		mmap(at, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
			0);
	}
	stop_callers();
}

/* One part goes, another one comes to its place. */
static void do_load_alternating(void)
{
	start_callers();
	for (int i = 0; i < 20; i++) {
		void *handle = load(i % 2 ? "libpart_a.so" : "libpart_b.so");
		let_all_call(part_of(handle));
		dlclose(handle);
	}
	stop_callers();
}

static void do_load_both_forms(void)
{
	void *gs = load("libpart_a.so"), *tls = load("libpart_tls.so");

	start_callers();
	for (int i = 0; i < 10; i++)
		let_all_call(part_of(i % 2 ? gs : tls));
	stop_callers();
}

/* The same object under two paths, both loaded. */
static void do_load_copies(void)
{
	void *first = load("libpart_a.so"), *second = load("copy/libpart_a.so");

	start_callers();
	for (int i = 0; i < 10; i++)
		let_all_call(part_of(i % 2 ? first : second));
	stop_callers();
}

static void do_load_foreign(void)
{
	void *handle = load("libpart_foreign.so");

	start_callers();
	let_all_call(part_of(handle));
	stop_callers();
	parts = 0;
}

/* By one thread, so that it is exact without windows too. */
static void do_load_alone(void)
{
	for (int i = 0; i < 20; i++) {
		void *handle = load(i % 2 ? "libpart_a.so" : "libpart_b.so");

		part_of(handle)(1000);
		work(100);
		dlclose(handle);
		if (fork() == 0)
			exit(0);
		wait(NULL);
	}
	own = 20 * 100;
	parts = 20 * 1000;
}

static void *load_and_call(void *arg)
{
	void *handle = load("libpart_a.so");

	part_of(handle)(1000);
	work(100);
	dlclose(handle);
	return arg;
}

static void do_load_in_threads(void)
{
	for (int i = 0; i < 10; i++) {
		for (int t = 0; t < THREADS; t++)
			pthread_create(&callers[t], NULL, load_and_call, NULL);
		for (int t = 0; t < THREADS; t++)
			pthread_join(callers[t], NULL);
	}
	own = 10 * THREADS * 100;
	parts = 10 * THREADS * 1000;
}

static void do_fork_with_parts(void)
{
	void *handle = load("libpart_a.so");

	start_callers();
	for (int i = 0; i < 20; i++) {
		pid_t pid = fork();
		if (pid == 0) {
			part_of(handle)(100);
			dlclose(handle);
			handle = load("libpart_b.so");
			part_of(handle)(100);
			_exit(0);
		}
		let_all_call(part_of(handle));
		waitpid(pid, NULL, 0);
	}
	stop_callers();
	parts += 20 * 200;
}

static void do_labels(void)
{
	start_callers();
	work(11);
	furlong_coverage_label("first");
	work(22);
	let_all_call(part_of(load("libpart_a.so")));
	furlong_coverage_label("second");
	let_all_call(part_of(load("libpart_a.so")));
	work(33);
	furlong_coverage_dump();
	furlong_coverage_label("");
	work(11);
	stop_callers();
	own += 77;
}

static void do_reset(void)
{
	start_callers();
	work(11);
	let_all_call(part_of(load("libpart_a.so")));
	furlong_coverage_reset();
	own = parts = 0;
	work(22);
	let_all_call(part_of(load("libpart_a.so")));
	stop_callers();
	own += 22;
#ifdef EARLY
	own -= 7; /* main adds them; they were before the reset */
#endif
}

#if defined(HANDMADE_TLS) && defined(__x86_64__)
static unsigned long gs_now(void)
{
	unsigned long base = 0;

	syscall(SYS_arch_prctl, ARCH_GET_GS, &base);
	return base;
}

/* The program's own use of the GS base outlives whatever we do. */
static void do_own_gs(void)
{
	static unsigned long mine[16];

	syscall(SYS_arch_prctl, ARCH_SET_GS, mine);
	start_callers();
	let_all_call(part_of(load("libpart_tls.so")));
	if (fork() == 0)
		_exit(gs_now() != (unsigned long)mine);
	wait(NULL);
	work(gs_now() == (unsigned long)mine ? 10 : 0);
	stop_callers();
	own += 10;
}
#else
static void do_own_gs(void)
{
}
#endif

static void do_nothing(void)
{
}

static const struct {
	const char *name;
	void (*run)(void);
} ways[] = {
#define WAY(name)                                                                                            \
	{                                                                                                    \
#name, do_##name                                                                             \
	}
	WAY(nothing),
	WAY(load_among_threads),
	WAY(load_alone),
	WAY(load_elsewhere),
	WAY(load_alternating),
	WAY(load_both_forms),
	WAY(load_copies),
	WAY(load_foreign),
	WAY(load_in_threads),
	WAY(fork_with_parts),
	WAY(labels),
	WAY(reset),
	WAY(own_gs),
};

int main(int argc, char **argv)
{
	where = argc > 2 ? argv[2] : ".";
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		if (argc > 1 && !strcmp(argv[1], ways[i].name)) {
			ways[i].run();
#ifdef EARLY
			own += 7;
#endif
			printf("%lu %lu", own, parts);
			return 0;
		}
	return 2;
}
