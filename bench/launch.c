/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * launch.c: launch FD COMMAND...  runs it and writes to FD: nanoseconds on the clock, microseconds of CPU and
 * the peak in kilobytes, its children's included. Ends as it does (128 + signal). A process starts with the
 * peak of the one that made it, so that one should be small.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now_ns(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static long long us(struct timeval time)
{
	return time.tv_sec * 1000000LL + time.tv_usec;
}

int main(int argc, char **argv)
{
	struct rusage used;
	int status, fd = argc > 2 ? atoi(argv[1]) : -1;
	if (fd < 3)
		return 2;
	long long start = now_ns();
	pid_t pid = vfork();
	if (pid == 0) {
		close(fd);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &used) != pid)
		return 126;
	dprintf(fd, "%lld %lld %ld\n", now_ns() - start, us(used.ru_utime) + us(used.ru_stime),
		used.ru_maxrss);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
