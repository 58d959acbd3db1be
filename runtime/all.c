/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * all.c: the whole runtime as one object, so that a static program gets all of it or none.
 *
 * CMake writes sources.inc and instruments.def from FURLONG_INSTRUMENTS; FL_STATIC tells the archive from the
 * shared object.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include "sources.inc"

#include "core/arena.c"
#include "core/births.c"
#include "core/check.c"
#include "core/endings.c"
#include "core/fatal.c"
#include "core/init.c"
#include "core/joins.c"
#include "core/last.c"
#include "core/maps.c"
#include "core/options.c"
#include "core/place.c"
#include "core/print.c"
/* First: the system calls of the machine. */
#include "core/sys_linux.c"

#include "core/sys_child.c"
#include "core/sys_ending.c"
#include "core/sys_objects.c"
#include "core/sys_space.c"
#include "core/sys_stack.c"
#include "core/sys_syscall.c"
#include "core/threads.c"
#include "core/unwind.c"
#include "core/unwind_rules.c"
#ifdef FL_STATIC
#include "core/sys_static.c"
#else
#include "core/sys_dynamic.c"
#endif
