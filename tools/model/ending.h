/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * ending.h: where programs were when they ended otherwise than by a return from main. Hangs off struct
 * fl_model.
 */
#ifndef FURLONG_MODEL_ENDING_H
#define FURLONG_MODEL_ENDING_H

#include "model/race.h"

/* A thread that was alive then, and the calls that it was in. */
struct fl_ending_thread {
	uint32_t number;  /* 0: the main thread */
	const char *name; /* "" when it has none of its own */
	struct fl_stack stack;
};

/* Processes that ended in the same way at the same place. */
struct fl_ending {
	const char *cause; /* "signal", "exit", "_exit", "quick_exit" */
	int number;        /* of the signal; the status */
	const char *title; /* "SIGSEGV", "exit(3)" */
	uint32_t processes;
	int32_t pid; /* of the first of them */
	const char *program, *label;
	struct fl_ending_thread
		*threads; /* of the first process; its first thread is the one that ended it */
	size_t thread_count;
};

struct fl_endings {
	struct fl_ending *items; /* by signals first; then the most frequent */
	size_t count;
};

/* A line of the program's own that was being executed then. */
struct fl_ending_mark {
	const char *path; /* as shown */
	uint32_t line;
	uint32_t ending; /* index; the first, where several say the same */
	uint32_t times;  /* processes of all of them */
	enum fl_ending_role {
		FL_ENDED_HERE, /* the innermost of the program's calls in the thread that ended it */
		FL_ENDED_WITHIN,
		FL_ENDED_BESIDE, /* another thread */
	} role;
};

struct fl_ending_marks {
	struct fl_ending_mark *items; /* sorted by path, line, ending; what is said of a line is said once */
	size_t count;
};

void fl_ending_marks_build(struct fl_ending_marks *marks, const struct fl_endings *endings);
void fl_ending_marks_free(struct fl_ending_marks *marks);
/* Those of a file: the first, and how many. */
const struct fl_ending_mark *fl_ending_marks_of(
	const struct fl_ending_marks *marks, const char *path, size_t *count);
/* "ended here: SIGSEGV", "in this call at the end: exit(3)". In the arena. */
const char *fl_ending_says(
	const struct fl_endings *endings, const struct fl_ending_mark *mark, struct fl_arena *arena);
/* "main thread", "thread 4711 'worker'". In the arena. */
const char *fl_ending_thread_title(const struct fl_ending_thread *thread, struct fl_arena *arena);
bool fl_ending_is_by_signal(const struct fl_ending *ending);

#endif
