/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * steps.c: hand-offs between threads that no detector sees: built without its flag, without the C library.
 */
#include "case.h"

#include <linux/futex.h>
#include <sys/syscall.h>

static int made;

static void futex(int what, int value)
{
	long result;
	register long timeout __asm__("r10") = 0;
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(SYS_futex), "D"(&made), "S"(what), "d"(value), "r"(timeout)
			 : "rcx", "r11", "memory");
}

void await_step(int step)
{
	int now;
	while ((now = __atomic_load_n(&made, __ATOMIC_ACQUIRE)) < step)
		futex(FUTEX_WAIT, now);
}

void make_step(void)
{
	__atomic_fetch_add(&made, 1, __ATOMIC_RELEASE);
	futex(FUTEX_WAKE, 1 << 30);
}
