/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys_place.h: where we are on the stack, and what lies there.
 */
#ifndef FL_RACE_SYS_PLACE_H
#define FL_RACE_SYS_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__x86_64__)

static inline uintptr_t fl_sys_stack_pointer(void)
{
	uintptr_t at;

	__asm__ volatile("movq %%rsp, %0" : "=r"(at));
	return at;
}

/* Whether the function whose return address was there may still run. */
static inline bool fl_sys_returns_to(uintptr_t place, const void *address)
{
	return *(const void *const volatile *)place == address;
}

#elif defined(__aarch64__)

static inline uintptr_t fl_sys_stack_pointer(void)
{
	uintptr_t at;

	__asm__ volatile("mov %0, sp" : "=r"(at));
	return at;
}

/* The place is the end of the caller's part of the stack: where the callee keeps the address is not said. */
static inline bool fl_sys_returns_to(uintptr_t place, const void *address)
{
	(void)place;
	(void)address;
	return true;
}

#endif
#endif
