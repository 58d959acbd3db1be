/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_groups.h: the order in which pages show races: those on the same object together, suppressed ones
 * last.
 */
#ifndef FURLONG_HTML_RACE_GROUPS_H
#define FURLONG_HTML_RACE_GROUPS_H

#include "model/model.h"

struct fl_race_group {
	const char *object;    /* what they have in common; NULL: one race, of which nothing is known */
	uint32_t first, count; /* in `order` */
};

struct fl_race_groups {
	uint32_t *order;              /* indices of races */
	uint32_t *rank;               /* by the race's index: where it stands in `order` */
	struct fl_race_group *groups; /* suppressed races are in groups of their own */
	size_t count, open;           /* `open`: how many groups are not of suppressed races */
	struct fl_arena *arena;
};

void fl_race_groups_build(struct fl_race_groups *groups, const struct fl_races *races);
void fl_race_groups_free(struct fl_race_groups *groups);
/* The group that a race is in. */
const struct fl_race_group *fl_race_groups_of(const struct fl_race_groups *groups, uint32_t race);

#endif
