/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * notify.c: threads that the C library starts by itself, to say that a timer ran out, that a message came or
 * that an operation is done (SIGEV_THREAD). They call a function of the program; before that they come to
 * know the runtime here, as children of whoever asked for it. None of them comes after another.
 *
 * An order for such calls stays: a timer may run out while it is deleted, as often as it likes. What is done
 * once is forgotten then.
 */
#include "core/core.h"
#include "race/instrument.h"
#include "race/intercept/libc.h"

#include <mqueue.h>
#include <signal.h>
#include <time.h>

struct notify {
	void (*run)(union sigval value);
	union sigval value;
	struct fl_race_sponsor sponsor; /* who asked, and up to when */
	struct fl_lock lock;
	timer_t timer;
	struct notify *next;
	struct sigevent *place; /* the C library looks there, so it says who we are until it is done */
};
static struct notify *notify_timers;
static struct fl_lock notify_lock;

static void notify_run(union sigval value)
{
	struct notify *notify = value.sival_ptr;
	uint64_t mask = fl_sys_signals_block();

	fl_lock_take(&notify->lock);
	fl_race_adopt(&notify->sponsor);
	fl_lock_drop(&notify->lock);
	fl_sys_signals_restore(mask);
	notify->run(notify->value);
}

static void notify_sponsor(struct notify *notify)
{
	uint64_t mask = fl_sys_signals_block();

	fl_lock_take(&notify->lock);
	fl_race_sponsor(&notify->sponsor);
	fl_lock_drop(&notify->lock);
	fl_sys_signals_restore(mask);
}

static void notify_unmake(struct notify *notify)
{
	fl_clock_release(&notify->sponsor.clock);
	fl_pool_give(notify, sizeof(*notify));
}

static void notify_put_back(const struct notify *notify)
{
	if (!notify->place)
		return;
	notify->place->sigev_notify_function = notify->run;
	notify->place->sigev_value = notify->value;
}

static void notify_run_once(union sigval value)
{
	struct notify *notify = value.sival_ptr;
	struct notify mine = *notify;

	notify_put_back(notify);
	fl_race_adopt(&notify->sponsor);
	notify_unmake(notify);
	mine.run(mine.value);
}

/* What to ask for instead of `event`; NULL: the same. */
static struct notify *notify_make(const struct sigevent *event, struct sigevent *instead, const void *caller)
{
	struct notify *notify = NULL;

	if (event && event->sigev_notify == SIGEV_THREAD && fl_race_self_thread)
		notify = fl_pool_take(sizeof(*notify));
	if (!notify)
		return NULL;
	*notify = (struct notify){.run = event->sigev_notify_function, .value = event->sigev_value};
	FL_RACE_INSIDE notify->sponsor.context = fl_context_of_step(caller, NULL);
	notify_sponsor(notify);
	*instead = *event;
	instead->sigev_notify_function = notify_run;
	instead->sigev_value.sival_ptr = notify;
	return notify;
}

struct sigevent *fl_notify_once(struct sigevent *event, struct sigevent *instead, const void *caller)
{
	struct notify *notify = notify_make(event, instead, caller);

	if (!notify)
		return event;
	instead->sigev_notify_function = notify_run_once;
	return instead;
}

void fl_notify_in_place(struct sigevent *event, const void *caller)
{
	struct sigevent instead;
	struct notify *notify = notify_make(event, &instead, caller);

	if (!notify)
		return;
	notify->place = event;
	instead.sigev_notify_function = notify_run_once;
	*event = instead;
}

void fl_notify_never(const struct sigevent *event)
{
	struct notify *notify = event->sigev_value.sival_ptr;

	if (event->sigev_notify != SIGEV_THREAD || event->sigev_notify_function != notify_run_once)
		return;
	notify_put_back(notify);
	notify_unmake(notify);
}

FL_LIBC(int, timer_create, (clockid_t clock, struct sigevent *event, timer_t *timer))
{
	struct sigevent instead;
	struct notify *notify;
	uint64_t mask;
	int got;

	RO(event)
	notify = notify_make(event, &instead, FL_HERE);
	got = FL_REAL(timer_create)(clock, notify ? &instead : event, timer);
	if (notify && got) {
		notify_unmake(notify);
	} else if (notify) {
		notify->timer = *timer;
		mask = fl_sys_signals_block();
		fl_lock_take(&notify_lock);
		notify->next = notify_timers;
		notify_timers = notify;
		fl_lock_drop(&notify_lock);
		fl_sys_signals_restore(mask);
	}
	IF(!got, WO(timer))
	return got;
}

/* Numbers are used again: the youngest is meant. */
static struct notify *notify_of(timer_t timer)
{
	uint64_t mask = fl_sys_signals_block();
	struct notify *notify;

	fl_lock_take(&notify_lock);
	for (notify = notify_timers; notify && notify->timer != timer;)
		notify = notify->next;
	fl_lock_drop(&notify_lock);
	fl_sys_signals_restore(mask);
	return notify;
}

FL_LIBC(int, timer_settime, (timer_t timer, int flags, const struct itimerspec *to, struct itimerspec *was))
{
	struct notify *notify;
	int got;

	RO(to)
	notify = fl_race_self_thread ? notify_of(timer) : NULL;
	if (notify)
		notify_sponsor(notify);
	GIVES_SIGNAL(0, 0)
	got = FL_REAL(timer_settime)(timer, flags, to, was);
	IF(!got, WO(was))
	return got;
}

FL_LIBC(int, mq_notify, (mqd_t queue, const struct sigevent *event))
{
	struct sigevent instead;
	struct notify *notify;
	int got;

	RO(event)
	notify = notify_make(event, &instead, FL_HERE);
	got = FL_REAL(mq_notify)(queue, notify ? &instead : event);
	if (notify && got)
		notify_unmake(notify);
	return got;
}
