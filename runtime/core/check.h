/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * check.h: the checked runtime: the same code, which also looks whether what it takes for granted is so
 * (FL_CHECK) and has tables so small that each is full at once (FL_TINY). The starved one moreover does not
 * get every eighth piece of memory that it asks for. Both are for our own tests; in any other build nothing
 * is left of them.
 */
#ifndef FL_CORE_CHECK_H
#define FL_CORE_CHECK_H

#include <stdbool.h>

#ifdef FL_CHECKED

#define FL_TINY(usual, tiny) (tiny)
#define FL_CHECK(what)       ((what) ? (void)0 : fl_check_failed(#what, __FILE__, __LINE__))

/* Says so in one line and ends the process. */
_Noreturn void fl_check_failed(const char *what, const char *file, int line);

#else

#define FL_TINY(usual, tiny) (usual)
#define FL_CHECK(what)       ((void)sizeof(what))

#endif

#ifdef FL_STARVED
bool fl_check_is_starved(void); /* this one piece of memory shall not be there */
extern bool fl_check_starving;  /* from now on */
#else
#define fl_check_is_starved() false
#endif

#endif
