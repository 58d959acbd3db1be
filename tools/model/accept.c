/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * accept.c: see accept.h.
 */
#include "model/accept.h"

#include <inttypes.h>
#include <string.h>

#include "util/map.h"
#include "util/memory.h"

/* ---- weaker names of a race ---------------------------------------------------------------------------- */

typedef const char *part_of(const struct fl_access *access);

static const char *function_of(const struct fl_access *access)
{
	const struct fl_frame *top = fl_race_top(&access->stack);
	return top ? top->function : NULL;
}

static const char *text_of(const struct fl_access *access)
{
	const struct fl_frame *top = fl_race_top(&access->stack);
	return top ? top->text : NULL;
}

static const char *make_key(const struct fl_race *race, part_of *part, struct fl_arena *arena)
{
	const char *parts[2] = {"", ""};
	for (size_t i = 0; i < race->access_count && i < 2; i++) {
		parts[i] = part(&race->accesses[i]);
		if (!parts[i] || !*parts[i])
			return "";
	}
	bool in_order = strcmp(parts[0], parts[1]) <= 0;
	const char *all = fl_arena_format(arena, "%s\n%s\n%s", race->kind, parts[!in_order], parts[in_order]);
	return fl_arena_format(arena, "%016" PRIx64, fl_hash(all, strlen(all)));
}

const char *fl_race_functions_key(const struct fl_race *race, struct fl_arena *arena)
{
	return make_key(race, function_of, arena);
}

const char *fl_race_texts_key(const struct fl_race *race, struct fl_arena *arena)
{
	return make_key(race, text_of, arena);
}

/* ---- which entry means which race ---------------------------------------------------------------------- */

struct matching {
	struct fl_baseline *baseline;
	struct fl_races *races;
	struct fl_accepted **entry_of; /* by race; NULL: none yet */
	struct fl_arena *arena;
};

static void match_exactly(struct matching *matching)
{
	struct fl_map fingerprints;
	fl_map_init(&fingerprints, matching->arena);
	for (size_t i = 0; i < matching->races->race_count; i++) {
		const char *fingerprint = matching->races->races[i].fingerprint;
		fl_map_put(&fingerprints, fingerprint, strlen(fingerprint))->value = i;
	}
	for (size_t i = 0; i < matching->baseline->count; i++) {
		struct fl_accepted *entry = &matching->baseline->entries[i];
		const struct fl_map_entry *found =
			fl_map_get(&fingerprints, entry->fingerprint, strlen(entry->fingerprint));
		if (!found || matching->entry_of[found->value])
			continue;
		entry->race = &matching->races->races[found->value];
		entry->state = FL_ACCEPTED_USED;
		matching->entry_of[found->value] = entry;
	}
	fl_map_free(&fingerprints);
}

/* The only free entry with that key, or NULL. */
static struct fl_accepted *only_entry(struct matching *matching, size_t key_offset, const char *key)
{
	struct fl_accepted *found = NULL;
	for (size_t i = 0; i < matching->baseline->count; i++) {
		struct fl_accepted *entry = &matching->baseline->entries[i];
		const char *its = *(const char *const *)((const char *)entry + key_offset);
		if (entry->race || strcmp(its, key))
			continue;
		if (found)
			return NULL;
		found = entry;
	}
	return found;
}

static void match_by(struct matching *matching, size_t key_offset,
	const char *(*key_of)(const struct fl_race *race, struct fl_arena *arena))
{
	struct fl_races *races = matching->races;
	const char **keys = fl_arena_array(matching->arena, races->race_count, sizeof *keys);
	for (size_t i = 0; i < races->race_count; i++)
		keys[i] = matching->entry_of[i] ? "" : key_of(&races->races[i], matching->arena);
	for (size_t i = 0; i < races->race_count; i++) {
		struct fl_accepted *entry = *keys[i] ? only_entry(matching, key_offset, keys[i]) : NULL;
		size_t same = 0;
		for (size_t j = 0; entry && j < races->race_count; j++)
			same += !strcmp(keys[i], keys[j]);
		if (same != 1)
			continue;
		entry->race = &races->races[i];
		entry->state = FL_ACCEPTED_CHANGED;
		matching->entry_of[i] = entry;
	}
}

/* ---- what follows -------------------------------------------------------------------------------------- */

/* Those that count first, as before. Entries follow their races. */
static void move_behind(struct matching *matching)
{
	struct fl_races *races = matching->races;
	struct fl_race *sorted = fl_arena_array(matching->arena, races->race_count, sizeof *sorted);
	size_t count = 0;
	for (int suppressed = 0; suppressed < 2; suppressed++)
		for (size_t i = 0; i < races->race_count; i++) {
			if ((races->races[i].suppressed_by != NULL) != suppressed)
				continue;
			if (matching->entry_of[i])
				matching->entry_of[i]->race = &sorted[count];
			sorted[count++] = races->races[i];
		}
	races->races = sorted;
	races->suppressed = 0;
	for (size_t i = 0; i < count; i++)
		races->suppressed += sorted[i].suppressed_by != NULL;
}

static void accept(struct fl_accepted *entry, struct fl_race *race, int64_t now, struct fl_arena *arena)
{
	if (entry->expires <= now)
		entry->state = FL_ACCEPTED_EXPIRED;
	else if (!race->suppressed_by)
		race->suppressed_by =
			fl_arena_format(arena, "the baseline%s%s%s%s", *entry->owner ? ", " : "",
				entry->owner, *entry->until ? ", until " : "", entry->until);
}

static void note(const struct fl_baseline *baseline, const struct fl_accepted *entry, struct fl_model *model)
{
	const char *owner = *entry->owner ? entry->owner : "nobody";
	switch (entry->state) {
	case FL_ACCEPTED_USED:
		break;
	case FL_ACCEPTED_UNUSED:
		fl_model_note(model, false, "%s:%u: no race of these data is %.12s (%s): take the line out",
			baseline->path, entry->line, entry->fingerprint, owner);
		break;
	case FL_ACCEPTED_CHANGED:
		fl_model_note(model, false,
			"%s:%u: %.12s was changed and is %.12s now: `furlong races --accept %s` brings it up "
			"to date",
			baseline->path, entry->line, entry->fingerprint, entry->race->fingerprint,
			baseline->path);
		break;
	case FL_ACCEPTED_EXPIRED:
		fl_model_note(model, false, "%s:%u: %.12s was accepted until %s and counts again (%s)",
			baseline->path, entry->line, entry->fingerprint, entry->until, owner);
		break;
	}
}

void fl_baseline_apply(struct fl_baseline *baseline, struct fl_model *model, int64_t now)
{
	struct fl_races *races = &model->races;
	struct matching matching = {baseline, races,
		fl_arena_array(model->arena, races->race_count, sizeof *matching.entry_of), model->arena};
	if (!races->looked)
		return;
	match_exactly(&matching);
	match_by(&matching, offsetof(struct fl_accepted, functions), fl_race_functions_key);
	match_by(&matching, offsetof(struct fl_accepted, texts), fl_race_texts_key);
	for (size_t i = 0; i < races->race_count; i++)
		if (matching.entry_of[i])
			accept(matching.entry_of[i], &races->races[i], now, model->arena);
	move_behind(&matching);
	for (size_t i = 0; i < baseline->count; i++)
		note(baseline, &baseline->entries[i], model);
}
