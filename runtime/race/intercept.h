/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * intercept.h: how the instrument stands before a function of the C library.
 *
 *   FL_INTERCEPT(int, pthread_mutex_lock, ___pthread_mutex_lock, (pthread_mutex_t *mutex))
 *   {
 *           int rc = FL_REAL(pthread_mutex_lock)(mutex);
 *           ...
 *   }
 *
 * The shared runtime finds the function behind by dlsym(RTLD_NEXT); the archive by the strong name that a
 * static glibc has beside the weak public one (nm libc.a), which is the third argument.
 *
 * Most programs that are looked at for coverage call these functions too and have no use for us. So in the
 * shared runtime the name is a jump to where `way` says: to the function behind, and once the instrument has
 * begun to ours, whose name is __furlong_checked_NAME (of which the tool makes NAME again).
 */
#ifndef FL_RACE_INTERCEPT_H
#define FL_RACE_INTERCEPT_H

#include "core/core.h"
#include "race/sys_jump.h"

#ifdef FL_STATIC

#define FL_INTERCEPT_ALWAYS FL_INTERCEPT
#define FL_INTERCEPT(result, name, behind, parameters)                                                       \
	result behind parameters;                                                                            \
	static result(*const real_##name) parameters = behind;                                               \
	FL_PUBLIC result name parameters
#define FL_REAL(name)               real_##name
#define fl_intercept_is_there(name) true

#else

struct fl_intercept {
	const char *name;
	void **real;
	void **way; /* NULL: callers come to us in any case */
	void *checked;
};

/* Fills in *entry->real; by whoever comes before the start. */
void *fl_intercept_look_up(const struct fl_intercept *entry);

/* A jump of that name, and its entry; for one whose way never changes the entry alone. By an alias, so that
 * the loader has no name to look for. */
#define FL_INTERCEPT_JUMP(result, name, parameters)                                                          \
	FL_PUBLIC result __furlong_checked_##name parameters;                                                \
	static result checked_##name parameters __attribute__((alias("__furlong_checked_" #name)));          \
	__attribute__((used)) static void *way_##name __asm__("fl_way_" #name) = (void *)checked_##name;     \
	FL_SYS_JUMP(#name, "fl_way_" #name)                                                                  \
	FL_INTERCEPT_ENTRY(name, &way_##name, (void *)checked_##name)
#define FL_INTERCEPT_ENTRY(name, way, checked)                                                               \
	__attribute__((                                                                                      \
		section("fl_intercepts"), used)) static const struct fl_intercept intercept_##name = {       \
		#name, (void **)&real_##name, way, checked};

#define FL_INTERCEPT(result, name, behind, parameters)                                                       \
	static result(*real_##name) parameters;                                                              \
	FL_INTERCEPT_JUMP(result, name, parameters)                                                          \
	FL_PUBLIC result __furlong_checked_##name parameters
/* For what others of us than this instrument need. */
#define FL_INTERCEPT_ALWAYS(result, name, behind, parameters)                                                \
	static result(*real_##name) parameters;                                                              \
	FL_INTERCEPT_ENTRY(name, NULL, NULL)                                                                 \
	FL_PUBLIC result name parameters
#define FL_REAL(name)                                                                                        \
	(real_##name ? real_##name : (__typeof__(real_##name))fl_intercept_look_up(&intercept_##name))

/* Of a library that few programs have, and some load later, where RTLD_NEXT does not see it: looked for when
 * it is called. */
void *fl_intercept_look_everywhere(const struct fl_intercept *entry);

#define FL_INTERCEPT_LATE(result, name, parameters)                                                          \
	static result(*real_##name) parameters;                                                              \
	static const struct fl_intercept intercept_##name = {#name, (void **)&real_##name, NULL, NULL};      \
	FL_PUBLIC result name parameters
/* The loader finds the name here, as the library's first version will do for callers that ask for none. The
 * linker does not: a program that forgets its -lglib-2.0 must not link. */
#define FL_ONLY_LOADED(name) __asm__(".symver " #name ", " #name "@FURLONG_LOCAL, remove");
#define FL_INTERCEPT_LOADED(result, name, parameters)                                                        \
	FL_ONLY_LOADED(name)                                                                                 \
	FL_PUBLIC result name parameters;                                                                    \
	FL_INTERCEPT_LATE(result, name, parameters)
#define FL_REAL_LATE(name)                                                                                   \
	(real_##name ? real_##name : (__typeof__(real_##name))fl_intercept_look_everywhere(&intercept_##name))

#endif

#ifndef FL_STATIC
/* Whether the C library has it. */
#define fl_intercept_is_there(name) (FL_REAL(name) != NULL)
#endif

void fl_intercept_init(void);
/* From here on everybody who calls such a function comes to ours. */
void fl_intercept_begin(void);

/* Where the intercepted function was called: innermost place of a context. */
#define FL_HERE __builtin_return_address(0)

#endif
