/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * cuts.c: cuts.h. The last few are kept, in the order in which they came; of the time before these every
 * epoch counts as cut off.
 */
#include "race/cuts.h"

static void cuts_remove(struct fl_race_thread *self, uint32_t at)
{
	self->cut_count--;
	for (; at < self->cut_count; at++)
		self->cuts[at] = self->cuts[at + 1];
}

void fl_cuts_add(struct fl_race_thread *self, uint32_t clock, const void *where)
{
	const struct fl_race_cut *last = self->cut_count ? &self->cuts[self->cut_count - 1] : NULL;

	if (last && last->clock == clock && last->where == where)
		return;
	if (self->cut_count == FL_CUTS) {
		self->cuts_known_from = self->cuts[0].clock + 1;
		cuts_remove(self, 0);
	}
	self->cuts[self->cut_count++] = (struct fl_race_cut){clock, where};
}

void fl_cuts_taken(struct fl_race_thread *self, const void *where, bool unseen)
{
	for (uint32_t i = 0; i < self->cut_count;) {
		if (self->cuts[i].where == where && unseen) {
			cuts_remove(self, i);
			continue;
		}
		if (self->cuts[i].where == where)
			self->cuts[i].where = NULL;
		i++;
	}
}

void fl_cuts_begin(struct fl_race_thread *self, uint32_t clock)
{
	self->cut_count = 0;
	self->cuts_known_from = clock;
}
