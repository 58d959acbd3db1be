/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * quick.h: atomic operations that compiled code makes without asking (abi.h, struct furlong_race_atomic).
 * Private to atomic.c, location.c and quick.c.
 *
 * A thread has an entry for a variable after an operation of its own, with the version of the location that
 * the entry speaks for. The version is odd while somebody changes the clocks, and another one whenever what
 * entries say may no longer be so: other clocks, a plain access, memory that is new.
 *
 * What a load reads does not matter while the clocks stay: it looks at the version after it loaded. An update
 * (a store, a read-modify-write) cannot be made twice, and who changes the clocks must know which came first.
 * So threads say that they are inside one, and whoever changes clocks sees to it that nobody is: by a barrier
 * on all processors, which costs microseconds. Hence updates are made without asking only where many came one
 * after the other that changed no clock, and where that turned out to be wrong, only after many more.
 */
#ifndef FL_RACE_QUICK_H
#define FL_RACE_QUICK_H

#include "race/location.h"

#define QUICK_NONE 1 /* no version that anything is compared with */

void fl_quick_init(void);
/* The calling thread's entry for an aligned variable of up to 8 bytes, emptied if it was another's. */
struct furlong_race_atomic *fl_quick_entry(const volatile void *address, uint32_t size,
	struct fl_race_thread *self, const struct fl_race_location *location);
/* With the location's lock: an update changed nothing. Whether such ones need not ask from now on. */
bool fl_quick_was_idle(struct fl_race_location *location);
/* With the lock: the clocks are about to change. The version is odd until fl_quick_changed, and no update
 * that did not ask is under way. */
void fl_quick_change(struct fl_race_location *location);
static inline void fl_quick_changed(struct fl_race_location *location)
{
	if (location->version & 1)
		__atomic_store_n(&location->version, location->version + 1, __ATOMIC_RELEASE);
}
/* The thread's updates have news from now on. */
void fl_quick_ask_again(void);

#endif
