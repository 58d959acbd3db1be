/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * init.c: start and end of the process, the lock, and fork.
 *
 * The runtime's constructor runs before those of the objects that depend on it, so its fork handlers run last
 * before a fork and first after it, and its destructor after theirs.
 */
#include "core/core.h"

#include "core/instrument.h"
#include "core/last.h"
#include "core/options.h"
#include "core/place.h"
#include "core/print.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

/* In memory that is zero in a child nobody told us of (a fork by a bare system call): there the lock is free
 * and `known` false. A child of vfork shares it. */
static struct life {
	struct fl_lock lock;
	bool known;
} life_at_first = {.known = true}, *life = &life_at_first;

/* Of a fork under way; guarded by the lock, which the fork holds. */
static struct {
	uint64_t mask;
	struct fl_thread *self;
} forking;

const struct fl_instrument *const fl_instruments[] = {
#define FL_INSTRUMENT(name) &fl_##name##_instrument,
#include "instruments.def"
#undef FL_INSTRUMENT
	NULL,
};

static void take_over(struct fl_thread *self)
{
	life->known = true;
	fl_threads_fork_child(self);
	fl_last_fork_child();
	if (!self)
		self = fl_threads_adopt();
	FL_EACH_INSTRUMENT(fork_child, self);
}

/* Until now it counted where its parent does. */
static void meet_stranger(void)
{
	take_over(fl_threads_copied_self());
	FL_EACH_INSTRUMENT(stranger);
}

uint64_t fl_enter(void)
{
	uint64_t mask = fl_sys_signals_block();

	fl_lock_take(&life->lock);
	if (!life->known)
		meet_stranger();
	return mask;
}

void fl_leave(uint64_t mask)
{
	fl_lock_drop(&life->lock);
	fl_sys_signals_restore(mask);
}

void fl_fork_prepare(void)
{
	uint64_t mask = fl_enter();

	forking.mask = mask;
	forking.self = fl_threads_self();
}

void fl_fork_parent(void)
{
	fl_leave(forking.mask);
}

void fl_fork_child(void)
{
	take_over(forking.self);
	fl_leave(forking.mask);
}

void fl_notice_birth(void)
{
	if (!life->known)
		fl_leave(fl_enter());
}

void fl_at_exit(void)
{
	fl_notice_birth();
	FL_EACH_INSTRUMENT(at_exit);
}

int fl_exit_status(int status)
{
	for (const struct fl_instrument *const *each = fl_instruments; *each; each++)
		if ((*each)->exit_status)
			status = (*each)->exit_status(status);
	return status;
}

/* The last of all handlers, as ours was the first to be registered, destructors of objects included. To exit
 * from within a handler is to go on with another status; the streams are flushed after it. */
static void at_normal_exit(int status, void *data)
{
	int becomes;

	(void)data;
	fl_last_by_call("exit", status);
	fl_at_exit();
	becomes = fl_exit_status(status);
	if (becomes != status)
		exit(becomes);
}

/* The first thread can be joined like any other. */
static void adopt_first(void)
{
	struct fl_thread *thread = fl_threads_adopt();

	if (!thread)
		return;
	thread->pthread = (uintptr_t)pthread_self();
	thread->joinable = true;
}

static void start(void)
{
	struct life *wiped = fl_sys_wiped_in_child(sizeof(*life));

	if (wiped) {
		wiped->known = true;
		life = wiped;
	}
	fl_print_init();
	fl_options_init();
	fl_place_init(fl_options.dir);
	fl_place_label(fl_options.label);
	fl_sys_real_look_up();
	adopt_first();
	FL_EACH_INSTRUMENT(init);
	pthread_atfork(fl_fork_prepare, fl_fork_parent, fl_fork_child);
	on_exit(at_normal_exit, NULL);
	fl_endings_init();
	if (!fl_sys_real_is_interposed())
		fl_print_message("the runtime was loaded after the program's start and does not see its "
				 "threads; start it "
				 "with LD_PRELOAD=libfurlong_rt.so for exact counts");
}

/* The first caller is the only thread that knows of us: our constructor, or one that runs before it. */
void fl_init(void)
{
	static bool started;
	int saved = errno;

	if (started)
		return;
	started = true;
	start();
	errno = saved;
}

__attribute__((constructor(101))) static void at_load(void)
{
	fl_init();
}

__attribute__((destructor(101))) static void at_unload(void)
{
	fl_at_exit();
}
