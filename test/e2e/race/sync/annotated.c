/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * annotated.c: code that says itself what orders it, by the dynamic annotations of valgrind, abseil and folly
 * and by ThreadSanitizer's functions. In the racy twin the second thread speaks of another object.
 */
#include "pairs.h"

#include <sanitizer/tsan_interface.h>
#include <stdint.h>

#define AT __FILE__, __LINE__

void AnnotateHappensBefore(const char *file, int line, const volatile void *at);
void AnnotateHappensAfter(const char *file, int line, const volatile void *at);
void AnnotateCondVarSignal(const char *file, int line, const volatile void *cond);
void AnnotateCondVarWait(const char *file, int line, const volatile void *cond, const volatile void *lock);
void AnnotatePCQPut(const char *file, int line, const volatile void *queue);
void AnnotatePCQGet(const char *file, int line, const volatile void *queue);
void AnnotatePublishMemoryRange(const char *file, int line, const volatile void *at, uintptr_t size);
void AnnotateUnpublishMemoryRange(const char *file, int line, const volatile void *at, uintptr_t size);
void AnnotateRWLockCreate(const char *file, int line, const volatile void *lock);
void AnnotateRWLockAcquired(const char *file, int line, const volatile void *lock, long is_write);
void AnnotateRWLockReleased(const char *file, int line, const volatile void *lock, long is_write);
void AnnotateBenignRaceSized(
	const char *file, int line, const volatile void *at, uintptr_t size, const char *why);
void AnnotateIgnoreReadsBegin(const char *file, int line);
void AnnotateIgnoreReadsEnd(const char *file, int line);
void AnnotateIgnoreWritesBegin(const char *file, int line);
void AnnotateIgnoreWritesEnd(const char *file, int line);
void AnnotateNewMemory(const char *file, int line, const volatile void *at, uintptr_t size);

static long objects[2];
static volatile long seen;

#define SAYS(name, before, after)                                                                            \
	static void name(int o)                                                                              \
	{                                                                                                    \
		(void)o;                                                                                     \
		before;                                                                                      \
		shared++;                                                                                    \
		after;                                                                                       \
	}

SAYS(happens_before, , AnnotateHappensBefore(AT, &objects[o]))
SAYS(happens_after, AnnotateHappensAfter(AT, &objects[o]), )
SAYS(signals, , AnnotateCondVarSignal(AT, &objects[o]))
SAYS(waits, AnnotateCondVarWait(AT, &objects[o], NULL), )
SAYS(puts_in, , AnnotatePCQPut(AT, &objects[o]))
SAYS(gets_out, AnnotatePCQGet(AT, &objects[o]), )
SAYS(publishes, , AnnotatePublishMemoryRange(AT, &objects[o], sizeof(objects[o])))
SAYS(unpublishes, AnnotateUnpublishMemoryRange(AT, &objects[o], sizeof(objects[o])), )
SAYS(locks, AnnotateRWLockAcquired(AT, &objects[o], 1), AnnotateRWLockReleased(AT, &objects[o], 1))
SAYS(calls_benign, AnnotateBenignRaceSized(AT, o ? &objects[o] : &shared, sizeof(shared), "it is"), )
SAYS(ignores, if (!o) AnnotateIgnoreReadsBegin(AT);
	if (!o) AnnotateIgnoreWritesBegin(AT), if (!o) AnnotateIgnoreWritesEnd(AT);
	if (!o) AnnotateIgnoreReadsEnd(AT))
SAYS(makes_new, AnnotateNewMemory(AT, o ? &objects[o] : &shared, sizeof(shared)), )
SAYS(plain, , )
SAYS(releases, , __tsan_release(&objects[o]))
SAYS(acquires, __tsan_acquire(&objects[o]), )
SAYS(locks_by_hand, __tsan_mutex_pre_lock(&objects[o], 0);
	__tsan_mutex_post_lock(&objects[o], 0, 0), __tsan_mutex_pre_unlock(&objects[o], 0);
	__tsan_mutex_post_unlock(&objects[o], 0))

static void reads_locked(int o)
{
	AnnotateRWLockAcquired(AT, &objects[o], 0);
	seen = shared;
	AnnotateRWLockReleased(AT, &objects[o], 0);
}

static const struct pair pairs[] = {
	{"happens_before", happens_before, happens_after, 0},
	{"condition", signals, waits, 0},
	{"queue", puts_in, gets_out, 0},
	{"published_range", publishes, unpublishes, 0},
	{"lock", locks, locks, 0},
	{"lock_to_read", locks, reads_locked, 0},
	{"lock_read_first", reads_locked, locks, 0},
	{"benign", plain, calls_benign, 0},
	{"ignored", plain, ignores, 0},
	{"new_memory", plain, makes_new, 0},
	{"tsan_release", releases, acquires, 0},
	{"tsan_mutex", locks_by_hand, locks_by_hand, 0},
	{0},
};

int main(int argc, char **argv)
{
	AnnotateRWLockCreate(AT, &objects[0]);
	AnnotateRWLockCreate(AT, &objects[1]);
	return pair_run(pairs, argc, argv);
}
