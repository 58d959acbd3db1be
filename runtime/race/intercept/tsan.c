/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * tsan.c: the functions of <sanitizer/tsan_interface.h>, so that code with annotations for ThreadSanitizer
 * says the same to us. Fibers are in fiber.c, reports in tsan_report.c.
 *
 * What an annotated mutex does inside, between pre and post, is its own business there: accesses are not
 * looked at. Its memory is not ours to ask (FL_LOCK_OTHER).
 */
#include "race/annotate.h"

#include "core/options.h"
#include "race/finding.h"
#include "race/misuse.h"
#include "race/touch.h"

enum {
	TSAN_LINKER_INIT = 1 << 0,
	TSAN_WRITE_REENTRANT = 1 << 1,
	TSAN_READ_REENTRANT = 1 << 2,
	TSAN_READ_LOCK = 1 << 3,
	TSAN_TRY_LOCK = 1 << 4,
	TSAN_TRY_LOCK_FAILED = 1 << 5,
	TSAN_RECURSIVE_LOCK = 1 << 6,
	TSAN_RECURSIVE_UNLOCK = 1 << 7,
};

FL_PUBLIC void __tsan_acquire(void *address)
{
	FL_RACE_INSIDE fl_sync_acquire(address);
}

FL_PUBLIC void __tsan_release(void *address)
{
	FL_RACE_INSIDE fl_sync_release(address);
}

/* ---- mutexes ---- */

static void tsan_quiet(int by)
{
	if (fl_race_self_thread)
		fl_race_self_thread->ignore_reads_and_writes += (uint32_t)by;
}

FL_PUBLIC void __tsan_mutex_create(void *address, unsigned flags)
{
	(void)flags;
	fl_lock_created(address, FL_HERE);
}

FL_PUBLIC void __tsan_mutex_destroy(void *address, unsigned flags)
{
	struct fl_lock_holder holder;

	if (flags & TSAN_LINKER_INIT || !fl_race_self_thread)
		return;
	if (fl_lock_is_mine(address, &holder) || fl_lock_uid(address))
		fl_misuse_destroy(address, FL_HERE);
	fl_lock_destroyed(address, 1);
}

FL_PUBLIC void __tsan_mutex_pre_lock(void *address, unsigned flags)
{
	struct fl_lock_holder holder;
	unsigned reentrant =
		flags & TSAN_READ_LOCK ? TSAN_READ_REENTRANT | TSAN_READ_LOCK : TSAN_WRITE_REENTRANT;

	if (fl_race_self_thread && !(flags & (TSAN_TRY_LOCK | reentrant)) &&
		fl_lock_is_mine(address, &holder))
		fl_misuse_double_lock(address, FL_LOCK_OTHER, FL_HERE);
	tsan_quiet(1);
}

static unsigned tsan_mode(unsigned flags)
{
	return (flags & TSAN_READ_LOCK ? FL_LOCK_READ : FL_LOCK_WRITE) |
	       (flags & TSAN_TRY_LOCK ? FL_LOCK_TRIED : 0);
}

FL_PUBLIC void __tsan_mutex_post_lock(void *address, unsigned flags, int recursion)
{
	int times = flags & TSAN_RECURSIVE_LOCK && recursion > 1 ? recursion : 1;

	tsan_quiet(-1);
	if (flags & TSAN_TRY_LOCK_FAILED)
		return;
	while (times-- > 0)
		fl_lock_taken(address, tsan_mode(flags), FL_HERE);
}

/* How often it was held. */
FL_PUBLIC int __tsan_mutex_pre_unlock(void *address, unsigned flags)
{
	struct fl_lock_holder holder;
	int times = 0;

	if (fl_race_self_thread && fl_lock_is_mine(address, &holder) &&
		!(flags & TSAN_READ_LOCK) != holder.write)
		fl_misuse_bad_mode(address, holder.write, FL_HERE);
	do {
		if (fl_lock_giving(address, FL_HERE))
			times++;
		else if (!times)
			fl_misuse_unlock(address, FL_LOCK_OTHER, FL_HERE);
	} while (flags & TSAN_RECURSIVE_UNLOCK && fl_race_self_thread && fl_lock_is_mine(address, &holder));
	tsan_quiet(1);
	return times;
}

FL_PUBLIC void __tsan_mutex_post_unlock(void *address, unsigned flags)
{
	(void)address;
	(void)flags;
	tsan_quiet(-1);
}

#define TSAN_REGION(name, by)                                                                                \
	FL_PUBLIC void name(void *address, unsigned flags)                                                   \
	{                                                                                                    \
		(void)address;                                                                               \
		(void)flags;                                                                                 \
		tsan_quiet(by);                                                                              \
	}

TSAN_REGION(__tsan_mutex_pre_signal, 1)
TSAN_REGION(__tsan_mutex_post_signal, -1)
TSAN_REGION(__tsan_mutex_pre_divert, -1)
TSAN_REGION(__tsan_mutex_post_divert, 1)

FL_PUBLIC void __tsan_check_no_mutexes_held(void)
{
	fl_misuse_no_lock_here(FL_HERE);
}

/* ---- objects that a library looks after ---- */

/* A tag is as good as its name. */
FL_PUBLIC void *__tsan_external_register_tag(const char *type)
{
	return (void *)(uintptr_t)type;
}

FL_PUBLIC void __tsan_external_register_header(void *tag, const char *header)
{
	(void)tag;
	(void)header;
}

FL_PUBLIC void __tsan_external_assign_tag(void *address, void *tag)
{
	(void)address;
	(void)tag;
}

static void tsan_access(void *address, size_t size, bool write, const void *pc, uint32_t what)
{
	if (size && fl_race_concurrent && fl_race_self_thread &&
		!fl_race_self_thread->ignore_reads_and_writes)
		FL_RACE_INSIDE
	fl_access(address, size, write, what, fl_context_here(pc, NULL, fl_touch_size(size), what));
}

FL_PUBLIC void __tsan_external_read(void *address, void *caller, void *tag)
{
	(void)tag;
	tsan_access(address, 1, false, caller, 0);
}

FL_PUBLIC void __tsan_external_write(void *address, void *caller, void *tag)
{
	(void)tag;
	tsan_access(address, 1, true, caller, 0);
}

/* Code that leaves its accesses out and tells of some by hand, as abseil's mutex does, calls what
 * ThreadSanitizer's pass would. */
#define TSAN_ACCESS(name, bytes, write)                                                                      \
	FL_PUBLIC void name(void *address);                                                                  \
	FL_PUBLIC void name(void *address)                                                                   \
	{                                                                                                    \
		tsan_access(address, bytes, write, FL_HERE, 0);                                              \
	}
#define TSAN_ACCESSES(bytes)                                                                                 \
	TSAN_ACCESS(__tsan_read##bytes, bytes, false)                                                        \
	TSAN_ACCESS(__tsan_write##bytes, bytes, true)
TSAN_ACCESSES(1)
TSAN_ACCESSES(2)
TSAN_ACCESSES(4)
TSAN_ACCESSES(8)
TSAN_ACCESSES(16)

FL_PUBLIC void __tsan_read_range(void *address, unsigned long size);
FL_PUBLIC void __tsan_read_range(void *address, unsigned long size)
{
	tsan_access(address, size, false, FL_HERE, FL_WHAT_RANGE);
}

FL_PUBLIC void __tsan_write_range(void *address, unsigned long size);
FL_PUBLIC void __tsan_write_range(void *address, unsigned long size)
{
	tsan_access(address, size, true, FL_HERE, FL_WHAT_RANGE);
}

/* ---- the rest ---- */

FL_PUBLIC void __tsan_flush_memory(void)
{
}

/* Modules that were told that there is a thread sanitizer call it. */
FL_PUBLIC void __tsan_init(void)
{
}
