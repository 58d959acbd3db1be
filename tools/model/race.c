/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race.c: what can be said of a race without looking at anything but itself.
 */
#include "model/race.h"

#include <stdlib.h>
#include <string.h>

#include "util/md5.h"
#include "util/memory.h"

const struct fl_frame *fl_race_top(const struct fl_stack *stack)
{
	for (size_t i = 0; i < stack->count; i++)
		if (stack->frames[i].file && !stack->frames[i].system)
			return &stack->frames[i];
	for (size_t i = 0; i < stack->count; i++)
		if (stack->frames[i].file)
			return &stack->frames[i];
	return NULL;
}

const char *fl_race_thread_name(uint32_t number, struct fl_arena *arena)
{
	return number ? fl_arena_format(arena, "T%u", number) : "main thread";
}

/* An access as it looks in any run and any build of nearly the same source. */
static const char *describe(const struct fl_access *access, struct fl_arena *arena)
{
	const struct fl_frame *top = fl_race_top(&access->stack);
	const struct fl_frame *first = access->stack.count ? &access->stack.frames[0] : NULL;
	const char *slash = top && top->file ? strrchr(top->file, '/') : NULL;
	const char *file = slash ? slash + 1 : top && top->file ? top->file : "";

	return fl_arena_format(arena, "%s\n%d\n%s\n%s\n%s\n%s\n", access->op, access->atomic,
		first && first->function ? first->function : "", top && top->function ? top->function : "",
		file, top && top->text ? top->text : "");
}

static int compare_texts(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* In whatever order they happened. */
static const char *describe_all(const struct fl_race *race, struct fl_arena *arena)
{
	const char **texts = fl_arena_array(arena, race->access_count + 1, sizeof *texts);
	const char *all = fl_arena_format(arena, "%s\n", race->kind);
	for (size_t i = 0; i < race->access_count; i++)
		texts[i] = describe(&race->accesses[i], arena);
	if (race->access_count)
		qsort(texts, race->access_count, sizeof *texts, compare_texts);
	for (size_t i = 0; i < race->access_count; i++)
		all = fl_arena_format(arena, "%s%s", all, texts[i]);
	return all;
}

const char *fl_race_fingerprint(const struct fl_race *race, struct fl_arena *arena)
{
	static const char digits[] = "0123456789abcdef";
	const char *all = describe_all(race, arena);
	unsigned char digest[16];
	char *text = fl_arena_alloc(arena, 33);

	fl_md5(all, strlen(all), digest);
	for (size_t i = 0; i < sizeof digest; i++) {
		text[2 * i] = digits[digest[i] >> 4];
		text[2 * i + 1] = digits[digest[i] & 15];
	}
	return text;
}

/* The words of a kind: TSan's, so that its readers read ours. */
static const struct kind {
	const char *kind, *title, *suppression;
	bool own; /* TSan has no such kind */
} kinds[] = {
	{"data-race", "data race", "race", false},
	{"data-race-vptr", "data race on vptr (ctor/dtor vs virtual call)", "race", false},
	{"heap-use-after-free", "heap-use-after-free", "race", false},
	{"heap-use-after-free-vptr", "heap-use-after-free (virtual call vs free)", "race", false},
	{"external-race", "race on external object", "race", false},
	{"thread-leak", "thread leak", "thread", false},
	{"locked-mutex-destroy", "destroy of a locked mutex", "mutex", false},
	{"mutex-double-lock", "double lock of a mutex", "mutex", false},
	{"mutex-invalid-access", "use of an invalid mutex (e.g. uninitialized or destroyed)", "mutex", false},
	{"mutex-bad-unlock", "unlock of an unlocked mutex (or by a wrong thread)", "mutex", false},
	{"mutex-bad-read-lock", "read lock of a write locked mutex", "mutex", false},
	{"mutex-bad-read-unlock", "read unlock of a write locked mutex", "mutex", false},
	{"mutex-held-in-wrong-context", "mutex held in the wrong context", "mutex", false},
	{"signal-unsafe-call", "signal-unsafe call inside of a signal", "signal", false},
	{"errno-in-signal-handler", "signal handler spoils errno", "signal", false},
	{"lock-order-inversion", "lock-order-inversion (potential deadlock)", "deadlock", false},
	{"deadlock", "deadlock", "deadlock", true},
	{"mutex-reinit", "initialization of a locked mutex", "mutex", true},
	{"mutex-held-at-thread-end", "end of a thread that holds a mutex", "mutex", true},
	{"mutex-held-too-long", "mutex held for too long", "mutex", true},
	{"cond-wrong-mutex", "wait on a condition variable with a wrong mutex", "mutex", true},
	{"cond-in-use", "destroy or initialization of a condition variable that is waited on", "mutex", true},
	{"cond-invalid-access", "use of a destroyed condition variable", "mutex", true},
	{"barrier-in-use", "destroy or initialization of a barrier that is waited on", "mutex", true},
	{"barrier-invalid-access", "use of a destroyed barrier", "mutex", true},
	{"semaphore-in-use", "destroy or initialization of a semaphore that is waited on", "mutex", true},
	{"semaphore-invalid-access", "use of a destroyed semaphore", "mutex", true},
	{"thread-bad-join", "join or detach of a thread that was joined or detached", "thread", true},
	{"pthread-call-failed", "a thread function failed", "thread", true},
};

static const struct kind *kind_of(const char *name)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(kinds[i].kind, name))
			return &kinds[i];
	return NULL;
}

const char *fl_race_title(const char *kind)
{
	const struct kind *known = kind_of(kind);
	return known ? known->title : kind;
}

const char *fl_race_suppression_type(const char *kind)
{
	const struct kind *known = kind_of(kind);
	return known ? known->suppression : "race";
}

bool fl_race_is_kind_of_tsan(const char *kind)
{
	const struct kind *known = kind_of(kind);
	return known && !known->own;
}
