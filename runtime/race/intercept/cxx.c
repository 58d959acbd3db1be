/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * cxx.c: where libstdc++ synchronises inside its own binary, out of the pass's sight: the reference count of
 * an exception that several threads hold, a future made ready at its thread's exit, and functions that are
 * set for std::terminate and for operator new.
 *
 * What this file knows of layouts is fixed by the Itanium C++ ABI and by libstdc++'s own; libc++ has other
 * names for these and is not concerned.
 */
#include "race/channel.h"
#include "race/intercept.h"
#include "race/race.h"
#include "race/slow.h"
#include "race/touch.h"

#include <stdatomic.h>
#include <stddef.h>

/* A handle of the exception is given up; whoever gives up the last one frees it, after all the others. */
static void exception_let_go(const volatile void *exception)
{
	if (exception && fl_race_concurrent)
		FL_RACE_INSIDE fl_sync_acquire_release(exception);
}

/* `handle` is a std::exception_ptr: a pointer to the exception. */
FL_PUBLIC void _ZNSt15__exception_ptr13exception_ptr10_M_releaseEv(void **handle);
FL_INTERCEPT(void, _ZNSt15__exception_ptr13exception_ptr10_M_releaseEv,
	_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv, (void **handle))
{
	exception_let_go(*handle);
	FL_REAL(_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv)(handle);
}

/* libstdc++'s __cxa_exception, which ends where the thrown object begins; a rethrown one (the class ends in
 * 1) begins with a pointer to the object instead. */
struct caught {
	void *primary;
	void *between[9];
	uint64_t class; /* of struct _Unwind_Exception */
	uint64_t unwind[3];
};

#define CLASS_GNU_CXX 0x474e5543432b2b00u /* "GNUCC++\0" */

struct caught **__cxa_get_globals(void) __attribute__((weak));

FL_PUBLIC void __cxa_end_catch(void);
FL_INTERCEPT(void, __cxa_end_catch, __cxa_end_catch, (void))
{
	struct caught *caught = fl_race_concurrent && __cxa_get_globals ? *__cxa_get_globals() : NULL;

	if (caught && (caught->class & ~(uint64_t)1) == CLASS_GNU_CXX)
		exception_let_go(caught->class & 1 ? caught->primary : caught + 1);
	FL_REAL(__cxa_end_catch)();
}

/* Of std::__future_base: the state becomes ready at the thread's exit, by libstdc++'s own store. It can be
 * seen no earlier, so what is released now is released in time. */
struct made_ready {
	void *next;
	void (*run)(void *ready);
	char *state;
};

#define STATUS_OFFSET 16 /* behind the table of virtual functions and the result */
#define STATUS_BYTES  4  /* an atomic number */

static void (*make_ready)(void *ready);

/* May give up the last reference to the state, by a count that we do not see: then the destructors that run
 * have no order that we know. */
static void make_ready_unseen(void *ready)
{
	struct fl_race_thread *self = fl_race_self_thread;

	if (self)
		self->ignore_reads_and_writes++;
	make_ready(ready);
	if (self)
		self->ignore_reads_and_writes--;
}

FL_PUBLIC void _ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv(struct made_ready *ready);
FL_INTERCEPT(void, _ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv,
	_ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv, (struct made_ready * ready))
{
	const uint32_t what = FURLONG_RACE_ATOMIC_UPDATE | memory_order_release << 4;

	if (ready->state) {
		fl_race_slow_begin(
			ready->state + STATUS_OFFSET, STATUS_BYTES, what, NULL, __builtin_return_address(0));
		fl_race_slow_end(ready->state + STATUS_OFFSET, STATUS_BYTES, what, 1);
	}
	FL_REAL(_ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv)(ready);
	make_ready = ready->run;
	ready->run = make_ready_unseen;
}

/* By a version that is not the default one, so that the loader finds them here, before libstdc++.so, and the
 * linker does not: a program with libstdc++.a must get its own, as nobody is behind us there. */
#define ONLY_LOADED(name, version) __asm__(".symver " #name ", " #name "@" version ", remove");

ONLY_LOADED(__cxa_throw, "CXXABI_1.3")
FL_PUBLIC void __cxa_throw(void *object, void *type, void (*destructor)(void *));
FL_INTERCEPT(void, __cxa_throw, __cxa_throw, (void *object, void *type, void (*destructor)(void *)))
{
	once_thrown();
	FL_REAL(__cxa_throw)(object, type, destructor);
}

ONLY_LOADED(__cxa_rethrow, "CXXABI_1.3")
FL_PUBLIC void __cxa_rethrow(void);
FL_INTERCEPT(void, __cxa_rethrow, __cxa_rethrow, (void))
{
	once_thrown();
	FL_REAL(__cxa_rethrow)();
}

/* The line that makes a thread gets its frame, which the library does not push. A unique_ptr is handed over
 * by address. */
#define START_THREAD   _ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_StateESt14default_deleteIS1_EEPFvvE
#define INTERCEPT(...) FL_INTERCEPT(__VA_ARGS__)
#define REAL(name)     FL_REAL(name)

ONLY_LOADED(_ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_StateESt14default_deleteIS1_EEPFvvE,
	"GLIBCXX_3.4.22")
FL_PUBLIC void START_THREAD(void *thread, void *state, void (*depend)(void));
INTERCEPT(void, START_THREAD, START_THREAD, (void *thread, void *state, void (*depend)(void)))
{
	struct furlong_race_frame *frame = fl_touch_push(__builtin_return_address(0));

	REAL(START_THREAD)(thread, state, depend);
	fl_touch_pop(frame);
}

/* Who asks for the function comes after who set it, in the library too: in std::terminate, in operator new
 * without memory, and in each throw, which notes the function for later. */
#define HANDLER(what, set, set_version, get, get_version)                                                    \
	static char what;                                                                                    \
	ONLY_LOADED(set, set_version)                                                                        \
	FL_PUBLIC cxx_handler set(cxx_handler function);                                                     \
	FL_INTERCEPT(cxx_handler, set, set, (cxx_handler function))                                          \
	{                                                                                                    \
		fl_channel_release(FL_CHANNEL_RECORD, (uintptr_t)&what, 0);                                  \
		return FL_REAL(set)(function);                                                               \
	}                                                                                                    \
	ONLY_LOADED(get, get_version)                                                                        \
	FL_PUBLIC cxx_handler get(void);                                                                     \
	FL_INTERCEPT(cxx_handler, get, get, (void))                                                          \
	{                                                                                                    \
		cxx_handler function = fl_intercept_is_there(get) ? FL_REAL(get)() : NULL;                   \
                                                                                                             \
		fl_channel_acquire(FL_CHANNEL_RECORD, (uintptr_t)&what, 0);                                  \
		return function;                                                                             \
	}

typedef void (*cxx_handler)(void);
HANDLER(for_terminate, _ZSt13set_terminatePFvvE, "GLIBCXX_3.4", _ZSt13get_terminatev, "GLIBCXX_3.4.20")
HANDLER(for_new, _ZSt15set_new_handlerPFvvE, "GLIBCXX_3.4", _ZSt15get_new_handlerv, "GLIBCXX_3.4.20")
