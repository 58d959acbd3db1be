/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys.h: everything the runtime asks of the operating system and the processor, as plain functions.
 *
 * System calls return their value or -errno and leave errno alone: the program must not see us. Nothing
 * else in the runtime may name a system call, an architecture or a C library's internals. Implemented by
 * sys_linux.c and sys_ARCH.h; fl_sys_real_* by sys_dynamic.c (shared runtime) or sys_static.c (archive).
 */
#ifndef FL_CORE_SYS_H
#define FL_CORE_SYS_H

#include "core/sys_registers.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <threads.h>
#include <time.h>

int fl_sys_open(const char *path, int flags, unsigned mode);
int fl_sys_close(int fd);
int fl_sys_fstat(int fd, struct stat *st);
int fl_sys_stat(const char *path, struct stat *st);
/* Whether two descriptors are of one open file; false when in doubt. */
bool fl_sys_same_file(int fd, int other);
struct sockaddr;
int fl_sys_socket_name(int fd, bool peer, struct sockaddr *name, uint32_t *room);
int fl_sys_socket_type(int fd); /* SOCK_STREAM and so on */
struct semid_ds;
int fl_sys_semaphores(int set, struct semid_ds *state);
struct shmid_ds;
int fl_sys_segment(int segment, struct shmid_ds *state);
int fl_sys_mkdir(const char *path, unsigned mode);
int fl_sys_link(const char *from, const char *to);
int fl_sys_rename_new(const char *from, const char *to); /* refuses to replace */
int fl_sys_unlink(const char *path);
int fl_sys_chmod_fd(int fd, unsigned mode);
long fl_sys_readlink(const char *path, char *buf, size_t size);
long fl_sys_getcwd(char *buf, size_t size);
long fl_sys_read(int fd, void *buf, size_t size);
long fl_sys_write(int fd, const void *buf, size_t size);
/* All of it, or -errno; -EFBIG instead of a SIGXFSZ when the process's limit is in the way. */
int fl_sys_pwrite_all(int fd, const void *buf, size_t size, uint64_t offset);
/* Makes sure that the file has blocks there, so that no write by a mapping can end in SIGBUS. */
int fl_sys_allocate(int fd, uint64_t offset, uint64_t size);
/* Makes the file at least so long, if the file system can without a write. */
void fl_sys_extend(int fd, uint64_t end);

enum fl_sys_map {
	FL_SYS_MAP_ANYWHERE,
	FL_SYS_MAP_FREE,    /* at that address, -EEXIST if anything is there */
	FL_SYS_MAP_REPLACE, /* at that address, over what is there */
};
/* fd -1: private and zero. Otherwise shared with the file. Writes the address to *at. */
int fl_sys_map(void **at, size_t size, enum fl_sys_map how, int fd, uint64_t offset);
/* Address space without memory. */
int fl_sys_reserve(void **at, size_t size, enum fl_sys_map how);
int fl_sys_unmap(void *at, size_t size);
int fl_sys_move(void *from, size_t size, void *to); /* a mapping, over what is at `to` */
/* Maps the same file again without a descriptor: [offset, offset + size) of the file whose byte 0 is mapped
 * shared at `origin`, over what is at `at`. */
int fl_sys_map_again(void *origin, uint64_t offset, void *at, size_t size);
/* Touches every page for writing; -errno where that would be a SIGBUS. */
int fl_sys_populate(void *at, size_t size);
bool fl_sys_is_mapped(const void *at, size_t size);
bool fl_sys_mapping_is_deleted(const void *at); /* the file mapped there has no name any more */
int fl_sys_sync(void *at, size_t size);
int fl_sys_memory_file(uint64_t size); /* a descriptor of zeros that have no name, or -errno */
/* A hint to others: the file, by whatever descriptor, is in use as long as this one or a copy of it is open.
 */
void fl_sys_mark_used(int fd);
/* How many pages of the mapping are in memory; `size` at most FL_SYS_PAGES_LIMIT pages. */
#define FL_SYS_PAGES_LIMIT 512
size_t fl_sys_pages_there(const void *at, size_t size);
/* Private memory that is zero again, its pages back with the kernel. */
void fl_sys_give_back(void *at, size_t size);
/* Of a large mapping only few pages will be used: no huge ones, and none in core dumps. */
void fl_sys_sparse(void *at, size_t size);
/* Of this part all will be: huge ones, where they fit. */
void fl_sys_dense(void *at, size_t size);

size_t fl_sys_page_size(void);
/* A full fence in every thread of the process that runs just now; init again after fork. False: not to be
 * had. */
bool fl_sys_fence_all_init(void);
void fl_sys_fence_all(void);
void fl_sys_yield(void);
int32_t fl_sys_process(void);
int32_t fl_sys_thread(void);
bool fl_sys_process_is_dead(int32_t pid); /* false when in doubt */
bool fl_sys_thread_is_dead(int32_t tid);
uint32_t fl_sys_pid_namespace(void); /* of this boot; 0 when it cannot be told */

uint64_t fl_sys_signals_block(void); /* all of them; returns the mask that was */
void fl_sys_signals_restore(uint64_t mask);
/* Sends the calling thread a signal that it has had before. */
int fl_sys_signal_again(int signal, siginfo_t *info);
/* Of a handler's third argument: the instruction that was next. */
uintptr_t fl_sys_interrupted_at(const void *context);
/* The registers that a walk from a call to its caller needs, numbered as DWARF does (sys_ARCH.h). */
void fl_sys_registers_of(const void *context, struct fl_sys_registers *registers);
/* Whom the kernel has in this process; how many of them there is room for. */
size_t fl_sys_threads(int32_t *threads, size_t limit);
void fl_sys_thread_name(char name[16]); /* the calling one's */
/* A signal that the C library keeps for itself, so that no program blocks it. The handler must not return. */
void fl_sys_reserved_signal_set(void (*handler)(int, siginfo_t *, void *));
void fl_sys_reserved_signal_send(int32_t thread);
void fl_sys_signal_default(int signal); /* past whoever stands before sigaction */
int fl_sys_alternate_stack(const stack_t *to, stack_t *was);
void fl_sys_sleep_for_ever(void) __attribute__((noreturn));
bool fl_sys_is_traced(void);                       /* by a debugger */
bool fl_sys_dumps_core(void);                      /* a signal that says so leaves one */
bool fl_sys_interrupted_call(const void *context); /* a system call, which returns with EINTR now */
void fl_sys_futex_wait(uint32_t *word, uint32_t value);
void fl_sys_futex_wake(uint32_t *word);
void fl_sys_exit_group(int status) __attribute__((noreturn));

void fl_sys_nap(void);         /* for a moment */
int64_t fl_sys_now_ms(void);   /* of a clock that only goes forward */
uint64_t fl_sys_time_ns(void); /* since 1970 */
uint64_t fl_sys_monotonic_ns(void);
uint64_t fl_sys_cpu_ns(void); /* of the process */
uint64_t fl_sys_ticks(void);  /* goes on evenly, and is cheap to read (sys_ARCH.h) */

/* A process beside the program that the program does not notice, and a socket to it. Signals are blocked.
 * `until` is a time of fl_sys_now_ms; -ETIMEDOUT when it has come. */
struct fl_sys_child {
	int fd;
	int32_t pid; /* 0: not known yet, or none */
	dev_t device;
	ino_t inode;
	struct fl_sys_nest *nest; /* memory that it may still be in; NULL: it is out of it */
	int32_t middle;           /* who makes it */
	int error;                /* why it never began */
};
/* Does not wait until it has begun: `path`, `argv` and `envp` stay as they are for ever. */
int fl_sys_child_start(const char *path, char *const argv[], char *const envp[], struct fl_sys_child *child);
int fl_sys_move_up(int fd); /* a descriptor, to a number that programs do not look at; closed on exec */
bool fl_sys_child_is_there(struct fl_sys_child *child); /* the socket is: the process may have ended */
bool fl_sys_child_is_dead(struct fl_sys_child *child);
int fl_sys_child_error(
	struct fl_sys_child *child); /* when its socket has ended: why it never began; 0: it did */
void fl_sys_child_end(struct fl_sys_child *child);        /* by force */
void fl_sys_child_fork_child(struct fl_sys_child *child); /* it is the parent's */
/* A byte with descriptors, at most 4; -EAGAIN: those before it were not all taken. */
int fl_sys_child_ring(const struct fl_sys_child *child, char byte, const int *fds, size_t count);
long fl_sys_child_receive(
	const struct fl_sys_child *child, char *bytes, size_t size, int64_t until); /* 0: end */

/* A memory barrier on all processors that run this process. False: there is none to be had. */
bool fl_sys_barrier_init(void);
void fl_sys_barrier(void);
/* In a loop that waits for another thread to do a few instructions. */
void fl_sys_wait_a_bit(unsigned round);

/* Where things stand in the address space. */
struct fl_sys_space {
	uintptr_t lowest;  /* start of the lowest loaded object */
	uintptr_t highest; /* end of the highest one (the vdso aside) */
	uintptr_t ceiling; /* nothing above but the main stack, as far as it may grow */
	bool loader;       /* objects may come later */
	uintptr_t end;     /* of what a program may have at all */
};
void fl_sys_space_look(struct fl_sys_space *space);

/* Of the calling thread. */
struct fl_sys_stack {
	uintptr_t begin, end;         /* the stack, down to where it may grow */
	uintptr_t tls_begin, tls_end; /* what it has of thread-local storage from its start */
};
bool fl_sys_stack_of_pthread(struct fl_sys_stack *stack); /* after the other; may call malloc */
void fl_sys_stack_of_main(struct fl_sys_stack *stack);

/* The loaded objects, in the loader's order. Takes the loader's lock: call it without ours. */
struct fl_sys_object {
	uintptr_t begin, end;                   /* all of it */
	uintptr_t writable_begin, writable_end; /* what it can write to for good */
	bool needs_runtime;                     /* linked with the shared runtime: instrumented */
	bool has_code;
	uintptr_t bias;            /* address minus ELF address */
	uintptr_t dynamic;         /* its dynamic section; 0: none */
	char build_id[2 * 32 + 1]; /* hex; "" when it has none */
	char path[512];
};
void fl_sys_objects_look(void (*each)(const struct fl_sys_object *object, void *data), void *data);
/* Whether it is instrumented for coverage, as far as is known. Of one that is mapped; compares names. */
bool fl_sys_object_may_count(const struct fl_sys_object *object);

/* The thread's counter delta: the base of an unused segment register where the processor has one. */
bool fl_sys_delta_negative_ok(bool may_use_instructions);
bool fl_sys_delta_taken(void); /* somebody else uses the register */
int fl_sys_delta_set(intptr_t delta, bool may_use_instructions);
intptr_t fl_sys_delta_get(void);

int fl_sys_real_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*fn)(void *), void *arg);
int fl_sys_real_thrd_create(thrd_t *thread, thrd_start_t fn, void *arg);
int fl_sys_real_join(pthread_t thread, void **result);
int fl_sys_real_tryjoin(pthread_t thread, void **result);
int fl_sys_real_timedjoin(pthread_t thread, void **result, const struct timespec *until);
int fl_sys_real_clockjoin(pthread_t thread, void **result, clockid_t clock, const struct timespec *until);
int fl_sys_real_detach(pthread_t thread);
int fl_sys_real_thrd_join(thrd_t thread, int *result);
int fl_sys_real_thrd_detach(thrd_t thread);
int fl_sys_real_clone(
	int (*fn)(void *), void *stack, int flags, void *arg, void *parent_tid, void *tls, void *child_tid);
int fl_sys_real_dlclose(void *handle);
int fl_sys_real_execve(const char *path, char *const argv[], char *const envp[]);
int fl_sys_real_execvpe(const char *file, char *const argv[], char *const envp[]);
void fl_sys_real_quick_exit(int status) __attribute__((noreturn));
void fl_sys_real_abort(void) __attribute__((noreturn));
void fl_sys_real_assert_fail(const char *assertion, const char *file, unsigned line, const char *function)
	__attribute__((noreturn));
bool fl_sys_real_attr_mask(const pthread_attr_t *attr, sigset_t *mask); /* whether it names one */
void fl_sys_real_look_up(void);
int fl_sys_real_sigaction(int signal, const struct sigaction *action, struct sigaction *old);
const void *fl_sys_of_libc(void); /* an address in it */
/* Of a static program: whether that is code of what would be the loader elsewhere. */
bool fl_sys_is_loader(const void *address);
/* Whether the program's calls of pthread_create reach ours. */
bool fl_sys_real_is_interposed(void);

/* syscall() (sys_syscall.c) asks this about a birth: done, with what result, or for the
 * kernel to do. The arguments are the program's. */
struct fl_sys_birth {
	long done, result;
};
struct fl_sys_birth fl_births_by_syscall(long number, long a, long b, long c, long d, long e);
/* What such a call asks for; false when it cannot be told. */
struct fl_sys_birth_request {
	uint64_t flags;
	bool own_stack;
};
bool fl_sys_birth_request(long number, long a, long b, struct fl_sys_birth_request *request);
long fl_sys_birth(long number, long a, long b, long c, long d, long e);
/* Memory that a child with a copy of ours finds zero, whoever made it; NULL where the kernel has no such. */
void *fl_sys_wiped_in_child(size_t size);

uintptr_t fl_sys_code_address(uintptr_t value);

#endif
