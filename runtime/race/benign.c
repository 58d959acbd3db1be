/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * benign.c: memory on which the program says that races are meant. Asked only when one is found.
 */
#include "race/annotate.h"

#include "core/arena.h"
#include "core/core.h"

/* Never taken back; the list is read without a lock. */
struct benign {
	struct benign *next;
	uintptr_t begin;
	size_t size;
};
static struct benign *benign_first;

bool fl_benign_has(uintptr_t address)
{
	for (const struct benign *each = __atomic_load_n(&benign_first, __ATOMIC_ACQUIRE); each;
		each = each->next)
		if (address - each->begin < each->size)
			return true;
	return false;
}

void fl_benign_add(uintptr_t address, size_t size)
{
	struct benign *made;
	uint64_t mask;

	if (fl_benign_has(address) && fl_benign_has(address + size - 1))
		return;
	FL_RACE_INSIDE
	{
		mask = fl_enter();
		made = fl_arena_take(sizeof(*made));
		if (made) {
			*made = (struct benign){benign_first, address, size};
			__atomic_store_n(&benign_first, made, __ATOMIC_RELEASE);
		}
		fl_leave(mask);
	}
}
