/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * all.c: the race instrument's sources, for the runtime's one object.
 */
#include "race/instrument.c"

#include "race/intercept.c"

#include "race/lock.c"

#include "race/intercept/barrier.c"
#include "race/intercept/c11.c"
#include "race/intercept/cond.c"
#include "race/intercept/guard.c"
#include "race/intercept/mutex.c"
#include "race/intercept/name.c"
#include "race/intercept/once.c"
#include "race/intercept/rwlock.c"
#include "race/intercept/semaphore.c"
