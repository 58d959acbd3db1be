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

/* syscall(), instead of the C library's. There is no frame of ours where a child might go on: most calls go
 * to the kernel at once, and so do births that share memory or bring a stack. fl_births_by_syscall says which
 * ones it did itself. */
#define SYSCALL_TEXT_(number) #number
#define SYSCALL_TEXT(number)  SYSCALL_TEXT_(number)
__asm__(".pushsection .text\n"
	".globl syscall\n"
	".type syscall, @function\n"
	".p2align 4\n"
	"syscall:\n"
	".cfi_startproc\n"
	"	endbr64\n"
	"	cmp $" SYSCALL_TEXT(
		__NR_clone) ", %rdi\n"
			    "	je 3f\n"
			    "	cmp $" SYSCALL_TEXT(
				    __NR_clone3) ", %rdi\n"
						 "	je 3f\n"
						 "	cmp $" SYSCALL_TEXT(
							 __NR_fork) ", %rdi\n"
								    "	je 3f\n"
								    "1:	mov %rdi, %rax\n"
								    "	mov %rsi, %rdi\n"
								    "	mov %rdx, %rsi\n"
								    "	mov %rcx, %rdx\n"
								    "	mov %r8, %r10\n"
								    "	mov %r9, %r8\n"
								    "	mov 8(%rsp), %r9\n"
								    "	syscall\n"
								    "2:	cmp $-4095, %rax\n"
								    "	jae 4f\n"
								    "	ret\n"
								    "3:	sub $56, %rsp\n"
								    ".cfi_adjust_cfa_offset 56\n"
								    "	mov %rdi, (%rsp)\n"
								    "	mov %rsi, 8(%rsp)\n"
								    "	mov %rdx, 16(%rsp)\n"
								    "	mov %rcx, 24(%rsp)\n"
								    "	mov %r8, 32(%rsp)\n"
								    "	mov %r9, 40(%rsp)\n"
								    "	call fl_births_by_syscall\n"
								    "	mov %rax, %r11\n"
								    "	mov %rdx, %rax\n"
								    "	mov (%rsp), %rdi\n"
								    "	mov 8(%rsp), %rsi\n"
								    "	mov 16(%rsp), %rdx\n"
								    "	mov 24(%rsp), %rcx\n"
								    "	mov 32(%rsp), %r8\n"
								    "	mov 40(%rsp), %r9\n"
								    "	add $56, %rsp\n"
								    ".cfi_adjust_cfa_offset -56\n"
								    "	test %r11, %r11\n"
								    "	jz 1b\n"
								    "	jmp 2b\n"
								    "4:	push %rax\n"
								    ".cfi_adjust_cfa_offset 8\n"
								    "	call __errno_location@PLT\n"
								    "	pop %rcx\n"
								    ".cfi_adjust_cfa_offset -8\n"
								    "	neg %ecx\n"
								    "	mov %ecx, (%rax)\n"
								    "	mov $-1, %rax\n"
								    "	ret\n"
								    ".cfi_endproc\n"
								    ".size syscall, . - syscall\n"
								    ".popsection\n");

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
