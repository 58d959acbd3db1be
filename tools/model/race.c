/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race.c: what can be said of a race without looking at anything but itself.
 */
#include "model/race.h"

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

const char *fl_race_fingerprint(const struct fl_race *race, struct fl_arena *arena)
{
	static const char digits[] = "0123456789abcdef";
	const char *first = race->access_count > 0 ? describe(&race->accesses[0], arena) : "";
	const char *second = race->access_count > 1 ? describe(&race->accesses[1], arena) : "";
	bool in_order = strcmp(first, second) <= 0;
	const char *all = fl_arena_format(
		arena, "%s\n%s%s", race->kind, in_order ? first : second, in_order ? second : first);
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
static const struct {
	const char *kind, *title, *suppression;
} kinds[] = {
	{"data-race", "data race", "race"},
	{"data-race-vptr", "data race on vptr (ctor/dtor vs virtual call)", "race"},
	{"heap-use-after-free", "heap-use-after-free", "race"},
	{"heap-use-after-free-vptr", "heap-use-after-free (virtual call vs free)", "race"},
	{"external-race", "race on external object", "race"},
	{"thread-leak", "thread leak", "thread"},
	{"mutex-destroy-locked", "destroy of a locked mutex", "mutex"},
	{"mutex-double-lock", "double lock of a mutex", "mutex"},
	{"mutex-invalid-access", "use of an invalid mutex (e.g. uninitialized or destroyed)", "mutex"},
	{"mutex-bad-unlock", "unlock of an unlocked mutex (or by a wrong thread)", "mutex"},
	{"mutex-bad-read-lock", "read lock of a write locked mutex", "mutex"},
	{"mutex-bad-read-unlock", "read unlock of a write locked mutex", "mutex"},
	{"signal-unsafe-call", "signal-unsafe call inside of a signal", "signal"},
	{"errno-in-signal-handler", "signal handler spoils errno", "signal"},
	{"lock-order-inversion", "lock-order-inversion (potential deadlock)", "deadlock"},
};

const char *fl_race_title(const char *kind)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(kinds[i].kind, kind))
			return kinds[i].title;
	return kind;
}

const char *fl_race_suppression_type(const char *kind)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(kinds[i].kind, kind))
			return kinds[i].suppression;
	return "race";
}
