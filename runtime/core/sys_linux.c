/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys_linux.c: sys.h on Linux, by bare system calls. Only the *at forms, which every architecture has.
 */
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <linux/mman.h>
#include <linux/sched.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>

#if defined(__x86_64__)
#include "core/sys_x86_64.h"
#elif defined(__aarch64__)
#include "core/sys_aarch64.h"
#else
#error "Furlong knows x86-64 and AArch64: add a core/sys_ARCH.h"
#endif

#define KERNEL_SIGSET_BYTES 8

int fl_sys_open(const char *path, int flags, unsigned mode)
{
	long fd;

	do
		fd = syscall6(SYS_openat, AT_FDCWD, (long)path, flags | O_CLOEXEC, mode, 0, 0);
	while (fd == -EINTR);
	return (int)fd;
}

int fl_sys_close(int fd)
{
	return (int)syscall6(SYS_close, fd, 0, 0, 0, 0, 0);
}

int fl_sys_fstat(int fd, struct stat *st)
{
	return (int)syscall6(SYS_fstat, fd, (long)st, 0, 0, 0, 0);
}

bool fl_sys_same_file(int fd, int other)
{
	long self = syscall6(SYS_getpid, 0, 0, 0, 0, 0, 0);

	return !syscall6(SYS_kcmp, self, self, 0 /* KCMP_FILE */, fd, other, 0);
}

int fl_sys_socket_name(int fd, bool peer, struct sockaddr *name, uint32_t *room)
{
	return (int)syscall6(peer ? SYS_getpeername : SYS_getsockname, fd, (long)name, (long)room, 0, 0, 0);
}

int fl_sys_socket_type(int fd)
{
	int type = 0;
	uint32_t room = sizeof(type);
	long rc = syscall6(SYS_getsockopt, fd, SOL_SOCKET, SO_TYPE, (long)&type, (long)&room, 0);

	return rc < 0 ? (int)rc : type;
}

int fl_sys_semaphores(int set, struct semid_ds *state)
{
	return (int)syscall6(SYS_semctl, set, 0, IPC_STAT, (long)state, 0, 0);
}

int fl_sys_segment(int segment, struct shmid_ds *state)
{
	return (int)syscall6(SYS_shmctl, segment, IPC_STAT, (long)state, 0, 0, 0);
}

int fl_sys_stat(const char *path, struct stat *st)
{
	return (int)syscall6(SYS_newfstatat, AT_FDCWD, (long)path, (long)st, 0, 0, 0);
}

int fl_sys_mkdir(const char *path, unsigned mode)
{
	return (int)syscall6(SYS_mkdirat, AT_FDCWD, (long)path, mode, 0, 0, 0);
}

int fl_sys_link(const char *from, const char *to)
{
	return (int)syscall6(SYS_linkat, AT_FDCWD, (long)from, AT_FDCWD, (long)to, 0, 0);
}

int fl_sys_rename_new(const char *from, const char *to)
{
	return (int)syscall6(SYS_renameat2, AT_FDCWD, (long)from, AT_FDCWD, (long)to, 1 /* NOREPLACE */, 0);
}

int fl_sys_unlink(const char *path)
{
	return (int)syscall6(SYS_unlinkat, AT_FDCWD, (long)path, 0, 0, 0, 0);
}

int fl_sys_chmod_fd(int fd, unsigned mode)
{
	return (int)syscall6(SYS_fchmod, fd, mode, 0, 0, 0, 0);
}

long fl_sys_readlink(const char *path, char *buf, size_t size)
{
	return syscall6(SYS_readlinkat, AT_FDCWD, (long)path, (long)buf, (long)size, 0, 0);
}

long fl_sys_getcwd(char *buf, size_t size)
{
	return syscall6(SYS_getcwd, (long)buf, (long)size, 0, 0, 0, 0);
}

long fl_sys_read(int fd, void *buf, size_t size)
{
	long n;

	do
		n = syscall6(SYS_read, fd, (long)buf, (long)size, 0, 0, 0);
	while (n == -EINTR);
	return n;
}

long fl_sys_write(int fd, const void *buf, size_t size)
{
	long n;

	do
		n = syscall6(SYS_write, fd, (long)buf, (long)size, 0, 0, 0);
	while (n == -EINTR);
	return n;
}

static bool beyond_limit(uint64_t end)
{
	struct rlimit limit;

	if (syscall6(SYS_prlimit64, 0, RLIMIT_FSIZE, 0, (long)&limit, 0, 0) < 0)
		return false;
	return limit.rlim_cur != RLIM_INFINITY && end > limit.rlim_cur;
}

int fl_sys_pwrite_all(int fd, const void *buf, size_t size, uint64_t offset)
{
	const char *from = buf;

	if (beyond_limit(offset + size))
		return -EFBIG;
	while (size) {
		long n = syscall6(SYS_pwrite64, fd, (long)from, (long)size, (long)offset, 0, 0);
		if (n == -EINTR)
			continue;
		if (n <= 0)
			return n ? (int)n : -EIO;
		from += n;
		offset += (uint64_t)n;
		size -= (size_t)n;
	}
	return 0;
}

/* Where the file system cannot allocate (-EOPNOTSUPP), zeros are written beyond the end instead. Never
 * outside of what was asked for: others may write there since we looked. */
static int append_zeros(int fd, uint64_t offset, uint64_t size)
{
	static const char zeros[4096];
	struct stat st;
	int rc = fl_sys_fstat(fd, &st);

	if (rc)
		return rc;
	for (uint64_t at = (uint64_t)st.st_size > offset ? (uint64_t)st.st_size : offset;
		at < offset + size && !rc;) {
		uint64_t n = offset + size - at < sizeof(zeros) ? offset + size - at : sizeof(zeros);
		rc = fl_sys_pwrite_all(fd, zeros, n, at);
		at += n;
	}
	return rc;
}

static int allocate_blocks(int fd, uint64_t offset, uint64_t size)
{
	long rc;

	if (beyond_limit(offset + size))
		return -EFBIG;
	do
		rc = syscall6(SYS_fallocate, fd, 0, (long)offset, (long)size, 0, 0);
	while (rc == -EINTR);
	return (int)rc;
}

int fl_sys_allocate(int fd, uint64_t offset, uint64_t size)
{
	int rc = allocate_blocks(fd, offset, size);

	return rc == -EOPNOTSUPP || rc == -ENOSYS ? append_zeros(fd, offset, size) : rc;
}

void fl_sys_extend(int fd, uint64_t end)
{
	allocate_blocks(fd, end - 1, 1);
}

static int map(void **at, size_t size, enum fl_sys_map how, int prot, int flags, int fd, uint64_t offset)
{
	void *want = *at;
	long got;

	if (how == FL_SYS_MAP_FREE)
		flags |= MAP_FIXED_NOREPLACE;
	if (how == FL_SYS_MAP_REPLACE)
		flags |= MAP_FIXED;
	got = syscall6(SYS_mmap, (long)want, (long)size, prot, flags, fd, (long)offset);
	if (got < 0 && got > -4096)
		return (int)got;
	if (how == FL_SYS_MAP_FREE &&
		got != (long)want) { /* Linux before 4.17 takes the address for a hint */
		fl_sys_unmap((void *)got, size);
		return -EEXIST;
	}
	*at = (void *)got;
	return 0;
}

int fl_sys_map(void **at, size_t size, enum fl_sys_map how, int fd, uint64_t offset)
{
	int flags = fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE : MAP_SHARED;

	return map(at, size, how, PROT_READ | PROT_WRITE, flags, fd, offset);
}

int fl_sys_reserve(void **at, size_t size, enum fl_sys_map how)
{
	return map(at, size, how, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

int fl_sys_unmap(void *at, size_t size)
{
	return (int)syscall6(SYS_munmap, (long)at, (long)size, 0, 0, 0, 0);
}

int fl_sys_move(void *from, size_t size, void *to)
{
	long at = syscall6(
		SYS_mremap, (long)from, (long)size, (long)size, MREMAP_MAYMOVE | MREMAP_FIXED, (long)to, 0);

	return at == (long)to ? 0 : (int)at;
}

/* mremap of nothing (old size 0) makes a second mapping of a shared one. It starts at the origin, so it is
 * made long enough, the wanted end is moved to its place and the rest dropped. */
int fl_sys_map_again(void *origin, uint64_t offset, void *at, size_t size)
{
	long whole = syscall6(SYS_mremap, (long)origin, 0, (long)(offset + size), MREMAP_MAYMOVE, 0, 0);
	long moved;

	if (whole < 0 && whole > -4096)
		return (int)whole;
	moved = syscall6(SYS_mremap, whole + (long)offset, (long)size, (long)size,
		MREMAP_MAYMOVE | MREMAP_FIXED, (long)at, 0);
	fl_sys_unmap((void *)whole, offset + (moved == (long)at ? 0 : size));
	return moved == (long)at ? 0 : (int)moved;
}

int fl_sys_populate(void *at, size_t size)
{
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
	return (int)syscall6(SYS_madvise, (long)at, (long)size, MADV_POPULATE_WRITE, 0, 0, 0);
}

size_t fl_sys_pages_there(const void *at, size_t size)
{
	unsigned char there[FL_SYS_PAGES_LIMIT];
	size_t pages = (size + fl_sys_page_size() - 1) / fl_sys_page_size(), count = 0;

	if (pages > FL_SYS_PAGES_LIMIT || syscall6(SYS_mincore, (long)at, (long)size, (long)there, 0, 0, 0))
		return 0;
	for (size_t i = 0; i < pages; i++)
		count += there[i] & 1;
	return count;
}

void fl_sys_give_back(void *at, size_t size)
{
	syscall6(SYS_madvise, (long)at, (long)size, MADV_DONTNEED, 0, 0, 0);
}

void fl_sys_sparse(void *at, size_t size)
{
	syscall6(SYS_madvise, (long)at, (long)size, MADV_NOHUGEPAGE, 0, 0, 0);
	syscall6(SYS_madvise, (long)at, (long)size, MADV_DONTDUMP, 0, 0, 0);
}

void fl_sys_dense(void *at, size_t size)
{
	syscall6(SYS_madvise, (long)at, (long)size, MADV_HUGEPAGE, 0, 0, 0);
}

int fl_sys_memory_file(uint64_t size)
{
	int fd, rc;

	if (beyond_limit(size))
		return -EFBIG;
	fd = (int)syscall6(SYS_memfd_create, (long)"furlong", MFD_CLOEXEC, 0, 0, 0, 0);
	rc = fd < 0 ? fd : (int)syscall6(SYS_ftruncate, fd, (long)size, 0, 0, 0, 0);
	if (!rc || fd < 0)
		return rc ? rc : fd;
	fl_sys_close(fd);
	return rc;
}

void fl_sys_mark_used(int fd)
{
	syscall6(SYS_flock, fd, LOCK_SH | LOCK_NB, 0, 0, 0, 0);
}

int fl_sys_sync(void *at, size_t size)
{
	return (int)syscall6(SYS_msync, (long)at, (long)size, MS_SYNC, 0, 0, 0);
}

void *fl_sys_wiped_in_child(size_t size)
{
#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#endif
	void *at = NULL;

	if (fl_sys_map(&at, size, FL_SYS_MAP_ANYWHERE, -1, 0))
		return NULL;
	if (!syscall6(SYS_madvise, (long)at, (long)size, MADV_WIPEONFORK, 0, 0, 0))
		return at;
	fl_sys_unmap(at, size);
	return NULL;
}

bool fl_sys_is_mapped(const void *at, size_t size)
{
	uintptr_t page = fl_sys_page_size(), from = (uintptr_t)at & ~(page - 1), end = (uintptr_t)at + size;
	unsigned char resident[256];

	for (; from < end; from += page * sizeof(resident)) {
		uintptr_t length =
			end - from < page * sizeof(resident) ? end - from : page * sizeof(resident);

		if (syscall6(SYS_mincore, (long)from, (long)length, (long)resident, 0, 0, 0))
			return false;
	}
	return true;
}

/* clone's stack is its second argument on all architectures that we know. */
bool fl_sys_birth_request(long number, long a, long b, struct fl_sys_birth_request *request)
{
	struct clone_args args;

	*request = (struct fl_sys_birth_request){0};
	if (number == SYS_clone) {
		request->flags = (uint64_t)a;
		request->own_stack = b;
	} else if (number == SYS_clone3) {
		/* Programs ask for the call's existence by nonsense. */
		if ((size_t)b < CLONE_ARGS_SIZE_VER0 || !fl_sys_is_mapped((void *)a, CLONE_ARGS_SIZE_VER0))
			return false;
		memcpy(&args, (void *)a, CLONE_ARGS_SIZE_VER0);
		request->flags = args.flags;
		request->own_stack = args.stack;
	}
	return true;
}

long fl_sys_birth(long number, long a, long b, long c, long d, long e)
{
	return syscall6(number, a, b, c, d, e, 0);
}

size_t fl_sys_page_size(void)
{
	return getauxval(AT_PAGESZ);
}

bool fl_sys_fence_all_init(void)
{
	return !syscall6(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0, 0, 0, 0);
}

void fl_sys_fence_all(void)
{
	syscall6(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0, 0, 0, 0);
}

void fl_sys_nap(void)
{
	struct timespec moment = {.tv_nsec = 1000000};

	syscall6(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, (long)&moment, 0, 0, 0);
}

void fl_sys_yield(void)
{
	syscall6(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
}

int32_t fl_sys_process(void)
{
	return (int32_t)syscall6(SYS_getpid, 0, 0, 0, 0, 0, 0);
}

int32_t fl_sys_thread(void)
{
	return (int32_t)syscall6(SYS_gettid, 0, 0, 0, 0, 0, 0);
}

bool fl_sys_process_is_dead(int32_t pid)
{
	return syscall6(SYS_kill, pid, 0, 0, 0, 0, 0) == -ESRCH;
}

/* Not tgkill: a child of clone with CLONE_VM but not CLONE_THREAD is a process of its own. */
bool fl_sys_thread_is_dead(int32_t tid)
{
	return syscall6(SYS_tkill, tid, 0, 0, 0, 0, 0) == -ESRCH;
}

static uint32_t mix(uint32_t hash, const void *bytes, size_t size)
{
	const uint8_t *byte = bytes;

	while (size--)
		hash = (hash ^ *byte++) * 16777619u;
	return hash;
}

/* 0: cannot be told */
static uint32_t hash_boot(void)
{
	static uint32_t hash;
	char boot[64];
	int fd;
	long n;

	if (hash)
		return hash;
	fd = fl_sys_open("/proc/sys/kernel/random/boot_id", O_RDONLY, 0);
	if (fd < 0)
		return 0;
	n = fl_sys_read(fd, boot, sizeof(boot));
	fl_sys_close(fd);
	if (n > 0)
		hash = mix(2166136261u, boot, (size_t)n);
	return hash;
}

uint32_t fl_sys_pid_namespace(void)
{
	uint32_t hash = hash_boot();
	struct stat st;

	if (!hash || fl_sys_stat("/proc/self/ns/pid", &st))
		return 0;
	hash = mix(hash, &st.st_ino, sizeof(st.st_ino));
	return hash ? hash : 1;
}

uint64_t fl_sys_signals_block(void)
{
	uint64_t all = ~(uint64_t)0, was = 0;

	syscall6(SYS_rt_sigprocmask, SIG_SETMASK, (long)&all, (long)&was, KERNEL_SIGSET_BYTES, 0, 0);
	return was;
}

void fl_sys_signals_restore(uint64_t mask)
{
	syscall6(SYS_rt_sigprocmask, SIG_SETMASK, (long)&mask, 0, KERNEL_SIGSET_BYTES, 0, 0);
}

int fl_sys_signal_again(int signal, siginfo_t *info)
{
	return (int)syscall6(
		SYS_rt_tgsigqueueinfo, fl_sys_process(), fl_sys_thread(), signal, (long)info, 0, 0);
}

uintptr_t fl_sys_interrupted_at(const void *context)
{
	return interrupted_at(context);
}

bool fl_sys_interrupted_call(const void *context)
{
	return interrupted_result(context) == -EINTR;
}

void fl_sys_futex_wait(uint32_t *word, uint32_t value)
{
	syscall6(SYS_futex, (long)word, FUTEX_WAIT_PRIVATE, value, 0, 0, 0);
}

void fl_sys_futex_wake(uint32_t *word)
{
	syscall6(SYS_futex, (long)word, FUTEX_WAKE_PRIVATE, 1, 0, 0, 0);
}

void fl_sys_exit_group(int status)
{
	for (;;)
		syscall6(SYS_exit_group, status, 0, 0, 0, 0, 0);
}

bool fl_sys_barrier_init(void)
{
	return !syscall6(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0, 0, 0, 0);
}

void fl_sys_barrier(void)
{
	if (syscall6(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0, 0, 0, 0) == -EPERM &&
		fl_sys_barrier_init())
		syscall6(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0, 0, 0, 0);
}

/* It may have to run on this processor, and be of a lower priority. */
void fl_sys_wait_a_bit(unsigned round)
{
	const struct timespec nap = {0, 50000};

	if (round < 64)
		syscall6(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
	else
		syscall6(SYS_nanosleep, (long)&nap, 0, 0, 0, 0, 0);
}

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now = {0};

	syscall6(SYS_clock_gettime, clock, (long)&now, 0, 0, 0, 0);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int64_t fl_sys_now_ms(void)
{
	return (int64_t)(fl_sys_monotonic_ns() / 1000000);
}

uint64_t fl_sys_monotonic_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

uint64_t fl_sys_time_ns(void)
{
	return clock_ns(CLOCK_REALTIME);
}

uint64_t fl_sys_cpu_ns(void)
{
	return clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}
