/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys_stubs.c: the slow paths as compiled code calls them: every register is as it was, but r11 (x86-64) and
 * the flags.
 *
 * The general ones that C may change are saved here. C code behind uses no vector registers (test/lint
 * looks), with two exceptions: a report, and a walk along the stack, do what they like, and all of them are
 * saved around these.
 */
#include "race/slow.h"

#include "core/core.h"
#include "race/elements.h"
#include "race/foreign.h"

/* On the way to some of them, x86-64 asks first. Of reads (R) what inline code did not: whether word 0 of the
 * cell holds a read or a write of their bytes in the present epoch. Of loops (E: reading, F: writing)
 * whether they were told of. */

/* Of each stub: name, the C function behind, number of the program's arguments (the return address is the
 * next one), and the specification that comes after it. */
#define FL_STUBS(R, E, F, S)                                                                                 \
	R(__furlong_race_read1, fl_race_slow_read1, 2, 1)                                                    \
	R(__furlong_race_read2, fl_race_slow_read2, 2, 2)                                                    \
	R(__furlong_race_read4, fl_race_slow_read4, 2, 4)                                                    \
	R(__furlong_race_read8, fl_race_slow_read8, 2, 8)                                                    \
	S(__furlong_race_read16, fl_race_slow, 2, 16)                                                        \
	S(__furlong_race_write1, fl_race_slow, 2, 33)                                                        \
	S(__furlong_race_write2, fl_race_slow, 2, 34)                                                        \
	S(__furlong_race_write4, fl_race_slow_write4, 2, 36)                                                 \
	S(__furlong_race_write8, fl_race_slow_write8, 2, 40)                                                 \
	S(__furlong_race_write16, fl_race_slow, 2, 48)                                                       \
	S(__furlong_race_read_vptr, fl_race_slow_read_vptr, 2, 0x808)                                        \
	S(__furlong_race_read_range, fl_race_slow_range, 3, 0x200)                                           \
	S(__furlong_race_write_range, fl_race_slow_range, 3, 0x220)                                          \
	E(__furlong_race_read_elements, fl_race_slow_elements, 4, 0)                                         \
	F(__furlong_race_write_elements, fl_race_slow_elements, 4, 32)                                       \
	S(__furlong_race_read_volatile, fl_race_slow_range, 3, 0x1000)                                       \
	S(__furlong_race_write_volatile, fl_race_slow_range, 3, 0x1020)                                      \
	S(__furlong_race_write_vptr, fl_race_slow_vptr, 3, 0)                                                \
	S(__furlong_race_atomic_begin, fl_race_slow_begin, 4, 0)                                             \
	S(__furlong_race_atomic_end, fl_race_slow_end, 4, 0)                                                 \
	S(__furlong_race_fence, fl_race_slow_fence, 1, 0)                                                    \
	S(__furlong_race_stack, fl_race_slow_stack, 1, 0)

_Static_assert(FL_SPEC_WRITE == 32 && FL_SPEC_WHAT_SHIFT == 8 && FL_WHAT_RANGE == 2 && FL_WHAT_VPTR == 8 &&
		       FL_WHAT_VOLATILE == 16,
	"the numbers above");

/* Columns of assembly. */
/* clang-format off */
#if defined(__x86_64__)

/* The argument registers by number: what comes after the program's own arguments. */
#define PC_1   "%rsi"
#define PC_2   "%rdx"
#define PC_3   "%rcx"
#define PC_4   "%r8"
#define SPEC_1 "%edx"
#define SPEC_2 "%ecx"
#define SPEC_3 "%r8d"
#define SPEC_4 "%r9d"
#define SAVED  "72" /* bytes between the stack pointer and the return address */

#define PUSH(reg) "	pushq %" reg "\n	.cfi_adjust_cfa_offset 8\n"
#define POP(reg)  "	popq %" reg "\n	.cfi_adjust_cfa_offset -8\n"
/* What is left in r11 is how epochs differ, above the bytes that word 0 has not. */
#define ASK_WORD_0(size)                                                                                     \
	PUSH("rax")                                                                                          \
	"	movq __furlong_race_self@gottpoff(%rip), %rax\n	movq %fs:(%rax), %r11\n"                         \
	"	andq %rdi, %r11\n	addq %r11, %r11\n	addq %fs:8(%rax), %r11\n"                         \
	"	movq (%r11), %r11\n	xorq %fs:16(%rax), %r11\n	shrq $24, %r11\n" POP("rax")              \
	"	jz 2f\n	cmpq $255, %r11\n	ja 1f\n"                                                    \
	PUSH("rcx")                                                                                          \
	"	movl %edi, %ecx\n	andl $7, %ecx\n	shrl %cl, %r11d\n" POP("rcx")                      \
	"	testb $(1 << " #size ") - 1, %r11b\n	jnz 1f\n2:	ret\n1:\n"
/* Whether the loop was told of in this epoch already. */
#define ASK_WALKED(whether)                                                                                  \
	PUSH("rax")                                                                                          \
	"	call " whether "\n	testb %al, %al\n" POP("rax")                                              \
	"	jz 1f\n	ret\n1:\n"
#define STUB(name, behind, arguments, spec)      STUB_BEHIND("", name, behind, arguments, spec)
#define WALK_READ_STUB(name, behind, arguments, spec)                                                        \
	STUB_BEHIND(ASK_WALKED("fl_walked_read"), name, behind, arguments, spec)
#define WALK_WRITE_STUB(name, behind, arguments, spec)                                                       \
	STUB_BEHIND(ASK_WALKED("fl_walked_written"), name, behind, arguments, spec)
#define READ_STUB(name, behind, arguments, spec) STUB_BEHIND(ASK_WORD_0(spec), name, behind, arguments, spec)
#define STUB_BEHIND(first, name, behind, arguments, spec)                                                    \
	__asm__("	.text\n	.p2align 4\n	.globl " #name "\n	.type " #name ", @function\n" #name  \
		":\n"                                                                                        \
		"	.cfi_startproc\n	endbr64\n" first PUSH("rax") PUSH("rcx") PUSH("rdx") PUSH("rsi")   \
			PUSH("rdi") PUSH("r8") PUSH("r9")                                                    \
				PUSH("r10") "	subq $8, %rsp\n	.cfi_adjust_cfa_offset 8\n"                    \
					    "	movq " SAVED "(%rsp), " PC_##arguments                       \
		"\n	movl $" #spec ", " SPEC_##arguments                                                  \
		"\n	call " #behind "\n	addq $8, %rsp\n	.cfi_adjust_cfa_offset -8\n" POP("r10")      \
			POP("r9") POP("r8") POP("rdi") POP("rsi") POP("rdx") POP("rcx")                      \
				POP("rax") "	ret\n	.cfi_endproc\n	.size " #name ", . - " #name "\n");

FL_STUBS(READ_STUB, WALK_READ_STUB, WALK_WRITE_STUB, STUB)

/* Whether the system saves them by xsave: cpuid says so, which a virtual machine answers in microseconds, and
 * a race that goes on is met often. Negative: not asked yet. */
static int32_t os_saves __attribute__((used)) = -1;

/* x87, SSE, AVX and AVX-512 state, whatever of it the processor has; 2816 bytes hold it all. */
#define SAVING(name, behind)                                                                                  \
__asm__("	.text\n	.p2align 4\n	.type " #name ", @function\n" #name ":\n" \
	"	.cfi_startproc\n	endbr64\n	pushq %rbp\n	.cfi_def_cfa_offset 16\n	" \
	".cfi_offset %rbp, -16\n" \
	"	movq %rsp, %rbp\n	.cfi_def_cfa_register %rbp\n	pushq %rbx\n	.cfi_offset %rbx, " \
	"-24\n" \
	"	subq $2880, %rsp\n	andq $-64, %rsp\n" \
	"	movl os_saves(%rip), %ebx\n	testl %ebx, %ebx\n	jns 5f\n" \
	"	movl $1, %eax\n	xorl %ecx, %ecx\n	cpuid\n	movl %ecx, %ebx\n	andl $0x08000000, " \
	"%ebx\n	movl %ebx, os_saves(%rip)\n5:	testl %ebx, %ebx\n	jz 1f\n" \
	"	xorl %eax, %eax\n" \
	"	movq %rax, 512(%rsp)\n	movq %rax, 520(%rsp)\n	movq %rax, 528(%rsp)\n	movq %rax, " \
	"536(%rsp)\n" \
	"	movq %rax, 544(%rsp)\n	movq %rax, 552(%rsp)\n	movq %rax, 560(%rsp)\n	movq %rax, " \
	"568(%rsp)\n" \
	"	movl $0xe7, %eax\n	xorl %edx, %edx\n	xsave (%rsp)\n	jmp 2f\n" \
	"1:	fxsave (%rsp)\n" \
	"2:	call " #behind "\n" \
	"	testl %ebx, %ebx\n	jz 3f\n" \
	"	movl $0xe7, %eax\n	xorl %edx, %edx\n	xrstor (%rsp)\n	jmp 4f\n" \
	"3:	fxrstor (%rsp)\n" \
	"4:	movq -8(%rbp), %rbx\n	leave\n	.cfi_def_cfa %rsp, 8\n	ret\n	.cfi_endproc\n" \
	"	.size " #name ", . - " #name "\n");

#elif defined(__aarch64__)

#define PC_1   "x1"
#define PC_2   "x2"
#define PC_3   "x3"
#define PC_4   "x4"
#define SPEC_1 "w2"
#define SPEC_2 "w3"
#define SPEC_3 "w4"
#define SPEC_4 "w5"

#define STUB(name, behind, arguments, spec)                                                                  \
	__asm__("	.text\n	.p2align 4\n	.globl " #name "\n	.type " #name ", %function\n" #name  \
		":\n"                                                                                        \
		"	.cfi_startproc\n	hint #34\n	stp x29, x30, [sp, #-176]!\n"                                  \
		"	.cfi_def_cfa_offset 176\n	.cfi_offset x29, -176\n	.cfi_offset x30, -168\n"                 \
		"	mov x29, sp\n	stp x0, x1, [sp, #16]\n	stp x2, x3, [sp, #32]\n"                             \
		"	stp x4, x5, [sp, #48]\n	stp x6, x7, [sp, #64]\n	stp x8, x9, [sp, #80]\n"                   \
		"	stp x10, x11, [sp, #96]\n	stp x12, x13, [sp, #112]\n	stp x14, x15, [sp, "                  \
		"#128]\n"                                                                                    \
		"	stp x16, x17, [sp, #144]\n	str x18, [sp, #160]\n"                                          \
		"	mov " PC_##arguments ", x30\n	mov " SPEC_##arguments                               \
		", #" #spec "\n	bl " #behind "\n"                                                            \
		"	ldp x0, x1, [sp, #16]\n	ldp x2, x3, [sp, #32]\n	ldp x4, x5, [sp, #48]\n"                   \
		"	ldp x6, x7, [sp, #64]\n	ldp x8, x9, [sp, #80]\n	ldp x10, x11, [sp, #96]\n"                 \
		"	ldp x12, x13, [sp, #112]\n	ldp x14, x15, [sp, #128]\n	ldp x16, x17, [sp, "                 \
		"#144]\n"                                                                                    \
		"	ldr x18, [sp, #160]\n	ldp x29, x30, [sp], #176\n	.cfi_def_cfa_offset 0\n"                  \
		"	ret\n	.cfi_endproc\n	.size " #name ", . - " #name "\n");

FL_STUBS(STUB, STUB, STUB, STUB)

/* Of SVE registers what they share with these: the rest is not used by the C library's slow parts. */
#define SAVE_Q(a, b, at)    "	stp q" #a ", q" #b ", [sp, #" #at "]\n"
#define RESTORE_Q(a, b, at) "	ldp q" #a ", q" #b ", [sp, #" #at "]\n"
#define ALL_Q(V)                                                                                             \
	V(0, 1, 32)                                                                                          \
	V(2, 3, 64) V(4, 5, 96) V(6, 7, 128) V(8, 9, 160) V(10, 11, 192) V(12, 13, 224) V(14, 15, 256)       \
		V(16, 17, 288) V(18, 19, 320) V(20, 21, 352) V(22, 23, 384) V(24, 25, 416) V(26, 27, 448)    \
			V(28, 29, 480) V(30, 31, 512)
#define SAVING(name, behind) \
__asm__("	.text\n	.p2align 4\n	.type " #name ", %function\n" #name ":\n" \
	"	.cfi_startproc\n	hint #34\n	sub sp, sp, #544\n	.cfi_def_cfa_offset 544\n" \
	"	stp x29, x30, [sp]\n	.cfi_offset x29, -544\n	.cfi_offset x30, -536\n	mov x29, sp\n" \
	"	mrs x1, fpcr\n	mrs x2, fpsr\n	stp x1, x2, [sp, #16]\n" ALL_Q( \
		SAVE_Q) "	bl " #behind "\n" ALL_Q(RESTORE_Q) "	ldp x1, x2, [sp, #16]\n	msr fpcr, " \
								      "x1\n	msr fpsr, x2\n" \
								      "	ldp x29, x30, [sp]\n	add sp, sp, " \
								      "#544\n	.cfi_def_cfa_offset 0\n	" \
								      "ret\n	.cfi_endproc\n" \
								      "	.size " #name ", . - " #name "\n");

#endif

SAVING(fl_report_race_saved, fl_report_race)
SAVING(fl_foreign_walk_saved, fl_foreign_walk)
/* clang-format on */
