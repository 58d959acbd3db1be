/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * report_walk.c: everything there is to say of a race, in order, to whoever puts it into a form.
 */
#include "race/finding.h"

#define REPORT_FRAMES  256
#define REPORT_THREADS 64
#define REPORT_LOCKS   64

struct report_walk {
	struct fl_report *report;
	uint32_t threads[REPORT_THREADS], locks[REPORT_LOCKS];
	size_t thread_count, lock_count;
	const void *stack[REPORT_FRAMES];
};

static void add_once(uint32_t *list, size_t *count, size_t limit, uint32_t number)
{
	for (size_t i = 0; i < *count; i++)
		if (list[i] == number)
			return;
	if (*count < limit)
		list[(*count)++] = number;
}

static void mention_thread(struct report_walk *walk, uint32_t uid)
{
	add_once(walk->threads, &walk->thread_count, REPORT_THREADS, uid);
}

/* The function of the C library that was called is worth its line ("malloc"); frames of the runtime between
 * the program's are not. A static program has no such object. */
static bool is_our_own(struct fl_report *report, const struct fl_report_object *object)
{
#ifdef FL_STATIC
	(void)report;
	(void)object;
	return false;
#else
	return object && object == fl_report_object_at(report->objects, (uintptr_t)is_our_own);
#endif
}

static void walk_stack(struct report_walk *walk, uint32_t context, unsigned byte)
{
	struct fl_report *report = walk->report;
	struct fl_race_context where = {0};
	size_t count = 0, shown = 0;

	if (context) {
		where = fl_context_get(context, byte);
		count = fl_context_stack(&where, walk->stack, REPORT_FRAMES);
	}
	for (size_t i = 0; i < count; i++) {
		/* A return address may be the next function's. */
		uintptr_t address = (uintptr_t)walk->stack[i] - 1;
		struct fl_report_object *object = fl_report_object_at(report->objects, address);

		if (i && is_our_own(report, object))
			continue;
		report->sink->frame(report, shown++, object, object ? address - object->bias : address);
	}
	if (count == REPORT_FRAMES || where.what & FL_WHAT_TRUNCATED)
		report->sink->cut(report);
	report->sink->stack_end(report);
}

/* Its locks are found here. */
static void mention_side(struct report_walk *walk, struct fl_report_side *side, uint32_t lockset)
{
	side->held_count = fl_lockset_get(lockset, side->held, FL_REPORT_LOCKS);
	for (size_t i = 0; i < side->held_count; i++)
		add_once(walk->locks, &walk->lock_count, REPORT_LOCKS, side->held[i].lock);
	mention_thread(walk, side->thread);
}

static void walk_step(struct report_walk *walk, const struct fl_finding_step *step)
{
	struct fl_report_side side = {
		.title = walk->report->finding->titles.text + step->title,
		.thread = step->thread,
	};

	mention_side(walk, &side, step->context ? fl_context_get(step->context, 0).lockset : 0);
	walk->report->sink->step(walk->report, &side);
	walk_stack(walk, step->context, 0);
}

static void walk_finding(struct report_walk *walk, const struct fl_finding *finding)
{
	if (finding->says.length)
		walk->report->sink->says(walk->report, finding->says.text);
	for (size_t i = 0; i < finding->step_count && finding->titles.text; i++)
		walk_step(walk, &finding->steps[i]);
	for (size_t i = 0; i < finding->lock_count; i++)
		add_once(walk->locks, &walk->lock_count, REPORT_LOCKS, finding->locks[i]);
	for (size_t i = 0; i < finding->thread_count; i++)
		mention_thread(walk, finding->threads[i]);
}

static void walk_access(struct report_walk *walk, const struct fl_race_access *access, bool first)
{
	struct fl_race_context context = fl_context_get(access->context, access->byte);
	const struct fl_race_person *person =
		first && fl_race_self_thread ? fl_race_self_thread->person : fl_race_person_at(access->epoch);
	struct fl_report_side side = {
		.first = first,
		.write = access->write,
		.atomic = context.what & FL_WHAT_ATOMIC,
		.free = context.what & FL_WHAT_FREE,
		.size = context.size,
		.address = access->address,
		.thread = person ? person->uid : 0,
	};

	mention_side(walk, &side, context.lockset);
	walk->report->sink->access(walk->report, &side);
	walk_stack(walk, access->context, access->byte);
}

/* A clock says which of the other thread's releases were heard of. */
static void walk_order(struct report_walk *walk, const struct fl_race_found *found)
{
	const struct fl_race_thread *self = fl_race_self_thread;
	uint32_t clock = fl_epoch_clock(found->before.epoch), heard, begin, last;

	if (!walk->report->sink->order || !self || !fl_race_person_at(found->before.epoch))
		return;
	fl_race_reign(found->before.epoch, &begin, &last);
	heard = fl_clock_get(&self->clock, fl_epoch_slot(found->before.epoch));
	walk->report->sink->order(walk->report, &(struct fl_report_order){
							.heard = heard > begin,
							.before = clock - 1 - (heard > begin ? heard : begin),
							.since = last > clock ? last - clock : 0,
						});
}

static void walk_location(struct report_walk *walk)
{
	struct fl_where where = {0};

	if (!walk->report->address)
		return;
	fl_where(walk->report->address, &where);
	if (where.kind == FL_WHERE_UNKNOWN &&
		!fl_report_object_at(walk->report->objects, walk->report->address))
		return;
	walk->report->sink->location(walk->report, &where);
	if (where.kind == FL_WHERE_HEAP) {
		mention_thread(walk, where.thread);
		walk_stack(walk, where.block.context, 0);
	}
}

static void walk_births(struct report_walk *walk)
{
	for (size_t i = 0; i < walk->lock_count; i++) {
		const struct fl_race_lock *lock = fl_race_lock(walk->locks[i]);

		if (!lock)
			continue;
		walk->report->sink->lock(walk->report, lock);
		walk_stack(walk, lock->created, 0);
	}
	for (size_t i = 0; i < walk->thread_count; i++) {
		const struct fl_race_person *person = fl_race_person(walk->threads[i]);

		if (!person)
			continue;
		walk->report->sink->thread(walk->report, person);
		walk_stack(walk, person->birth_context, 0);
	}
}

void fl_report_walk(struct fl_report *report)
{
	struct report_walk walk = {.report = report};

	if (report->finding) {
		walk_finding(&walk, report->finding);
	} else {
		walk_access(&walk, &report->found->now, true);
		walk_access(&walk, &report->found->before, false);
		walk_order(&walk, report->found);
	}
	walk_location(&walk);
	walk_births(&walk);
}

struct fl_race_context fl_report_first(const struct fl_report *report)
{
	const struct fl_finding *finding = report->finding;

	if (finding)
		return finding->step_count ? fl_context_get(finding->steps[0].context, 0)
					   : (struct fl_race_context){0};
	return fl_context_get(report->found->now.context, report->found->now.byte);
}
