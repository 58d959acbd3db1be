/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * fiber.h: a stack of its own for a function, and a switch to it as libraries of fibers have it: a few
 * instructions, of which nobody is told.
 */
#ifndef FIBER_H
#define FIBER_H

#include <stddef.h>
#include <stdint.h>

enum { FIBER_STACK_BYTES = 65536 };

#ifdef __x86_64__

/* Where a fiber stands that does not run: the place on its stack where its registers are. */
typedef void *fiber_place;

void fiber_switch(fiber_place *from, fiber_place to);
__asm__(".text\n"
	".globl fiber_switch\n"
	".type fiber_switch, @function\n"
	"fiber_switch:\n"
	"	pushq %rbp\n"
	"	pushq %rbx\n"
	"	pushq %r12\n"
	"	pushq %r13\n"
	"	pushq %r14\n"
	"	pushq %r15\n"
	"	movq %rsp, (%rdi)\n"
	"	movq %rsi, %rsp\n"
	"	popq %r15\n"
	"	popq %r14\n"
	"	popq %r13\n"
	"	popq %r12\n"
	"	popq %rbx\n"
	"	popq %rbp\n"
	"	ret\n"
	".size fiber_switch, . - fiber_switch\n");

/* `run` must not return. */
static inline void fiber_make(fiber_place *place, char *stack, void (*run)(void))
{
	uintptr_t *top = (uintptr_t *)((uintptr_t)(stack + FIBER_STACK_BYTES) & ~(uintptr_t)15);

	*--top = 0; /* no caller */
	*--top = (uintptr_t)run;
	for (int i = 0; i < 6; i++)
		*--top = 0;
	*place = top;
}

#else

#include <ucontext.h>

typedef ucontext_t fiber_place[1];

static inline void fiber_switch(fiber_place *from, fiber_place to)
{
	swapcontext(*from, to);
}

static inline void fiber_make(fiber_place *place, char *stack, void (*run)(void))
{
	getcontext(*place);
	(*place)->uc_stack.ss_sp = stack;
	(*place)->uc_stack.ss_size = FIBER_STACK_BYTES;
	makecontext(*place, run, 0);
}

#endif
#endif
