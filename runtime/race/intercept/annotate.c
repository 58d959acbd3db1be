/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * annotate.c: the "dynamic annotations" (Annotate* with file and line in front), as valgrind, abseil, folly
 * and others declare them, and WebKit's names for three of them. Those that speak to other tools alone do
 * nothing.
 */
#include "race/annotate.h"
#include "race/misuse.h"

#define ANNOTATE_AT        const char *file, int line
#define ANNOTATE_UNUSED_AT ((void)file, (void)line)

/* What is noted is the place of the call; a macro has it at the place that it speaks of. */
#define ANNOTATE(name, parameters, body)                                                                     \
	FL_PUBLIC void name parameters;                                                                      \
	FL_PUBLIC void name parameters                                                                       \
	{                                                                                                    \
		ANNOTATE_UNUSED_AT;                                                                          \
		body                                                                                         \
	}

static void annotate_quiet(int by)
{
	if (fl_race_self_thread)
		fl_race_self_thread->ignore_reads_and_writes += (uint32_t)by;
}

/* ---- order ---- */

static void annotate_release(const volatile void *address)
{
	FL_RACE_INSIDE fl_sync_release(address);
}

static void annotate_acquire(const volatile void *address)
{
	FL_RACE_INSIDE fl_sync_acquire(address);
}

ANNOTATE(AnnotateHappensBefore, (ANNOTATE_AT, const volatile void *address), annotate_release(address);)
ANNOTATE(AnnotateHappensAfter, (ANNOTATE_AT, const volatile void *address), annotate_acquire(address);)
ANNOTATE(WTFAnnotateHappensBefore, (ANNOTATE_AT, const volatile void *address), annotate_release(address);)
ANNOTATE(WTFAnnotateHappensAfter, (ANNOTATE_AT, const volatile void *address), annotate_acquire(address);)
ANNOTATE(AnnotateCondVarSignal, (ANNOTATE_AT, const volatile void *cond), annotate_release(cond);)
ANNOTATE(AnnotateCondVarSignalAll, (ANNOTATE_AT, const volatile void *cond), annotate_release(cond);)
ANNOTATE(AnnotateCondVarWait, (ANNOTATE_AT, const volatile void *cond, const volatile void *lock), (void)lock;
	 annotate_acquire(cond);)
ANNOTATE(AnnotatePCQCreate, (ANNOTATE_AT, const volatile void *queue), (void)queue;)
ANNOTATE(AnnotatePCQDestroy, (ANNOTATE_AT, const volatile void *queue),
	 FL_RACE_INSIDE fl_sync_forget(queue, 1);)
ANNOTATE(AnnotatePCQPut, (ANNOTATE_AT, const volatile void *queue), annotate_release(queue);)
ANNOTATE(AnnotatePCQGet, (ANNOTATE_AT, const volatile void *queue), annotate_acquire(queue);)
ANNOTATE(AnnotatePublishMemoryRange, (ANNOTATE_AT, const volatile void *at, uintptr_t size), (void)size;
	 annotate_release(at);)
ANNOTATE(AnnotateUnpublishMemoryRange, (ANNOTATE_AT, const volatile void *at, uintptr_t size), (void)size;
	 annotate_acquire(at);)

/* ---- locks ---- */

ANNOTATE(AnnotateRWLockCreate, (ANNOTATE_AT, const volatile void *lock), fl_lock_created(lock, FL_HERE);)
ANNOTATE(
	AnnotateRWLockCreateStatic, (ANNOTATE_AT, const volatile void *lock), fl_lock_created(lock, FL_HERE);)
ANNOTATE(AnnotateRWLockDestroy, (ANNOTATE_AT, const volatile void *lock),
	 if (fl_lock_uid(lock)) fl_misuse_destroy(lock, FL_HERE);
	 fl_lock_destroyed(lock, 1);)
ANNOTATE(AnnotateRWLockAcquired, (ANNOTATE_AT, const volatile void *lock, long is_write),
	 fl_lock_taken(lock, is_write ? FL_LOCK_WRITE : FL_LOCK_READ, FL_HERE);)
ANNOTATE(AnnotateRWLockReleased, (ANNOTATE_AT, const volatile void *lock, long is_write), (void)is_write;
	 if (!fl_lock_giving(lock, FL_HERE)) fl_misuse_unlock(lock, FL_LOCK_OTHER, FL_HERE);)

/* ---- what is not looked at ---- */

ANNOTATE(AnnotateIgnoreReadsBegin, (ANNOTATE_AT), annotate_quiet(1);)
ANNOTATE(AnnotateIgnoreReadsEnd, (ANNOTATE_AT), annotate_quiet(-1);)
ANNOTATE(AnnotateIgnoreWritesBegin, (ANNOTATE_AT), annotate_quiet(1);)
ANNOTATE(AnnotateIgnoreWritesEnd, (ANNOTATE_AT), annotate_quiet(-1);)
ANNOTATE(AnnotateIgnoreSyncBegin, (ANNOTATE_AT), (void)0;)
ANNOTATE(AnnotateIgnoreSyncEnd, (ANNOTATE_AT), (void)0;)
ANNOTATE(AnnotateEnableRaceDetection, (ANNOTATE_AT, int enable), annotate_quiet(enable ? -1 : 1);)
ANNOTATE(AnnotateBenignRace, (ANNOTATE_AT, const volatile void *at, const char *why), (void)why;
	 fl_benign_add((uintptr_t)at, 8);)
ANNOTATE(AnnotateBenignRaceSized, (ANNOTATE_AT, const volatile void *at, uintptr_t size, const char *why),
	 (void)why;
	 fl_benign_add((uintptr_t)at, size);)
ANNOTATE(WTFAnnotateBenignRaceSized, (ANNOTATE_AT, const volatile void *at, uintptr_t size, const char *why),
	 (void)why;
	 fl_benign_add((uintptr_t)at, size);)
ANNOTATE(AnnotateExpectRace, (ANNOTATE_AT, const volatile void *at, const char *why), (void)why;
	 fl_benign_add((uintptr_t)at, 8);)
ANNOTATE(AnnotateNewMemory, (ANNOTATE_AT, const volatile void *at, uintptr_t size),
	 if (fl_race_concurrent) FL_RACE_INSIDE fl_shadow_reset(at, size);)
ANNOTATE(AnnotateThreadName, (ANNOTATE_AT, const char *name), FL_RACE_INSIDE fl_race_person_name(name);)

/* ---- to others ---- */

ANNOTATE(AnnotateMutexIsUsedAsCondVar, (ANNOTATE_AT, const volatile void *lock), (void)lock;)
ANNOTATE(AnnotateMutexIsNotPHB, (ANNOTATE_AT, const volatile void *lock), (void)lock;)
ANNOTATE(AnnotateTraceMemory, (ANNOTATE_AT, const volatile void *at), (void)at;)
ANNOTATE(AnnotateFlushState, (ANNOTATE_AT), (void)0;)
ANNOTATE(AnnotateFlushExpectedRaces, (ANNOTATE_AT), (void)0;)
ANNOTATE(AnnotateNoOp, (ANNOTATE_AT, const volatile void *argument), (void)argument;)
ANNOTATE(AnnotateMemoryIsInitialized, (ANNOTATE_AT, const volatile void *at, uintptr_t size), (void)at;
	 (void)size;)
ANNOTATE(AnnotateMemoryIsUninitialized, (ANNOTATE_AT, const volatile void *at, uintptr_t size), (void)at;
	 (void)size;)

int RunningOnValgrind(void);
FL_PUBLIC int RunningOnValgrind(void)
{
	return 0;
}
