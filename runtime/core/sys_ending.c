/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys_ending.c: what a process that is about to end asks of the kernel: signals past the C library, threads,
 * itself.
 */
#include "core/sys.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* As the kernel has it. */
struct kernel_action {
	const void *handler;
	unsigned long flags;
	const void *restorer;
	uint64_t mask;
};

#define KERNEL_SA_RESTORER 0x04000000

/* Signals below SIGRTMIN that the C library handles itself: sigfillset leaves them out. */
#define RESERVED_SIGNAL 33

void fl_sys_signal_default(int signal)
{
	struct kernel_action action = {.handler = (const void *)SIG_DFL};

	syscall6(SYS_rt_sigaction, signal, (long)&action, 0, KERNEL_SIGSET_BYTES, 0, 0);
}

void fl_sys_reserved_signal_set(void (*handler)(int, siginfo_t *, void *))
{
	struct kernel_action action = {
		.handler = (const void *)handler, .flags = SA_SIGINFO | SA_ONSTACK, .mask = ~(uint64_t)0};

	if (restorer()) {
		action.flags |= KERNEL_SA_RESTORER;
		action.restorer = restorer();
	}
	syscall6(SYS_rt_sigaction, RESERVED_SIGNAL, (long)&action, 0, KERNEL_SIGSET_BYTES, 0, 0);
}

void fl_sys_reserved_signal_send(int32_t thread)
{
	syscall6(SYS_tgkill, fl_sys_process(), thread, RESERVED_SIGNAL, 0, 0, 0);
}

int fl_sys_alternate_stack(const stack_t *to, stack_t *was)
{
	return (int)syscall6(SYS_sigaltstack, (long)to, (long)was, 0, 0, 0, 0);
}

void fl_sys_sleep_for_ever(void)
{
	for (;;)
		syscall6(SYS_ppoll, 0, 0, 0, 0, 0, 0);
}

void fl_sys_thread_name(char name[16])
{
	memset(name, 0, 16);
	syscall6(SYS_prctl, PR_GET_NAME, (long)name, 0, 0, 0, 0);
}

size_t fl_sys_threads(int32_t *threads, size_t limit)
{
	struct entry {
		uint64_t inode, offset;
		uint16_t bytes;
		uint8_t kind;
		char name[];
	};
	char buffer[1024] __attribute__((aligned(8)));
	size_t count = 0;
	int fd = fl_sys_open("/proc/self/task", O_RDONLY | O_DIRECTORY, 0);
	long n;

	while (fd >= 0 && (n = syscall6(SYS_getdents64, fd, (long)buffer, sizeof(buffer), 0, 0, 0)) > 0)
		for (long at = 0; at < n;) {
			const struct entry *entry = (const struct entry *)(const void *)(buffer + at);
			int32_t thread = 0;

			for (const char *c = entry->name; *c >= '0' && *c <= '9'; c++)
				thread = thread * 10 + (*c - '0');
			if (thread && count < limit)
				threads[count++] = thread;
			at += entry->bytes;
		}
	if (fd >= 0)
		fl_sys_close(fd);
	return count;
}

bool fl_sys_is_traced(void)
{
	static const char word[] = "TracerPid:\t";
	char text[2048];
	const char *found;
	int fd = fl_sys_open("/proc/self/status", O_RDONLY, 0);
	long n = fd < 0 ? -1 : fl_sys_read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		fl_sys_close(fd);
	if (n < 0)
		return false;
	text[n] = '\0';
	found = strstr(text, word);
	return found && found[sizeof(word) - 1] != '0';
}

bool fl_sys_dumps_core(void)
{
	struct rlimit limit = {0};

	syscall6(SYS_prlimit64, 0, RLIMIT_CORE, 0, (long)&limit, 0, 0);
	return limit.rlim_cur != 0;
}

uintptr_t fl_sys_code_address(uintptr_t value)
{
	return code_address(value);
}
