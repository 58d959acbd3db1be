/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * map.c: memory from the system is fresh, and so is what takes the place of memory that went back to it.
 */
#include "core/print.h"
#include "race/caller.h"
#include "race/intercept.h"
#include "race/memory.h"

#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

#define RING_ENTRIES 0x10000000 /* IORING_OFF_SQES */

static void fresh(void *at, size_t size)
{
	size_t page = fl_sys_page_size();

	fl_memory_fresh(at, (size + page - 1) & ~(page - 1));
}

static bool is_ring(int fd)
{
	char path[32], file[24] = "";

	fl_print_to(path, sizeof(path), "/proc/self/fd/%d", fd);
	return fl_sys_readlink(path, file, sizeof(file) - 1) > 0 && !strcmp(file, "anon_inode:[io_uring]");
}

/* What others do there is theirs. Of a ring the entries are mapped once. */
static void note_shared_mapping(int protection, int flags, int fd, off64_t offset, const void *caller)
{
	if (!(flags & MAP_SHARED && protection & PROT_WRITE && fl_caller_counts(caller)))
		return;
	if (!is_ring(fd))
		fl_race_count(FL_COUNT_SHARED);
	else if (offset == RING_ENTRIES)
		fl_race_count(FL_COUNT_RINGS);
}

FL_INTERCEPT(void *, mmap, __mmap, (void *at, size_t size, int protection, int flags, int fd, off_t offset))
{
	void *mapped = FL_REAL(mmap)(at, size, protection, flags, fd, offset);

	if (mapped != MAP_FAILED) {
		fresh(mapped, size);
		note_shared_mapping(protection, flags, fd, offset, FL_HERE);
	}
	return mapped;
}

FL_PUBLIC void *mmap64(void *at, size_t size, int protection, int flags, int fd, off64_t offset)
{
	void *mapped = mmap(at, size, protection, flags, fd, offset);

	if (mapped != MAP_FAILED)
		note_shared_mapping(protection, flags, fd, offset, FL_HERE);
	return mapped;
}

/* Before it is gone: afterwards somebody may have got the addresses. */
FL_INTERCEPT(int, munmap, __munmap, (void *at, size_t size))
{
	if (((uintptr_t)at & (fl_sys_page_size() - 1)) == 0)
		fresh(at, size);
	return FL_REAL(munmap)(at, size);
}

FL_INTERCEPT(int, madvise, __madvise, (void *at, size_t size, int advice))
{
	int rc = FL_REAL(madvise)(at, size, advice);

	if (!rc && (advice == MADV_DONTNEED || advice == MADV_REMOVE))
		fresh(at, size);
	return rc;
}
FL_INTERCEPT(void *, mremap, __mremap, (void *at, size_t size, size_t new_size, int flags, ...))
{
	void *moved, *to;
	va_list rest;

	va_start(rest, flags);
	to = va_arg(rest, void *); /* read and not used where the flags do not ask for it, as in libc */
	va_end(rest);
	moved = FL_REAL(mremap)(at, size, new_size, flags, to);
	if (moved == MAP_FAILED)
		return moved;
	if (moved != at) {
		fresh(at, size);
		fresh(moved, new_size);
	} else if (new_size > size) {
		fresh((char *)at + size, new_size - size);
	} else {
		fresh((char *)at + new_size, size - new_size);
	}
	return moved;
}

#ifndef FL_STATIC /* a static C library has no other name for it */
FL_PUBLIC void *shmat(int segment, const void *at, int flags);
FL_INTERCEPT(void *, shmat, shmat, (int segment, const void *at, int flags))
{
	void *mapped = FL_REAL(shmat)(segment, at, flags);
	struct shmid_ds state;

	if (mapped != (void *)-1 && !fl_sys_segment(segment, &state)) {
		fresh(mapped, state.shm_segsz);
		fl_race_count(FL_COUNT_SHARED);
	}
	return mapped;
}
#endif

/* The C library's allocator has its own way to the break. */
FL_INTERCEPT(void *, sbrk, __sbrk, (intptr_t increment))
{
	void *was = FL_REAL(sbrk)(increment);

	if (was != (void *)-1 && increment > 0)
		fresh(was, (size_t)increment);
	return was;
}
