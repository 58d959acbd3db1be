/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * log.c: puts the log into the file that ORACLE_LOG names, shared, so that it survives every ending.
 * Compiled without instrumentation. */
#include "log.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct log {
	uint64_t line[LOG_LINES];
	uint64_t outcome[LOG_CONDITIONS][2];
};

uint64_t *log_line;
uint64_t (*log_outcome)[2];

/* Before the program's own constructors. */
__attribute__((constructor(101))) static void open_log(void)
{
	const char *name = getenv("ORACLE_LOG");
	int fd = name ? open(name, O_RDWR | O_CREAT, 0666) : -1;
	struct log *log;

	if (fd < 0 || ftruncate(fd, sizeof(*log)) != 0)
		_exit(99);
	log = mmap(NULL, sizeof(*log), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (log == MAP_FAILED)
		_exit(99);
	close(fd);
	log_line = log->line;
	log_outcome = log->outcome;
}
