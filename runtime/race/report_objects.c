/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * report_objects.c: the loaded objects at the moment of a report, in memory of that report.
 */
#include "race/report.h"

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

static void report_object_take(const struct fl_sys_object *object, void *data)
{
	struct fl_report_objects *objects = data;
	struct fl_report_object *into;

	if (objects->count == REPORT_OBJECT_LIMIT)
		return;
	into = &objects->items[objects->count++];
	into->begin = object->begin;
	into->end = object->end;
	into->bias = object->bias;
	into->bare = object->has_code && !object->needs_runtime && !is_system_object(object->path);
	memcpy(into->path, object->path, sizeof(into->path));
	memcpy(into->build_id, object->build_id, sizeof(into->build_id));
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
