/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * race_groups.c: see race_groups.h. A group stands where its first race would stand alone.
 */
#include "race_groups.h"

#include <stdlib.h>
#include <string.h>

#include "util/map.h"
#include "util/memory.h"

struct member {
	uint32_t race, group;
};

static int compare_members(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	return a->race < b->race ? -1 : a->race > b->race;
}

/* Gives each race the number of its group, new ones in the order of the races. */
static void assign(struct fl_race_groups *groups, const struct fl_races *races, struct member *members)
{
	struct fl_map known;
	size_t capacity = 0;
	fl_map_init(&known, groups->arena);
	for (uint32_t i = 0; i < races->race_count; i++) {
		const struct fl_race *race = &races->races[i];
		const char *object = fl_race_object(race, groups->arena);
		const char *key = fl_arena_format(groups->arena, "%d %s", race->suppressed_by != NULL,
			object ? object : race->fingerprint);
		struct fl_map_entry *entry = fl_map_put(&known, key, strlen(key));
		if (entry->value == SIZE_MAX) {
			entry->value = groups->count;
			groups->open += !race->suppressed_by;
			*FL_PUSH(groups->groups, groups->count, capacity) =
				(struct fl_race_group){.object = object};
		}
		groups->groups[entry->value].count++;
		members[i] = (struct member){i, (uint32_t)entry->value};
	}
	fl_map_free(&known);
}

void fl_race_groups_build(struct fl_race_groups *groups, const struct fl_races *races)
{
	*groups = (struct fl_race_groups){.arena = fl_arena_new()};
	struct member *members = fl_resize(NULL, races->race_count + 1, sizeof *members);
	groups->order = fl_resize(NULL, races->race_count + 1, sizeof *groups->order);
	groups->rank = fl_resize(NULL, races->race_count + 1, sizeof *groups->rank);
	assign(groups, races, members);
	if (races->race_count)
		qsort(members, races->race_count, sizeof *members, compare_members);
	for (uint32_t i = 0; i < races->race_count; i++) {
		groups->order[i] = members[i].race;
		groups->rank[members[i].race] = i;
		if (!i || members[i].group != members[i - 1].group)
			groups->groups[members[i].group].first = i;
	}
	free(members);
}

void fl_race_groups_free(struct fl_race_groups *groups)
{
	free(groups->order);
	free(groups->rank);
	free(groups->groups);
	fl_arena_free(groups->arena);
}

const struct fl_race_group *fl_race_groups_of(const struct fl_race_groups *groups, uint32_t race)
{
	size_t low = 0, high = groups->count;
	while (low + 1 < high) {
		size_t middle = low + (high - low) / 2;
		if (groups->groups[middle].first <= groups->rank[race])
			low = middle;
		else
			high = middle;
	}
	return &groups->groups[low];
}
