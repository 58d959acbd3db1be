/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * handler.c: handler.h.
 */
#include "race/handler.h"

#include "race/finding.h"
#include "race/heap.h"

__thread uint32_t fl_handler_depth, fl_handler_sending;

void fl_handler_unsafe(const void *pc, const void *caller)
{
	struct fl_finding finding;
	uint32_t context, self;

	if (!fl_caller_counts(caller))
		return;
	FL_RACE_INSIDE
	{
		context = fl_context_of_step(pc, caller);
		self = fl_race_self_thread->person->uid;
		if (fl_finding_begin(&finding, "signal-unsafe-call", context)) {
			fl_finding_step(&finding, context, self, "Called here by %s", fl_who(self).text);
			fl_finding_report(&finding);
		}
	}
}

void fl_handler_spoiled(int signal, const void *handler, int before, int after)
{
	struct fl_finding finding;
	uint32_t context, self;

	/* Of a frame only the place before the return address counts: into the handler's first instruction.
	 */
	FL_RACE_INSIDE
	{
		context = fl_context_of_step((const char *)handler + 1, NULL);
		self = fl_race_self_thread->person->uid;
		if (fl_finding_begin(&finding, "errno-in-signal-handler", context)) {
			fl_finding_say(&finding, "The handler of signal %d found errno %d and left %d",
				signal, before, after);
			fl_finding_step(&finding, context, self, "The handler, in %s", fl_who(self).text);
			fl_finding_report(&finding);
		}
	}
}
