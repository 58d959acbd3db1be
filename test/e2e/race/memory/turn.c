/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * turn.c: turns between threads that no detector sees. Compiled without the flag; no call of the C library.
 */
#include "turn.h"

#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>

static int turn_now;

static void futex(int *word, int operation, int value)
{
#if defined(__x86_64__)
	register long timeout __asm__("r10") = 0;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(SYS_futex), "D"(word), "S"(operation), "d"(value), "r"(timeout)
			 : "rcx", "r11", "memory");
#else
	(void)word;
	(void)operation;
	(void)value;
#endif
}

void turn_wait(int turn)
{
	int now;

	while ((now = __atomic_load_n(&turn_now, __ATOMIC_ACQUIRE)) < turn)
		futex(&turn_now, FUTEX_WAIT_PRIVATE, now);
}

void turn_give(int turn)
{
	__atomic_store_n(&turn_now, turn, __ATOMIC_RELEASE);
	futex(&turn_now, FUTEX_WAKE_PRIVATE, 1 << 30);
}

void turn_begin(void)
{
	__atomic_store_n(&turn_now, 0, __ATOMIC_RELEASE);
}

static void *lent;

void turn_lend(void *what)
{
	lent = what;
}

void *turn_lent(void)
{
	return lent;
}
