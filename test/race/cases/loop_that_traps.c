/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * loop_that_traps.c: a loop that looks for an end which is not there reads until memory ends; what it read
 * before was read, to the last byte, though it never came to what is behind the loop.
 *
 * race: write @first main / read @read find worker
 * race: write @last main / read @read find worker
 */
#include "case.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

static char *text;
static long page;
static sigjmp_buf place;
static volatile long found;

static void on_trap(int signal)
{
	siglongjmp(place, signal);
}

NOINLINE static long find(const char *in)
{
	long i = 0;
	while (in[i] != 'x') /* @read */
		i++;
	return i;
}

static void *worker(void *unused)
{
	signal(SIGSEGV, on_trap);
	if (!sigsetjmp(place, 1))
		found = find(text);
	make_step();
	return unused;
}

int main(void)
{
	page = sysconf(_SC_PAGESIZE);
	text = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (text == MAP_FAILED || mprotect(text + 2 * page, page, PROT_NONE))
		return 1;
	pthread_t thread = start(worker, NULL);
	await_step(1);
	if (RIGHT)
		finish(thread);
	text[0] = 1; /* @first */
	STAY();
	text[2 * page - 1] = 1; /* @last */
	STAY();
	if (!RIGHT)
		finish(thread);
	return 0;
}
