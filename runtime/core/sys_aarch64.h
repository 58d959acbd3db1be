/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys_aarch64.h: system call instruction. No register is free for the counter delta: code loads it from TLS.
 */
#ifndef FL_CORE_SYS_AARCH64_H
#define FL_CORE_SYS_AARCH64_H

#include <sys/auxv.h>
#include <sys/syscall.h>

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

/* syscall(), instead of the C library's. There is no frame of ours where a child might go on: most calls go
 * to the kernel at once, and so do births that share memory or bring a stack. fl_births_by_syscall says which
 * ones it did itself. */
#define SYSCALL_TEXT_(number) #number
#define SYSCALL_TEXT(number)  SYSCALL_TEXT_(number)
__asm__(".pushsection .text\n"
	".globl syscall\n"
	".type syscall, %function\n"
	".p2align 4\n"
	"syscall:\n"
	".cfi_startproc\n"
	"	hint #34\n" /* bti c */
	"	cmp x0, #" SYSCALL_TEXT(__NR_clone) "\n"
						    "	b.eq 3f\n"
						    "	cmp x0, #" SYSCALL_TEXT(
							    __NR_clone3) "\n"
									 "	b.eq 3f\n"
									 "1:	mov x8, x0\n"
									 "	mov x0, x1\n"
									 "	mov x1, x2\n"
									 "	mov x2, x3\n"
									 "	mov x3, x4\n"
									 "	mov x4, x5\n"
									 "	mov x5, x6\n"
									 "	svc #0\n"
									 "2:	cmn x0, #4095\n"
									 "	b.cs 4f\n"
									 "	ret\n"
									 "3:	stp x29, x30, [sp, #-80]!\n"
									 ".cfi_adjust_cfa_offset 80\n"
									 ".cfi_rel_offset x29, 0\n"
									 ".cfi_rel_offset x30, 8\n"
									 "	stp x0, x1, [sp, #16]\n"
									 "	stp x2, x3, [sp, #32]\n"
									 "	stp x4, x5, [sp, #48]\n"
									 "	str x6, [sp, #64]\n"
									 "	bl fl_births_by_syscall\n"
									 "	mov x9, x0\n"
									 "	mov x10, x1\n"
									 "	ldp x0, x1, [sp, #16]\n"
									 "	ldp x2, x3, [sp, #32]\n"
									 "	ldp x4, x5, [sp, #48]\n"
									 "	ldr x6, [sp, #64]\n"
									 "	ldp x29, x30, [sp], #80\n"
									 ".cfi_restore x29\n"
									 ".cfi_restore x30\n"
									 ".cfi_adjust_cfa_offset -80\n"
									 "	cbz x9, 1b\n"
									 "	mov x0, x10\n"
									 "	b 2b\n"
									 "4:	stp x30, x0, [sp, #-16]!\n"
									 ".cfi_adjust_cfa_offset 16\n"
									 ".cfi_rel_offset x30, 0\n"
									 "	bl __errno_location\n"
									 "	ldp x30, x1, [sp], #16\n"
									 ".cfi_restore x30\n"
									 ".cfi_adjust_cfa_offset -16\n"
									 "	neg w1, w1\n"
									 "	str w1, [x0]\n"
									 "	mov x0, #-1\n"
									 "	ret\n"
									 ".cfi_endproc\n"
									 ".size syscall, . - syscall\n"
									 ".popsection\n");

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
