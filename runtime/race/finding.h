/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * finding.h: a report of anything but a race. One form for all kinds: a sentence, and stacks with a title
 * each; docs/races.md lists the kinds.
 *
 *   if (fl_finding_begin(&finding, "mutex-bad-unlock", fl_context_here(pc, NULL, 0, 0))) {
 *           fl_finding_say(&finding, "...");
 *           fl_finding_step(&finding, context, thread, "Unlocked here by %s", who);
 *           fl_finding_report(&finding);
 *   }
 *
 * All in the thread that found it, inside the runtime, with no lock of the runtime held.
 */
#ifndef FL_RACE_FINDING_H
#define FL_RACE_FINDING_H

#include "race/report.h"

#define FL_FINDING_STEPS 128
#define FL_FINDING_LOCKS 64

struct fl_finding_step {
	uint32_t context; /* 0: no stack is known */
	uint32_t thread;  /* uid */
	uint32_t title;   /* where in `titles` */
};

struct fl_finding {
	const char *kind;
	uint64_t key;
	uintptr_t address; /* of the memory that it is about; 0: none */
	struct fl_report_out says, titles;
	struct fl_finding_step steps[FL_FINDING_STEPS];
	size_t step_count;
	uint32_t locks[FL_FINDING_LOCKS]; /* uids of those whose creation is worth telling */
	size_t lock_count;
	uint32_t threads[FL_FINDING_LOCKS]; /* those that are in no step, likewise */
	size_t thread_count;
	struct fl_report_known *known;
	bool awaited; /* whether it is suppressed must be known before the program goes on */
};

/* False: it was reported already, or such reports are not wanted. `context` tells repetitions apart, by its
 * place in the code. */
bool fl_finding_begin(struct fl_finding *finding, const char *kind, uint32_t context);
/* The same for what is made of several places: their hash. */
bool fl_finding_begin_of(struct fl_finding *finding, const char *kind, uint64_t hash);
uint64_t fl_finding_hash(uint64_t hash, uint32_t context);
/* More of the sentence. */
void fl_finding_say(struct fl_finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void fl_finding_step(struct fl_finding *finding, uint32_t context, uint32_t thread, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void fl_finding_lock(struct fl_finding *finding, uint32_t uid);
void fl_finding_thread(struct fl_finding *finding, uint32_t uid);
/* And gives its memory back. False: it is known to be suppressed. */
bool fl_finding_report(struct fl_finding *finding);

/* "thread T2", "main thread": a number and what stands before it. */
struct fl_who {
	char text[32];
};
struct fl_who fl_who(uint32_t uid);

#endif
