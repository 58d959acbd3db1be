/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * report_objects.c: the loaded objects at the moment of a report, in memory of that report. Those with checks
 * that were closed since belong to them as long as nothing else is in their place: stacks still have
 * addresses there.
 */
#include "race/report.h"

#include "core/arena.h"
#include "core/core.h"
#include "core/sys.h"

#include <string.h>

#define REPORT_OBJECT_LIMIT 4096

/* Where systems keep libraries that nobody builds with the flag, and the runtime itself. */
static bool is_system_object(const char *path)
{
	static const char *const places[] = {
		"/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/", "/nix/store/", "linux-vdso", "linux-gate"};

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (!strncmp(path, places[i], strlen(places[i])))
			return true;
	return strstr(path, "/libfurlong_rt.so") || *path != '/';
}

/* Modules with checks that were ever loaded; never given up. */
struct report_seen {
	struct report_seen *next;
	struct fl_report_object object;
};
static struct report_seen *report_seen;

static void report_object_fill(struct fl_report_object *into, const struct fl_sys_object *object)
{
	into->begin = object->begin;
	into->end = object->end;
	into->bias = object->bias;
	into->bare = object->has_code && !object->needs_runtime && !is_system_object(object->path);
	memcpy(into->path, object->path, sizeof(into->path));
	memcpy(into->build_id, object->build_id, sizeof(into->build_id));
}

static void report_object_take(const struct fl_sys_object *object, void *data)
{
	struct fl_report_objects *objects = data;

	if (objects->count < REPORT_OBJECT_LIMIT)
		report_object_fill(&objects->items[objects->count++], object);
}

static bool report_place_is_taken(const struct fl_report_objects *objects, const struct fl_report_object *by)
{
	for (size_t i = 0; i < objects->count; i++)
		if (objects->items[i].begin < by->end && by->begin < objects->items[i].end)
			return true;
	return false;
}

static void report_object_remember(const struct fl_sys_object *object, void *data)
{
	uintptr_t address = *(const uintptr_t *)data;
	struct report_seen *seen = report_seen;
	uint64_t mask;

	if (address < object->begin || address >= object->end)
		return;
	while (seen && (seen->object.begin != object->begin || seen->object.end != object->end ||
			       strcmp(seen->object.path, object->path) ||
			       strcmp(seen->object.build_id, object->build_id)))
		seen = seen->next;
	if (seen)
		return;
	mask = fl_enter();
	seen = fl_arena_take(sizeof(*seen));
	if (seen) {
		report_object_fill(&seen->object, object);
		seen->next = report_seen;
		__atomic_store_n(&report_seen, seen, __ATOMIC_RELEASE);
	}
	fl_leave(mask);
}

/* Under the loader's lock, hence one at a time. */
void fl_report_objects_remember(const void *address)
{
	uintptr_t at = (uintptr_t)address;

	fl_sys_objects_look(report_object_remember, &at);
}

void fl_report_objects_look(struct fl_report_objects *objects)
{
	void *items = NULL;

	*objects = (struct fl_report_objects){0};
	if (fl_sys_map(&items, REPORT_OBJECT_LIMIT * sizeof(*objects->items), FL_SYS_MAP_ANYWHERE, -1, 0))
		return;
	objects->items = items;
	objects->mapped_bytes = REPORT_OBJECT_LIMIT * sizeof(*objects->items);
	fl_sys_objects_look(report_object_take, objects);
	for (const struct report_seen *seen = __atomic_load_n(&report_seen, __ATOMIC_ACQUIRE); seen;
		seen = seen->next)
		if (objects->count < REPORT_OBJECT_LIMIT && !report_place_is_taken(objects, &seen->object))
			objects->items[objects->count++] = seen->object;
}

void fl_report_objects_drop(struct fl_report_objects *objects)
{
	if (objects->items)
		fl_sys_unmap(objects->items, objects->mapped_bytes);
	*objects = (struct fl_report_objects){0};
}

struct fl_report_object *fl_report_object_at(struct fl_report_objects *objects, uintptr_t address)
{
	for (size_t i = 0; i < objects->count; i++)
		if (address >= objects->items[i].begin && address < objects->items[i].end)
			return &objects->items[i];
	return NULL;
}
