/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * stack.c: stacks and thread-local storage, and what an address is (place.h).
 *
 * The C library hands the memory of a thread that ended to the next one, and orders that by means of its own:
 * for us it is new.
 */
#include "race/stack.h"

#include "core/sys.h"
#include "race/descriptor.h"
#include "race/follow.h"
#include "race/place.h"

static void stack_note(struct fl_race_thread *self, const struct fl_sys_stack *stack)
{
	self->stack_begin = stack->begin;
	self->stack_end = stack->end;
	self->tls_begin = stack->tls_begin;
	self->tls_end = stack->tls_end;
}

void fl_stack_main(struct fl_race_thread *self)
{
	struct fl_sys_stack stack;

	fl_sys_stack_of_main(&stack);
	stack_note(self, &stack);
}

void fl_stack_start(struct fl_race_thread *self, bool by_pthread)
{
	struct fl_sys_stack stack = {0};
	uint32_t depth = fl_race_depth;

	fl_race_depth = 1; /* the C library asks for memory on the way */
	if (by_pthread && fl_sys_stack_of_pthread(&stack)) {
		fl_stack_gone_from(stack.begin, stack.tls_end - stack.begin);
		fl_shadow_reset((void *)stack.begin, stack.tls_end - stack.begin);
	}
	stack_note(self, &stack);
	fl_race_depth = depth;
}

void fl_stack_gone(struct fl_race_thread *thread)
{
	stack_note(thread, &(struct fl_sys_stack){0});
}

static bool is_within(uintptr_t address, uintptr_t begin, uintptr_t end)
{
	return address >= begin && address < end;
}

/* Without a lock: an entry's memory stays, and a thread that comes or goes meanwhile is not the one asked
 * for. */
static bool where_in_threads(uintptr_t address, struct fl_where *where)
{
	for (uint32_t i = 0; i < fl_threads_count(); i++) {
		const struct fl_thread *core = fl_threads_at(i);
		const struct fl_race_thread *thread = core ? fl_race_thread_of(core) : NULL;

		if (!thread || !thread->person)
			continue;
		if (is_within(address, thread->stack_begin, thread->stack_end)) {
			where->kind = FL_WHERE_STACK;
			where->begin = thread->stack_begin;
			where->size = thread->stack_end - thread->stack_begin;
		} else if (is_within(address, thread->tls_begin, thread->tls_end)) {
			where->kind = FL_WHERE_TLS;
			where->begin = thread->tls_begin;
			where->size = thread->tls_end - thread->tls_begin;
		} else {
			continue;
		}
		where->thread = thread->person->uid;
		return true;
	}
	return false;
}

void fl_where(uintptr_t address, struct fl_where *where)
{
	*where = (struct fl_where){.kind = FL_WHERE_UNKNOWN};
	if (fl_descriptor_at(address, &where->descriptor)) {
		where->kind = FL_WHERE_DESCRIPTOR;
		return;
	}
	if (where_in_threads(address, where) || !fl_block_find(address, &where->block))
		return;
	where->kind = FL_WHERE_HEAP;
	where->begin = where->block.begin;
	where->size = where->block.size;
	where->thread = where->block.owner;
}
