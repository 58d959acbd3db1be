/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * truth.h: what the rewritten twin of a generated program counts by itself: how often each line began, and
 * the outcomes of its one condition. In the file that TRUTH names, mapped, so that it is right however the
 * program ends.
 */
#pragma GCC system_header
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define TRUTH_LINES 20000

static struct truth {
	unsigned long long begun, judged[2];
} * truth;

#define TRUTH(line)               ((void)truth[line].begun++)
#define TRUTH_IF(line, condition) ((condition) ? (truth[line].judged[1]++, 1) : (truth[line].judged[0]++, 0))

__attribute__((constructor)) static void truth_map(void)
{
	int fd = open(getenv("TRUTH"), O_RDWR | O_CREAT, 0666);

	if (fd < 0 || ftruncate(fd, TRUTH_LINES * sizeof(*truth)))
		_exit(99);
	truth = mmap(NULL, TRUTH_LINES * sizeof(*truth), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
}
