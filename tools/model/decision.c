/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * decision.c: see decision.h. No table of all vectors is ever made: each question is a walk over the
 * conditions, which stand in the order of their evaluation.
 */
#include "model/decision.h"

#include <stdlib.h>

#include "util/memory.h"

enum { NEVER = 1000 }; /* more than any path is long */

static uint64_t bit(uint32_t condition)
{
	return (uint64_t)1 << condition;
}

static bool ends(uint32_t place)
{
	return place < FL_DECISION_ENDS;
}

static uint32_t after(const struct fl_decision *decision, uint32_t condition, bool value)
{
	return decision->conditions[condition].next[value];
}

bool fl_decision_valid(const struct raw_condition *conditions, size_t count)
{
	if (!count || count > FL_CONDITIONS_MAX)
		return false;
	for (size_t i = 0; i < count; i++)
		for (int value = 0; value < 2; value++) {
			uint32_t next = conditions[i].next[value];
			if (!ends(next) && (next - FL_DECISION_ENDS <= i || next - FL_DECISION_ENDS >= count))
				return false;
		}
	return true;
}

/* Paths on from each place; ends have one. */
static void count_paths(const struct fl_decision *decision, uint64_t *paths)
{
	paths[0] = paths[1] = 1;
	for (uint32_t i = decision->condition_count; i-- > 0;)
		if (__builtin_add_overflow(paths[after(decision, i, false)], paths[after(decision, i, true)],
			    &paths[FL_DECISION_ENDS + i]))
			paths[FL_DECISION_ENDS + i] = UINT64_MAX;
}

uint64_t fl_decision_paths(const struct fl_decision *decision)
{
	uint64_t paths[FL_CONDITIONS_MAX + FL_DECISION_ENDS];
	count_paths(decision, paths);
	return paths[FL_DECISION_ENDS];
}

struct fl_vector fl_decision_vector(const struct fl_decision *decision, uint64_t path)
{
	uint64_t paths[FL_CONDITIONS_MAX + FL_DECISION_ENDS];
	struct fl_vector vector = {0};
	uint32_t place = FL_DECISION_ENDS;
	count_paths(decision, paths);
	while (!ends(place)) {
		uint32_t condition = place - FL_DECISION_ENDS;
		uint64_t through_true = paths[after(decision, condition, true)];
		bool value = path < through_true;
		vector.evaluated |= bit(condition);
		vector.values |= value ? bit(condition) : 0;
		path -= value ? 0 : through_true;
		place = after(decision, condition, value);
	}
	vector.outcome = place;
	return vector;
}

static bool may_be(const struct fl_vector *vector, uint32_t condition, bool value)
{
	return !(vector->evaluated & bit(condition)) || !(vector->values & bit(condition)) == !value;
}

/* The shortest evaluation that differs from `like` in one condition, in the decision, and in nothing else
 * that both evaluate. False: there is none, because the condition is masked. */
static bool turn(const struct fl_decision *decision, const struct fl_vector *like, uint32_t condition,
	struct fl_vector *turned)
{
	unsigned length[FL_CONDITIONS_MAX + FL_DECISION_ENDS];
	length[like->outcome] = NEVER;
	length[!like->outcome] = 0;
	for (uint32_t i = decision->condition_count; i-- > condition + 1;) {
		length[FL_DECISION_ENDS + i] = NEVER;
		for (int value = 0; value < 2; value++) {
			unsigned its = length[after(decision, i, value)] + 1;
			if (may_be(like, i, value) && its < length[FL_DECISION_ENDS + i])
				length[FL_DECISION_ENDS + i] = its;
		}
	}
	uint64_t before = bit(condition) - 1;
	bool was = like->values & bit(condition);
	uint32_t place = after(decision, condition, !was);
	if (length[place] >= NEVER)
		return false;
	*turned = (struct fl_vector){.values = (like->values & before) | (was ? 0 : bit(condition)),
		.evaluated = (like->evaluated & before) | bit(condition),
		.outcome = !like->outcome};
	while (!ends(place)) {
		uint32_t i = place - FL_DECISION_ENDS;
		bool value = !may_be(like, i, false) ||
			     (may_be(like, i, true) &&
				     length[after(decision, i, true)] <= length[after(decision, i, false)]);
		turned->evaluated |= bit(i);
		turned->values |= value ? bit(i) : 0;
		place = after(decision, i, value);
	}
	return true;
}

static bool is_pair(const struct fl_vector *a, const struct fl_vector *b, uint64_t *differs)
{
	*differs = (a->values ^ b->values) & a->evaluated & b->evaluated;
	return a->outcome != b->outcome && *differs && !(*differs & (*differs - 1));
}

/* What is known of a decision so far. */
struct state {
	enum fl_criterion criterion;
	const struct fl_decision *decision;
	struct fl_vector *vectors;
	size_t count;
	uint64_t turned[2]; /* masking: conditions that alone would have turned the decision, by value */
	uint64_t shown;
};

/* Another vector is known; those before `count` are judged. */
static void learn(struct state *state, const struct fl_vector *vector)
{
	uint64_t differs, all = ~(uint64_t)0 >> (FL_CONDITIONS_MAX - state->decision->condition_count);
	struct fl_vector turned;
	if (state->criterion == FL_UNIQUE_CAUSE) {
		for (size_t i = 0; i < state->count && state->shown != all; i++)
			if (is_pair(&state->vectors[i], vector, &differs))
				state->shown |= differs;
	} else {
		for (uint32_t i = 0; i < state->decision->condition_count && state->shown != all; i++)
			if (vector->evaluated & bit(i) && turn(state->decision, vector, i, &turned))
				state->turned[(vector->values & bit(i)) != 0] |= bit(i);
		state->shown = state->turned[0] & state->turned[1];
	}
	state->vectors[state->count++] = *vector;
}

/* Two evaluations from a condition on, as far as they are known to go separate ways: they must end
 * differently, and never come to the same condition. */
struct pair_search {
	const struct fl_decision *decision;
	uint16_t length[FL_CONDITIONS_MAX + FL_DECISION_ENDS][FL_CONDITIONS_MAX + FL_DECISION_ENDS];
};

/* Of two places, the one that is evaluated first. */
static bool goes_on(uint32_t a, uint32_t b)
{
	return !ends(a) && (ends(b) || a < b);
}

static void search_pairs(struct pair_search *search)
{
	uint32_t places = search->decision->condition_count + FL_DECISION_ENDS;
	for (uint32_t a = places; a-- > 0;)
		for (uint32_t b = places; b-- > 0;)
			search->length[a][b] = ends(a) && ends(b) && a != b ? 0 : NEVER;
	for (uint32_t lower = places; lower-- > FL_DECISION_ENDS;)
		for (uint32_t other = 0; other < places; other++) {
			if (!goes_on(lower, other) || lower == other)
				continue;
			uint16_t *there = &search->length[lower][other];
			for (int value = 0; value < 2; value++) {
				uint32_t next = after(search->decision, lower - FL_DECISION_ENDS, value);
				if (search->length[next][other] + 1 < *there)
					*there = (uint16_t)(search->length[next][other] + 1);
			}
			search->length[other][lower] = *there;
		}
}

/* The shortest way to a condition, in `vector`. */
static bool lead_to(const struct fl_decision *decision, uint32_t condition, struct fl_vector *vector)
{
	unsigned length[FL_CONDITIONS_MAX + FL_DECISION_ENDS];
	for (uint32_t i = 0; i < FL_CONDITIONS_MAX + FL_DECISION_ENDS; i++)
		length[i] = NEVER;
	length[FL_DECISION_ENDS + condition] = 0;
	for (uint32_t i = condition; i-- > 0;)
		for (int value = 0; value < 2; value++)
			if (length[after(decision, i, value)] + 1 < length[FL_DECISION_ENDS + i])
				length[FL_DECISION_ENDS + i] = length[after(decision, i, value)] + 1;
	*vector = (struct fl_vector){0};
	for (uint32_t place = FL_DECISION_ENDS; place != FL_DECISION_ENDS + condition;) {
		uint32_t i = place - FL_DECISION_ENDS;
		if (length[place] >= NEVER)
			return false;
		bool value = length[after(decision, i, true)] <= length[after(decision, i, false)];
		vector->evaluated |= bit(i);
		vector->values |= value ? bit(i) : 0;
		place = after(decision, i, value);
	}
	return true;
}

/* Two evaluations that show a condition by themselves. */
static bool make_pair(const struct fl_decision *decision, uint32_t condition, struct fl_vector *first,
	struct fl_vector *second)
{
	static _Thread_local struct pair_search search;
	struct fl_vector *vectors[2] = {second, first}; /* by the condition's value */
	uint32_t places[2];
	search.decision = decision;
	search_pairs(&search);
	if (!lead_to(decision, condition, first))
		return false;
	*second = *first;
	for (int value = 0; value < 2; value++) {
		vectors[value]->evaluated |= bit(condition);
		vectors[value]->values |= value ? bit(condition) : 0;
		places[value] = after(decision, condition, value);
	}
	while (!ends(places[0]) || !ends(places[1])) {
		int which = goes_on(places[1], places[0]);
		uint32_t i = places[which] - FL_DECISION_ENDS;
		if (places[0] == places[1] || search.length[places[0]][places[1]] >= NEVER)
			return false;
		bool value = search.length[after(decision, i, true)][places[!which]] <=
			     search.length[after(decision, i, false)][places[!which]];
		vectors[which]->evaluated |= bit(i);
		vectors[which]->values |= value ? bit(i) : 0;
		places[which] = after(decision, i, value);
	}
	first->outcome = places[1];
	second->outcome = places[0];
	return first->outcome != second->outcome;
}

static void suggest(struct state *state, const struct fl_vector *vector, struct fl_suggestions *into)
{
	uint64_t before = state->shown;
	learn(state, vector);
	into->items[into->count++] = (struct fl_suggestion){*vector, state->shown & ~before};
}

/* One more evaluation will do if the condition would have turned the decision in one that was. */
static void suggest_for(struct state *state, uint32_t condition, struct fl_suggestions *into)
{
	struct fl_vector first, second;
	for (size_t i = 0; i < state->count; i++) {
		const struct fl_vector *like = &state->vectors[i];
		if (!(like->evaluated & bit(condition)) || !turn(state->decision, like, condition, &first))
			continue;
		suggest(state, &first, into);
		return;
	}
	if (!make_pair(state->decision, condition, &first, &second))
		return;
	suggest(state, &first, into);
	suggest(state, &second, into);
}

void fl_decision_judge(struct fl_decision *decision, struct fl_arena *arena)
{
	size_t most = 2 * (size_t)decision->condition_count;
	struct fl_vector *known = fl_resize(NULL, decision->vector_count + most, sizeof *known);
	for (int criterion = 0; criterion < FL_CRITERIA; criterion++) {
		struct fl_suggestions *into = &decision->missing[criterion];
		struct state state = {.criterion = criterion, .decision = decision, .vectors = known};
		for (size_t i = 0; i < decision->vector_count; i++)
			learn(&state, &decision->vectors[i]);
		decision->shown[criterion] = state.shown;
		if (fl_decision_shown(decision, criterion) == decision->condition_count)
			continue;
		into->items = fl_arena_array(arena, most, sizeof *into->items);
		for (uint32_t i = 0; i < decision->condition_count; i++)
			if (!(state.shown & bit(i)))
				suggest_for(&state, i, into);
	}
	free(known);
}

uint32_t fl_decision_shown(const struct fl_decision *decision, enum fl_criterion criterion)
{
	return (uint32_t)__builtin_popcountll(decision->shown[criterion]);
}

uint64_t fl_decision_turned(const struct fl_decision *decision, uint32_t condition, bool value)
{
	uint64_t times = 0;
	struct fl_vector turned;
	for (size_t i = 0; i < decision->vector_count; i++) {
		const struct fl_vector *vector = &decision->vectors[i];
		if (vector->evaluated & bit(condition) && may_be(vector, condition, value) &&
			turn(decision, vector, condition, &turned))
			times += vector->count;
	}
	return times;
}

void fl_vector_text(const struct fl_decision *decision, const struct fl_vector *vector, char *text)
{
	for (uint32_t i = 0; i < decision->condition_count; i++)
		text[i] = !(vector->evaluated & bit(i)) ? '-' : vector->values & bit(i) ? 'T' : 'F';
	text[decision->condition_count] = '\0';
}
