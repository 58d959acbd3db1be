/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys_x86_64.h: system call instruction, and the GS base, which Linux leaves to user space.
 *
 * The counter delta is the GS base. arch_prctl(ARCH_SET_GS) refuses addresses outside user space, so negative
 * deltas need wrgsbase, which the kernel announces in AT_HWCAP2 (Linux 5.9).
 */
#ifndef FL_CORE_SYS_X86_64_H
#define FL_CORE_SYS_X86_64_H

#include <asm/prctl.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <sys/ucontext.h>

#define FL_SYS_HWCAP2_FSGSBASE 2

static inline long syscall6(long number, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

static inline uintptr_t interrupted_at(const ucontext_t *context)
{
	return (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
}

void fl_sys_registers_of(const void *opaque, struct fl_sys_registers *registers)
{
	static const int order[] = {REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI, REG_RBP, REG_RSP,
		REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
	const ucontext_t *context = opaque;

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
		registers->of[i] = (uintptr_t)context->uc_mcontext.gregs[order[i]];
	registers->of[FL_SYS_RETURN_REGISTER] = 0;
	registers->pc = interrupted_at(context);
}

uint64_t fl_sys_ticks(void)
{
	return __builtin_ia32_rdtsc();
}

static inline uintptr_t code_address(uintptr_t value)
{
	return value;
}

static inline const void *restorer(void)
{
	return (const void *)restorer; /* of a handler that does not return; the kernel wants one */
}

/* Of a system call, if it was one. */
static inline long interrupted_result(const ucontext_t *context)
{
	return (long)context->uc_mcontext.gregs[REG_RAX];
}

static bool has_fsgsbase(void)
{
	return getauxval(AT_HWCAP2) & FL_SYS_HWCAP2_FSGSBASE;
}

bool fl_sys_delta_negative_ok(bool may_use_instructions)
{
	return may_use_instructions && has_fsgsbase();
}

intptr_t fl_sys_delta_get(void)
{
	uintptr_t base = 0;

	if (has_fsgsbase())
		__asm__ volatile("rdgsbase %0" : "=r"(base));
	else
		syscall6(SYS_arch_prctl, ARCH_GET_GS, (long)&base, 0, 0, 0, 0);
	return (intptr_t)base;
}

bool fl_sys_delta_taken(void)
{
	return fl_sys_delta_get() != 0;
}

int fl_sys_delta_set(intptr_t delta, bool may_use_instructions)
{
	long rc = 0;

	if (may_use_instructions && has_fsgsbase())
		__asm__ volatile("wrgsbase %0" : : "r"(delta) : "memory");
	else
		rc = syscall6(SYS_arch_prctl, ARCH_SET_GS, delta, 0, 0, 0, 0);
	return (int)rc;
}

#endif
