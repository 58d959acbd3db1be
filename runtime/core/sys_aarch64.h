/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys_aarch64.h: system call instruction. No register is free for the counter delta: code loads it from TLS.
 */
#ifndef FL_CORE_SYS_AARCH64_H
#define FL_CORE_SYS_AARCH64_H

#include <sys/auxv.h>
#include <sys/syscall.h>
#include <sys/ucontext.h>

static inline uintptr_t interrupted_at(const ucontext_t *context)
{
	return (uintptr_t)context->uc_mcontext.pc;
}

void fl_sys_registers_of(const void *opaque, struct fl_sys_registers *registers)
{
	const ucontext_t *context = opaque;

	for (int i = 0; i < 31; i++)
		registers->of[i] = (uintptr_t)context->uc_mcontext.regs[i];
	registers->of[FL_SYS_STACK_POINTER] = (uintptr_t)context->uc_mcontext.sp;
	registers->pc = interrupted_at(context);
}

uint64_t fl_sys_ticks(void)
{
	uint64_t ticks;

	__asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
	return ticks;
}

/* A return address may be signed in its upper bits. */
static inline uintptr_t code_address(uintptr_t value)
{
	return value & (((uintptr_t)1 << 48) - 1);
}

static inline const void *restorer(void)
{
	return NULL;
}

/* Of a system call, if it was one. */
static inline long interrupted_result(const ucontext_t *context)
{
	return (long)context->uc_mcontext.regs[0];
}

static inline long syscall6(long number, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
}

bool fl_sys_delta_negative_ok(bool may_use_instructions)
{
	(void)may_use_instructions;
	return true;
}

intptr_t fl_sys_delta_get(void)
{
	return 0;
}

bool fl_sys_delta_taken(void)
{
	return false;
}

int fl_sys_delta_set(intptr_t delta, bool may_use_instructions)
{
	(void)delta;
	(void)may_use_instructions;
	return 0;
}

#endif
