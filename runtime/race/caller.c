/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * caller.c: caller.h. A table of the loaded objects, made anew when a caller is in none of them, when a
 * module registers and after dlclose. Readers take the present table without a lock; old ones are kept, as
 * somebody may still read them, and are few: one for each time the set of objects changed.
 */
#include "race/caller.h"

#include "core/sys.h"
#include "race/memory.h"
#include "race/race.h"

#include <string.h>

struct caller_object {
	uintptr_t begin, end;
	enum fl_caller kind;
};

struct caller_table {
	size_t count, capacity;
	struct caller_object *object;
};

static struct caller_table *caller_now;

static bool is_cxx_library(const char *path)
{
	const char *name = strrchr(path, '/');

	name = name ? name + 1 : path;
	return !strncmp(name, "libstdc++.so", 12) || !strncmp(name, "libc++.so", 9) ||
	       !strncmp(name, "libc++abi.so", 12);
}

static bool is_openmp(const char *path)
{
	const char *name = strrchr(path, '/');

	name = name ? name + 1 : path;
	return !strncmp(name, "libomp.so", 9) || !strncmp(name, "libiomp5.so", 11);
}

static void count_object(const struct fl_sys_object *object, void *data)
{
	(void)object;
	++*(size_t *)data;
}

static void note_object(const struct fl_sys_object *object, void *data)
{
	struct caller_table *table = data;
	size_t at = table->count;

	if (at == table->capacity)
		return;
	for (; at && table->object[at - 1].begin > object->begin; at--)
		table->object[at] = table->object[at - 1];
	table->object[at].begin = object->begin;
	table->object[at].end = object->end;
	table->object[at].kind = object->needs_runtime          ? FL_CALLER_CHECKED
				 : is_cxx_library(object->path) ? FL_CALLER_LIBRARY
				 : is_openmp(object->path)      ? FL_CALLER_OPENMP
								: FL_CALLER_FOREIGN;
	table->count++;
}

static const struct caller_object *caller_find(const struct caller_table *table, uintptr_t address)
{
	size_t low = 0, high = table ? table->count : 0;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (table->object[middle].end <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == (table ? table->count : 0) || table->object[low].begin > address)
		return NULL;
	return &table->object[low];
}

/* Stacks still have addresses in an object with checks that was closed: nothing else may come there, or its
 * names would stand in their place. So many bytes of address space may that cost. */
#define CALLER_KEPT_BYTES ((size_t)1 << 30)

static void keep_place(const struct caller_object *was)
{
	static size_t kept;
	size_t page = fl_sys_page_size();

	if (!fl_race_concurrent || was->kind != FL_CALLER_CHECKED || kept >= CALLER_KEPT_BYTES)
		return;
	/* Some pages may be somebody's already. */
	for (uintptr_t address = was->begin & -page; address < was->end; address += page) {
		void *at = (void *)address;

		if (!fl_sys_reserve(&at, page, FL_SYS_MAP_FREE))
			kept += page;
	}
}

/* Memory of objects that are no more is nobody's. */
static void reset_gone(const struct caller_table *then, const struct caller_table *now)
{
	for (size_t i = 0; then && i < then->count; i++) {
		const struct caller_object *was = &then->object[i], *is = caller_find(now, was->begin);

		if (is && is->begin == was->begin && is->end == was->end)
			continue;
		fl_memory_fresh((void *)was->begin, was->end - was->begin);
		if (!is)
			keep_place(was);
	}
}

static bool same_objects(const struct caller_table *a, const struct caller_table *b)
{
	return a && a->count == b->count && !memcmp(a->object, b->object, a->count * sizeof(a->object[0]));
}

/* Of callers in no object: code that was made at run time. By page, until the table changes. */
#define CALLER_MISSES 64
static uintptr_t caller_missed[CALLER_MISSES];

static struct caller_table *make_table(size_t capacity)
{
	struct caller_table *table;
	void *at = NULL;

	if (fl_sys_map(&at, sizeof(*table) + capacity * sizeof(table->object[0]), FL_SYS_MAP_ANYWHERE, -1, 0))
		return NULL;
	table = at;
	table->capacity = capacity;
	table->object = (struct caller_object *)(table + 1);
	return table;
}

static void look(void)
{
	static struct caller_table *spare; /* what was looked up and found to be known */
	size_t count = 0;

	fl_sys_objects_look(count_object, &count);
	if (!spare || spare->capacity < count)
		spare = make_table(2 * count);
	if (!spare)
		return;
	spare->count = 0;
	fl_sys_objects_look(note_object, spare);
	if (same_objects(caller_now, spare))
		return;
	reset_gone(caller_now, spare);
	__atomic_store_n(&caller_now, spare, __ATOMIC_RELEASE);
	spare = NULL;
	memset(caller_missed, 0, sizeof(caller_missed));
}

/* The loader's lock is taken inside, and callers may hold it: nobody waits here. Whoever comes meanwhile
 * finds its object missing, and comes again. */
static uint32_t caller_busy;

void fl_caller_look(void)
{
	uint64_t mask = fl_sys_signals_block();

	if (!__atomic_exchange_n(&caller_busy, 1, __ATOMIC_ACQUIRE)) {
		look();
		__atomic_store_n(&caller_busy, 0, __ATOMIC_RELEASE);
	}
	fl_sys_signals_restore(mask);
}

/* The thread that was at it stayed behind. */
void fl_caller_fork_child(void)
{
	caller_busy = 0;
}

bool fl_caller_is_library(const void *address)
{
	const struct caller_object *object =
		caller_find(__atomic_load_n(&caller_now, __ATOMIC_ACQUIRE), (uintptr_t)address);

	return object && (object->kind == FL_CALLER_FOREIGN || object->kind == FL_CALLER_LIBRARY);
}

const void *fl_caller_objects(void)
{
	return __atomic_load_n(&caller_now, __ATOMIC_ACQUIRE);
}

#ifdef FL_STATIC
enum fl_caller fl_caller_of(const void *address)
{
	return fl_sys_is_loader(address) ? FL_CALLER_FOREIGN : FL_CALLER_CHECKED;
}
#else
static uintptr_t *missed_slot(uintptr_t address)
{
	return &caller_missed[(address >> 12) % CALLER_MISSES];
}

enum fl_caller fl_caller_of(const void *address)
{
	static __thread const struct caller_object *last;
	const struct caller_object *object = last;
	uintptr_t at = (uintptr_t)address;

	if (object && at >= object->begin && at < object->end)
		return object->kind;
	object = caller_find(__atomic_load_n(&caller_now, __ATOMIC_ACQUIRE), at);
	if (!object && *missed_slot(at) != at >> 12) {
		fl_caller_look();
		object = caller_find(__atomic_load_n(&caller_now, __ATOMIC_ACQUIRE), at);
		if (!object)
			*missed_slot(at) = at >> 12;
	}
	if (object)
		last = object;
	return object ? object->kind : FL_CALLER_FOREIGN;
}
#endif
