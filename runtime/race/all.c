/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * all.c: the race instrument's sources, for the runtime's one object.
 */
#include "race/instrument.c"

#include "race/intercept.c"

#include "race/caller.c"
#include "race/heap.c"
#include "race/stack.c"
#include "race/touch.c"

#include "race/intercept/jump.c"
#include "race/intercept/map.c"
#include "race/intercept/memory.c"
#include "race/intercept/signal.c"
#include "race/intercept/string.c"
#include "race/intercept/alloc.c"
#ifdef FL_STATIC
#include "race/own.c"
#else
#include "race/intercept/new.c"
#endif
#include "race/intercept/io.c"
#if __has_include("race/mock.c")
#include "race/mock.c"
#endif
