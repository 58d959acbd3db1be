/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * mapped.c: mapped memory | ring: maps memory that others may share, or a ring of io_uring. Ends with 77
 * where there is no io_uring.
 */
#include <linux/io_uring.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static int map(int fd, size_t size, off_t offset)
{
	int flags = fd < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED;

	return mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, offset) == MAP_FAILED;
}

int main(int argc, char **argv)
{
	struct io_uring_params wants;
	int fd;

	if (argc < 2 || strcmp(argv[1], "ring"))
		return map(-1, 4096, 0);
	memset(&wants, 0, sizeof(wants));
	fd = (int)syscall(SYS_io_uring_setup, 4, &wants);
	if (fd < 0)
		return 77;
	return map(fd, wants.sq_off.array + wants.sq_entries * sizeof(__u32), IORING_OFF_SQ_RING) ||
	       map(fd, wants.sq_entries * sizeof(struct io_uring_sqe), IORING_OFF_SQES);
}
