/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * all.c: the race instrument's sources, for the runtime's one object.
 */
#include "race/access.c"
#include "race/atomic.c"
#include "race/block.c"
#include "race/caller.c"
#include "race/clock.c"
#include "race/context.c"
#include "race/heap.c"
#include "race/instrument.c"
#include "race/intercept.c"
#include "race/intern.c"
#include "race/location.c"
#include "race/lockset.c"
#include "race/memory.c"
#include "race/module.c"
#include "race/pool.c"
#include "race/range.c"
#include "race/report.c"
#include "race/set.c"
#include "race/shadow.c"
#include "race/slot.c"
#include "race/stack.c"
#include "race/state.c"
#include "race/sync.c"
#include "race/sys_stubs.c"
#include "race/thread.c"
#include "race/touch.c"

#include "race/intercept/alloc.c"
#include "race/intercept/io.c"
#include "race/intercept/jump.c"
#include "race/intercept/map.c"
#include "race/intercept/memory.c"
#include "race/intercept/signal.c"
#include "race/intercept/string.c"
#ifdef FL_STATIC
#include "race/own.c"
#else
#include "race/intercept/new.c"
#endif
