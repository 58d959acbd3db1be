/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * lock_order.c: orders of locks that may deadlock one day.
 *
 * An *order* is a lock taken (not tried) while others were held: (lockset before, lock), told by the lockset
 * after, and who did so. Orders o1 ... on are a cycle when each takes a lock that the next one holds, and the
 * last a lock that the first holds. It is reported when it can hang:
 *
 *   - n different threads can do so, and no births and joins put what one did before what another did;
 *   - no two of the locksets have a lock in common that would keep one out (a gate);
 *   - where the lock that one takes is held by the next, one of the two is for writing.
 *
 * So one thread alone, hand over hand along a list, readers among themselves, and orders below one outer lock
 * are none. All under the runtime's lock, but for the question whether the thread was seen to do so.
 */
#include "race/lock_graph.h"
#include "race/lock_list.h"

#include "core/arena.h"
#include "core/core.h"
#include "core/options.h"
#include "race/finding.h"

#define ORDER_THREADS 4 /* of one order that are remembered */
#define ORDER_DEEPEST (FL_FINDING_STEPS / 2)
#define ORDER_BUDGET  (1u << 18) /* orders looked at for one new one */

struct order_by {
	uint32_t thread, first, last; /* fl_race_time */
	uint32_t context;             /* where the lock was taken */
	uint32_t *held;               /* where those held were; in the lockset's order */
};

struct order {
	uint32_t before, lock;
	bool write;
	uint8_t by_count;
	uint32_t full; /* fl_race_time when a thread found no place */
	struct order_by by[ORDER_THREADS];
};

struct order_link {
	struct order *order;
	struct order_link *next;
};

static struct fl_table orders = {.element_bytes = sizeof(struct order)};

/* ---- orders
 * --------------------------------------------------------------------------------------------------
 */

static bool order_index(struct order *order)
{
	struct fl_held_lock held[FL_LOCKSET_LIMIT];
	size_t count = fl_lockset_get(order->before, held, FL_LOCKSET_LIMIT);

	for (size_t i = 0; i < count; i++) {
		struct fl_lock_pair *pair = fl_lock_pair(held[i].lock, order->lock);
		struct order_link *link = pair ? fl_arena_take(sizeof(*link)) : NULL;

		if (!link)
			return false;
		*link = (struct order_link){order, pair->orders};
		pair->orders = link;
	}
	return true;
}

static bool is_over(uint32_t thread)
{
	const struct fl_race_person *person = fl_race_person(thread);

	return person && !person->running;
}

/* The place for a thread among those that do so: a free one, or of one that has ended. */
static struct order_by *order_place(struct order *order, uint32_t thread)
{
	for (unsigned i = 0; i < order->by_count; i++)
		if (order->by[i].thread == thread)
			return &order->by[i];
	if (order->by_count < ORDER_THREADS)
		return &order->by[order->by_count++];
	for (unsigned i = 0; i < ORDER_THREADS; i++)
		if (is_over(order->by[i].thread))
			return &order->by[i];
	return NULL;
}

/* Where the thread took what it holds. */
static bool order_fill(struct order *order, struct order_by *by, uint32_t context)
{
	struct fl_held_lock held[FL_LOCKSET_LIMIT];
	size_t count = fl_lockset_get(order->before, held, FL_LOCKSET_LIMIT);
	uint32_t thread = fl_race_self_thread->person->uid;

	if (!by->held)
		by->held = fl_arena_take(count * sizeof(*by->held));
	if (!by->held)
		return false;
	for (size_t i = 0; i < count; i++) {
		by->held[i] = 0;
		for (uint32_t j = 0; j < fl_lock_mine->count; j++)
			if (fl_lock_mine->held[j].uid == held[i].lock)
				by->held[i] = fl_lock_mine->held[j].context;
	}
	if (by->thread != thread || !by->first)
		by->first = fl_race_time;
	by->thread = thread;
	by->last = fl_race_time;
	by->context = context;
	return true;
}

/* ---- cycles
 * ---------------------------------------------------------------------------------------------------
 */

struct order_chain {
	const struct order *orders[ORDER_DEEPEST];
	const struct order_by *by[ORDER_DEEPEST];
	uint32_t length, budget;
};

/* How `order` holds the lock: place in its lockset + 1; 0: it does not, or reads what is only read. */
static uint32_t holds_against(const struct order *order, uint32_t lock, bool write)
{
	struct fl_held_lock held[FL_LOCKSET_LIMIT];
	size_t count = fl_lockset_get(order->before, held, FL_LOCKSET_LIMIT);

	for (size_t i = 0; i < count; i++)
		if (held[i].lock == lock)
			return held[i].write || write ? (uint32_t)i + 1 : 0;
	return 0;
}

static bool have_gate(const struct order *a, const struct order *b)
{
	struct fl_held_lock held[FL_LOCKSET_LIMIT];
	size_t count = fl_lockset_get(a->before, held, FL_LOCKSET_LIMIT);

	for (size_t i = 0; i < count; i++)
		if (holds_against(b, held[i].lock, held[i].write))
			return true;
	return false;
}

static bool can_be_at_once(const struct order_by *a, const struct order_by *b)
{
	return a->thread != b->thread && !fl_race_is_born_after(a->thread, a->last, b->thread, b->first) &&
	       !fl_race_is_born_after(b->thread, b->last, a->thread, a->first);
}

static const struct order_by *fits_chain(const struct order_chain *chain, const struct order *order)
{
	for (uint32_t i = 0; i < chain->length; i++)
		if (chain->orders[i] == order || have_gate(chain->orders[i], order))
			return NULL;
	for (unsigned j = 0; j < order->by_count; j++) {
		uint32_t i = 0;

		while (i < chain->length && can_be_at_once(chain->by[i], &order->by[j]))
			i++;
		if (i == chain->length)
			return &order->by[j];
	}
	return NULL;
}

/* From the last order on to one that takes what the first holds. */
static bool chain_on(struct order_chain *chain);

/* On by one of the orders of a pair. */
static bool chain_by(struct order_chain *chain, const struct fl_lock_pair *pair)
{
	const struct order *last = chain->orders[chain->length - 1];

	for (const struct order_link *link = pair->orders; link && chain->budget; link = link->next) {
		const struct order *next = link->order;
		const struct order_by *by;

		chain->budget--;
		if (!holds_against(next, last->lock, last->write) || chain->length == ORDER_DEEPEST)
			continue;
		by = fits_chain(chain, next);
		if (!by)
			continue;
		chain->orders[chain->length] = next;
		chain->by[chain->length++] = by;
		if (holds_against(chain->orders[0], next->lock, next->write) || chain_on(chain))
			return true;
		chain->length--;
	}
	return false;
}

static bool chain_on(struct order_chain *chain)
{
	uint32_t lock = chain->orders[chain->length - 1]->lock;

	for (const struct fl_lock_pair *pair = NULL;
		chain->budget && (pair = fl_lock_pair_next(lock, pair));) {
		chain->budget--;
		if (fl_lock_on_circle(lock, pair->taken) && chain_by(chain, pair))
			return true;
	}
	return false;
}

/* Mostly none of what it holds can come after what it takes, and all is said. */
static bool may_close(const struct order *order)
{
	struct fl_held_lock held[FL_LOCKSET_LIMIT];
	size_t count = fl_lockset_get(order->before, held, FL_LOCKSET_LIMIT);

	for (size_t i = 0; i < count; i++)
		if (fl_lock_on_circle(held[i].lock, order->lock))
			return true;
	return false;
}

static bool find_cycle(const struct order *order, const struct order_by *by, struct order_chain *chain)
{
	bool found;

	chain->budget = ORDER_BUDGET;
	chain->length = 1;
	chain->orders[0] = order;
	chain->by[0] = by;
	found = may_close(order) && chain_on(chain);
	if (!found && !chain->budget)
		fl_race_count(FL_COUNT_ORDERS);
	return found;
}

/* ---- reports
 * ----------------------------------------------------------------------------------------------------
 */

/* One order of a cycle, as it is told: it takes `lock` and holds `held`. */
struct order_told {
	uint32_t lock, held, thread, context, held_context;
};

static void order_tell(const struct order_chain *chain, struct order_told *told)
{
	for (uint32_t i = 0; i < chain->length; i++) {
		const struct order *before = chain->orders[(i + chain->length - 1) % chain->length];
		uint32_t place = holds_against(chain->orders[i], before->lock, true);

		told[i] = (struct order_told){chain->orders[i]->lock, before->lock, chain->by[i]->thread,
			chain->by[i]->context, chain->by[i]->held[place - 1]};
	}
}

static void order_report(const struct order_told *told, uint32_t count)
{
	struct fl_finding finding;
	uint64_t hash = 0;

	for (uint32_t i = 0; i < count; i++)
		hash += fl_finding_hash(fl_finding_hash(0, told[i].context), told[i].held_context);
	if (!fl_finding_begin_of(&finding, "lock-order-inversion", hash))
		return;
	fl_finding_say(&finding, "Cycle in lock order graph: ");
	for (uint32_t i = 0; i < count; i++) {
		fl_finding_say(
			&finding, "M%u (0x%lx) => ", told[i].held, fl_race_lock(told[i].held)->address);
		fl_finding_lock(&finding, told[i].held);
	}
	fl_finding_say(&finding, "M%u", told[0].held);
	for (uint32_t i = 0; i < count; i++) {
		fl_finding_step(&finding, told[i].context, told[i].thread,
			"Mutex M%u acquired here while holding mutex M%u in %s", told[i].lock, told[i].held,
			fl_who(told[i].thread).text);
		if (told[i].held_context && fl_options.second_deadlock_stack)
			fl_finding_step(&finding, told[i].held_context, told[i].thread,
				"Mutex M%u previously acquired by the same thread here", told[i].held);
	}
	fl_finding_report(&finding);
}

/* With the runtime's lock. How many orders the cycle has; 0: there is none. */
static uint32_t order_add(
	uint32_t before, uint32_t lock, bool write, uint32_t context, struct order_told *told)
{
	static struct order_chain chain;
	struct order *order = fl_table_make(&orders, fl_race_self_thread->lockset);
	struct order_by *by, now;

	if (order && !order->lock) {
		*order = (struct order){.before = before, .lock = lock, .write = write};
		if (!order_index(order))
			order = NULL;
	}
	by = order ? order_place(order, fl_race_self_thread->person->uid) : NULL;
	if (!by) {
		if (!order)
			fl_race_count(FL_COUNT_ORDERS);
		else
			order->full = fl_race_time;
		return 0;
	}
	if (!order_fill(order, by, context))
		return 0;
	/* What it did before was looked at when it did it, or when others did theirs. */
	now = *by;
	now.first = now.last;
	if (!find_cycle(order, &now, &chain))
		return 0;
	order_tell(&chain, told);
	return chain.length;
}

/* Since the last birth or join. Without a lock: a thread alone puts its number there, and while it runs
 * nobody takes that place. */
static bool order_is_known(void)
{
	const struct order *order = fl_table_at(&orders, fl_race_self_thread->lockset);
	uint32_t thread = fl_race_self_thread->person->uid, time = fl_race_time;

	for (unsigned i = 0; order && i < order->by_count; i++)
		if (__atomic_load_n(&order->by[i].thread, __ATOMIC_RELAXED) == thread && order->by[i].held)
			return order->by[i].last == time;
	return order && order->full == time;
}

void fl_order_note(uint32_t before, uint32_t lock, bool write, uint32_t context)
{
	struct order_told told[ORDER_DEEPEST];
	uint64_t mask;
	uint32_t count;

	if (!fl_options.detect_deadlocks || order_is_known())
		return;
	mask = fl_enter();
	count = order_add(before, lock, write, context, told);
	fl_leave(mask);
	if (count)
		order_report(told, count);
}
