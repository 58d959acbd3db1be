/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys_stack.c: where a thread's stack and thread-local storage are.
 */
#include "core/sys.h"

#include <link.h>
#include <pthread.h>
#include <sys/auxv.h>
#include <sys/resource.h>

/* Arguments and environment beyond the bytes at AT_RANDOM. */
#define STACK_FRAMES_ABOVE ((uintptr_t)64 << 10)
#define MAIN_STACK_MAX     ((uintptr_t)1 << 30)
#define TLS_MAX            ((uintptr_t)1 << 20) /* further off is what dlopen brought */
/* At least the C library's own record at the thread pointer, and less than TLS. */
#define THREAD_HEADER 2048

/* Below the thread pointer, of the objects that were there at the start: the same in every thread. */
static uintptr_t tls_room;

/* glibc and musl put a thread's storage on top of its stack. */
bool fl_sys_stack_of_pthread(struct fl_sys_stack *stack)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	pthread_attr_t attributes;
	void *low;
	size_t size;
	bool known;

	*stack = (struct fl_sys_stack){0};
	if (pthread_getattr_np(pthread_self(), &attributes))
		return false;
	known = !pthread_attr_getstack(&attributes, &low, &size);
	pthread_attr_destroy(&attributes);
	if (!known || here < (uintptr_t)low || here >= (uintptr_t)low + size)
		return false;
	stack->begin = (uintptr_t)low;
	stack->end = stack->tls_begin = (uintptr_t)__builtin_thread_pointer() - tls_room;
	stack->tls_end = (uintptr_t)low + size;
	return true;
}

/* The blocks that exist in the calling thread; the loader keeps them together. */
static int widen_tls(struct dl_phdr_info *info, size_t size, void *data)
{
	struct fl_sys_stack *stack = data;

	(void)size;
	for (int i = 0; info->dlpi_tls_data && i < info->dlpi_phnum; i++) {
		uintptr_t begin = (uintptr_t)info->dlpi_tls_data;

		if (info->dlpi_phdr[i].p_type == PT_TLS && begin < stack->tls_begin &&
			stack->tls_end - begin < TLS_MAX)
			stack->tls_begin = begin;
	}
	return 0;
}

void fl_sys_stack_of_main(struct fl_sys_stack *stack)
{
	struct rlimit limit = {0};
	uintptr_t top = getauxval(AT_RANDOM), room; /* the kernel puts these bytes at the stack's top */

	getrlimit(RLIMIT_STACK, &limit);
	room = limit.rlim_cur < MAIN_STACK_MAX ? limit.rlim_cur : MAIN_STACK_MAX;
	stack->end = top + STACK_FRAMES_ABOVE;
	stack->begin = top > room ? top - room : 0;
	stack->tls_end = (uintptr_t)__builtin_thread_pointer() + THREAD_HEADER;
	stack->tls_begin = (uintptr_t)__builtin_thread_pointer();
	dl_iterate_phdr(widen_tls, stack);
	tls_room = (uintptr_t)__builtin_thread_pointer() - stack->tls_begin;
}
