/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * all.c: the race instrument's sources, for the runtime's one object.
 */
#include "race/access.c"
#include "race/atomic.c"
#include "race/block.c"
#include "race/clock.c"
#include "race/context.c"
#include "race/instrument.c"
#include "race/intern.c"
#include "race/location.c"
#include "race/lockset.c"
#include "race/module.c"
#include "race/pool.c"
#include "race/range.c"
#include "race/report.c"
#include "race/set.c"
#include "race/shadow.c"
#include "race/slot.c"
#include "race/state.c"
#include "race/sync.c"
#include "race/sys_stubs.c"
#include "race/thread.c"
