/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * guard.c: the guards of C++'s static variables, and libc++'s call_once. The compiler and libc++ test them by
 * an atomic load in the program's own code, so what happens to them here counts as atomic operations too.
 *
 * A program that has the C++ library in it statically links with this library's guards, and nothing stands
 * behind them: then they are ours, with libstdc++'s layout: byte 0 is 1 when the variable is there, byte 1
 * while somebody makes it, byte 2 when others wait for that.
 */
#include "race/intercept.h"
#include "race/race.h"

#define GUARD_DONE    1u
#define GUARD_PENDING 0x100u
#define GUARD_WAITING 0x10000u

#define GUARD_RELEASE (FURLONG_RACE_ATOMIC_STORE | __ATOMIC_RELEASE << 4)
#define GUARD_ACQUIRE (FURLONG_RACE_ATOMIC_LOAD | __ATOMIC_ACQUIRE << 4)

static void guard_operation(const volatile void *flag, uint32_t size, uint32_t what)
{
	if (!fl_race_concurrent || !fl_race_self_thread)
		return;
	__furlong_race_atomic_begin(flag, size, what, NULL);
	__furlong_race_atomic_end(flag, size, what, what == GUARD_RELEASE);
}

static int guard_acquire(uint64_t *guard)
{
	uint32_t *word = (uint32_t *)guard, seen = 0;

	while (!__atomic_compare_exchange_n(
		word, &seen, GUARD_PENDING, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		if (seen & GUARD_DONE)
			return 0;
		if (seen & GUARD_WAITING || __atomic_compare_exchange_n(word, &seen, seen | GUARD_WAITING,
						    false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
			fl_sys_futex_wait(word, GUARD_PENDING | GUARD_WAITING);
			/* One is woken at a time, and wakes the next. */
			fl_sys_futex_wake(word);
		}
		seen = 0;
	}
	return 1;
}

static void guard_let_go(uint64_t *guard, uint32_t value)
{
	uint32_t *word = (uint32_t *)guard;

	if (__atomic_exchange_n(word, value, __ATOMIC_ACQ_REL) & GUARD_WAITING)
		fl_sys_futex_wake(word);
}

static void guard_release(uint64_t *guard)
{
	guard_let_go(guard, GUARD_DONE);
}

static void guard_abort(uint64_t *guard)
{
	guard_let_go(guard, 0);
}

#ifdef FL_STATIC
#define GUARD_REAL(name, ours) ours
#define GUARD_INTERCEPT(result, name, parameters)                                                            \
	FL_PUBLIC result name parameters;                                                                    \
	FL_PUBLIC result name parameters
#else
#define GUARD_REAL(name, ours) (FL_REAL(name) ? real_##name : ours)
#define GUARD_INTERCEPT(result, name, parameters)                                                            \
	FL_PUBLIC result name parameters;                                                                    \
	FL_INTERCEPT(result, name, name, parameters)
#endif

GUARD_INTERCEPT(int, __cxa_guard_acquire, (uint64_t * guard))
{
	int mine = GUARD_REAL(__cxa_guard_acquire, guard_acquire)(guard);

	guard_operation(guard, 1, GUARD_ACQUIRE);
	return mine;
}

GUARD_INTERCEPT(void, __cxa_guard_release, (uint64_t * guard))
{
	guard_operation(guard, 1, GUARD_RELEASE);
	GUARD_REAL(__cxa_guard_release, guard_release)(guard);
}

GUARD_INTERCEPT(void, __cxa_guard_abort, (uint64_t * guard))
{
	guard_operation(guard, 1, GUARD_RELEASE);
	GUARD_REAL(__cxa_guard_abort, guard_abort)(guard);
}

/* ---- std::__1::__call_once(unsigned long volatile &, void *, void (*)(void *)) ----
 *
 * The flag is 0, 1 while somebody is at it, and all ones when it is done. Ours, where none stands behind,
 * must undo the 1 when an exception passes: its frame has a personality of its own, which the unwinder calls
 * on the way. */
#define GUARD_ONCE_DONE   (~0ul)
#define GUARD_ONCE_ACTIVE 1u
#define GUARD_UNWINDING   2 /* the unwinder's second phase */

struct guard_call {
	volatile unsigned long *flag;
	void *argument;
	void (*fn)(void *);
	struct guard_call *outer;
};
static __thread struct guard_call *guard_innermost;

static void guard_run(void *data)
{
	const struct guard_call *call = data;

	call->fn(call->argument);
	guard_operation(call->flag, sizeof(*call->flag), GUARD_RELEASE);
}

static void guard_once_end(unsigned long value)
{
	struct guard_call *call = guard_innermost;

	guard_innermost = call->outer;
	__atomic_store_n(call->flag, value, __ATOMIC_RELEASE);
	fl_sys_futex_wake((uint32_t *)(uintptr_t)call->flag);
}

__attribute__((used)) static int guard_personality(
	int version, int actions, uint64_t kind, void *exception, void *context)
{
	(void)version, (void)kind, (void)exception, (void)context;
	if (actions & GUARD_UNWINDING)
		guard_once_end(0);
	return 8; /* go on unwinding */
}

__attribute__((noinline)) static void guard_once_run(struct guard_call *call)
{
	__asm__ volatile(".cfi_personality 0x1b, guard_personality");
	call->outer = guard_innermost;
	guard_innermost = call;
	call->fn(call->argument);
	guard_once_end(GUARD_ONCE_DONE);
}

static void guard_once(volatile unsigned long *flag, void *argument, void (*fn)(void *))
{
	unsigned long seen = 0;

	while (!__atomic_compare_exchange_n(
		flag, &seen, GUARD_ONCE_ACTIVE, false, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
		if (seen == GUARD_ONCE_DONE)
			return;
		fl_sys_futex_wait((uint32_t *)(uintptr_t)flag, GUARD_ONCE_ACTIVE);
		fl_sys_futex_wake((uint32_t *)(uintptr_t)flag); /* as above: one after the other */
		seen = 0;
	}
	guard_once_run(&(struct guard_call){flag, argument, fn, NULL});
}

GUARD_INTERCEPT(void, _ZNSt3__111__call_onceERVmPvPFvS2_E,
	(volatile unsigned long *flag, void *argument, void (*fn)(void *)))
{
	struct guard_call call = {flag, argument, fn, NULL};

	GUARD_REAL(_ZNSt3__111__call_onceERVmPvPFvS2_E, guard_once)(flag, &call, guard_run);
	guard_operation(flag, sizeof(*flag), GUARD_ACQUIRE);
}
