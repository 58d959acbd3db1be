/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * openmp_order.c: clocks of OpenMP's own, and variables that tasks depend on.
 */
#include "race/intercept/openmp.h"

__thread struct fl_omp_self fl_omp_self;

void fl_omp_release(struct fl_omp_order *order)
{
	struct fl_race_thread *self = fl_race_self_thread;

	if (!order || !self || !fl_race_concurrent)
		return;
	fl_race_advance(self);
	fl_lock_take(&order->lock);
	fl_clock_join(&order->clock, &self->clock);
	fl_lock_drop(&order->lock);
}

void fl_omp_acquire(struct fl_omp_order *order)
{
	struct fl_race_thread *self = fl_race_self_thread;

	if (!order || !self || !fl_race_concurrent)
		return;
	fl_lock_take(&order->lock);
	fl_clock_join(&self->clock, &order->clock);
	fl_lock_drop(&order->lock);
}

void fl_omp_pass(struct fl_omp_order *from, struct fl_omp_order *to)
{
	struct fl_clock clock = {0};

	fl_lock_take(&from->lock);
	fl_clock_copy(&clock, &from->clock);
	fl_lock_drop(&from->lock);
	fl_lock_take(&to->lock);
	fl_clock_join(&to->clock, &clock);
	fl_lock_drop(&to->lock);
	fl_clock_release(&clock);
}

static struct fl_omp_variable **map_bucket(const struct fl_omp_map *map, uint64_t key)
{
	return &map->buckets[(key * 0x9e3779b97f4a7c15u >> 32) & (map->capacity - 1)];
}

static bool map_grow(struct fl_omp_map *map)
{
	struct fl_omp_map larger = {.capacity = map->capacity ? map->capacity * 2 : 8};

	larger.buckets = fl_pool_take(larger.capacity * sizeof(*larger.buckets));
	if (!larger.buckets)
		return false;
	for (uint32_t i = 0; i < larger.capacity; i++)
		larger.buckets[i] = NULL;
	for (uint32_t i = 0; i < map->capacity; i++)
		for (struct fl_omp_variable *each = map->buckets[i], *next; each; each = next) {
			struct fl_omp_variable **bucket = map_bucket(&larger, each->key);

			next = each->next;
			each->next = *bucket;
			*bucket = each;
		}
	fl_pool_give(map->buckets, map->capacity * sizeof(*map->buckets));
	map->buckets = larger.buckets;
	map->capacity = larger.capacity;
	return true;
}

static struct fl_omp_variable *map_add(struct fl_omp_map *map, uint64_t key)
{
	struct fl_omp_variable *variable, **bucket;

	if (map->count == map->capacity && !map_grow(map))
		return NULL;
	variable = fl_pool_take(sizeof(*variable));
	if (!variable)
		return NULL;
	bucket = map_bucket(map, key);
	*variable = (struct fl_omp_variable){.next = *bucket, .key = key};
	*bucket = variable;
	map->count++;
	return variable;
}

struct fl_omp_variable *fl_omp_find(struct fl_omp_map *map, uint64_t key)
{
	struct fl_omp_variable *variable = NULL;

	fl_lock_take(&map->lock);
	if (map->capacity)
		variable = *map_bucket(map, key);
	while (variable && variable->key != key)
		variable = variable->next;
	if (!variable)
		variable = map_add(map, key);
	fl_lock_drop(&map->lock);
	return variable;
}

void fl_omp_map_free(struct fl_omp_map *map)
{
	for (uint32_t i = 0; i < map->capacity; i++)
		for (struct fl_omp_variable *each = map->buckets[i], *next; each; each = next) {
			next = each->next;
			for (int use = 0; use < FL_OMP_USES; use++)
				fl_clock_release(&each->done[use].clock);
			fl_pool_give(each, sizeof(*each));
		}
	fl_pool_give(map->buckets, map->capacity * sizeof(*map->buckets));
}
