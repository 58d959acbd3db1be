/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys_trampoline.c: llvmGetPassPluginInfo() of the loader, for each architecture.
 *
 * It returns a struct by a hidden pointer to room that the caller made (x86-64: rdi; AArch64: x8). The
 * struct has grown between LLVM versions, so it must reach the real function untouched: ask
 * fl_loader_pass_entry() for the address and jump there with that register as it was.
 */
#include "loader.h"

#if defined(__x86_64__)
__asm__(".text\n"
	".globl llvmGetPassPluginInfo\n"
	".type llvmGetPassPluginInfo, @function\n"
	"llvmGetPassPluginInfo:\n"
	"	.cfi_startproc\n"
	"	pushq %rdi\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	call fl_loader_pass_entry\n"
	"	popq %rdi\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	jmpq *%rax\n"
	"	.cfi_endproc\n"
	".size llvmGetPassPluginInfo, .-llvmGetPassPluginInfo\n");
#elif defined(__aarch64__)
__asm__(".text\n"
	".globl llvmGetPassPluginInfo\n"
	".type llvmGetPassPluginInfo, %function\n"
	"llvmGetPassPluginInfo:\n"
	"	.cfi_startproc\n"
	"	stp x29, x30, [sp, #-32]!\n"
	"	.cfi_def_cfa_offset 32\n"
	"	.cfi_offset x29, -32\n"
	"	.cfi_offset x30, -24\n"
	"	str x8, [sp, #16]\n"
	"	bl fl_loader_pass_entry\n"
	"	ldr x8, [sp, #16]\n"
	"	ldp x29, x30, [sp], #32\n"
	"	.cfi_def_cfa_offset 0\n"
	"	br x0\n"
	"	.cfi_endproc\n"
	".size llvmGetPassPluginInfo, .-llvmGetPassPluginInfo\n");
#else
#error "furlong's compiler plugin runs on x86-64 and AArch64"
#endif
