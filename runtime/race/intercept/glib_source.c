/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * glib_source.c: sources of types that the program, or a library beside GLib, made. libglib calls their
 * functions by the table of the type, so the functions in there go through here: what they do comes after
 * whatever was attached to their context before. A table that cannot be written to stays as it is.
 */
#define GLIB_OWN_TYPES 256

struct glib_own_type {
	struct glib_source_funcs *type;
	struct glib_source_funcs real;
};

static struct glib_own_type glib_own_types[GLIB_OWN_TYPES];
static size_t glib_own_count;
static struct fl_lock glib_own_lock;

static struct glib_own_type *glib_own_of(const struct glib_source_funcs *type)
{
	size_t count = __atomic_load_n(&glib_own_count, __ATOMIC_ACQUIRE);

	for (size_t i = 0; i < count; i++)
		if (glib_own_types[i].type == type)
			return &glib_own_types[i];
	return NULL;
}

static int glib_own_prepare(struct glib_source *source, int *timeout)
{
	ACQUIRES(source->context)
	return glib_own_of(source->source_funcs)->real.prepare(source, timeout);
}

static int glib_own_check(struct glib_source *source)
{
	ACQUIRES(source->context)
	return glib_own_of(source->source_funcs)->real.check(source);
}

static int glib_own_dispatch(struct glib_source *source, void *callback, void *data)
{
	void *context = source->context;
	int stays;

	ACQUIRES(context)
	stays = glib_own_of(source->source_funcs)->real.dispatch(source, callback, data);
	RELEASES(context)
	return stays;
}

struct glib_own_place {
	uintptr_t address;
	bool constant;
};

static void glib_own_look(const struct fl_sys_object *object, void *data)
{
	struct glib_own_place *place = data;

	if (place->address >= object->begin && place->address < object->end)
		place->constant = place->address < object->writable_begin ||
				  place->address + sizeof(struct glib_source_funcs) > object->writable_end;
}

static void glib_own_note(struct glib_source_funcs *type, bool constant)
{
	if (glib_own_of(type) || glib_own_count == GLIB_OWN_TYPES)
		return;
	glib_own_types[glib_own_count] = (struct glib_own_type){type, *type};
	__atomic_store_n(&glib_own_count, glib_own_count + 1, __ATOMIC_RELEASE);
	if (constant)
		return;
	if (type->prepare)
		__atomic_store_n(&type->prepare, glib_own_prepare, __ATOMIC_RELEASE);
	if (type->check)
		__atomic_store_n(&type->check, glib_own_check, __ATOMIC_RELEASE);
	if (type->dispatch)
		__atomic_store_n(&type->dispatch, glib_own_dispatch, __ATOMIC_RELEASE);
}

GLIB_INTERCEPT(void *, g_source_new, (struct glib_source_funcs * type, unsigned size))
{
	struct glib_own_place place = {(uintptr_t)type, false};

	if (!glib_own_of(type)) {
		fl_sys_objects_look(glib_own_look, &place);
		fl_lock_take(&glib_own_lock);
		glib_own_note(type, place.constant);
		fl_lock_drop(&glib_own_lock);
	}
	return FL_REAL_LATE(g_source_new)(type, size);
}
