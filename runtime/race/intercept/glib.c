/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * glib.c: stands before the functions of glib.def, and where GLib calls back: pools of threads, main loops,
 * what is done once, classes of objects.
 *
 * The layouts that this file knows are public in GLib's headers. Calls inside of libglib do not come here,
 * only those from other objects, libgobject and libgio among them.
 */
#include "race/intercept.h"
#include "race/lock.h"
#include "race/race.h"
#include "race/sys_variadic.h"
#include "race/touch.h"

#include <stdarg.h>

#define GLIB_BEHIND(result, name, parameters)                                                                \
	static result(*real_##name) parameters;                                                              \
	static const struct fl_intercept intercept_##name = {#name, (void **)&real_##name, NULL, NULL};
#define GLIB_INTERCEPT FL_INTERCEPT_LOADED

/* GSource and GSourceFuncs */
struct glib_source {
	void *callback_data, *callback_funcs;
	struct glib_source_funcs *source_funcs;
	unsigned ref_count;
	void *context;
};

struct glib_source_funcs {
	int (*prepare)(struct glib_source *source, int *timeout);
	int (*check)(struct glib_source *source);
	int (*dispatch)(struct glib_source *source, void *callback, void *data);
};

static void glib_attaches(void *context);
static void glib_leaves(void *context);

static void glib_atomic(const volatile void *at, uint32_t size, uint32_t what)
{
	if (!fl_race_concurrent || !fl_race_self_thread)
		return;
	__furlong_race_atomic_begin(at, size, what, NULL);
	__furlong_race_atomic_end(at, size, what, 1);
}

#define GLIB_THREADS                                                                                         \
	if (fl_race_concurrent)                                                                              \
	FL_RACE_INSIDE

#define IF(condition, ...)                                                                                   \
	if (condition) {                                                                                     \
		__VA_ARGS__                                                                                  \
	}
#define RELEASES(object)      GLIB_THREADS fl_sync_release(object);
#define ACQUIRES(object)      GLIB_THREADS fl_sync_acquire(object);
#define MEETS(object)         GLIB_THREADS fl_sync_acquire_release(object);
#define STORES(at, bytes)     glib_atomic(at, bytes, FURLONG_RACE_ATOMIC_STORE | __ATOMIC_RELEASE << 4);
#define LOADS(at, bytes)      glib_atomic(at, bytes, FURLONG_RACE_ATOMIC_LOAD | __ATOMIC_ACQUIRE << 4);
#define TAKEN(lock, mode)     fl_lock_taken(lock, mode, FL_HERE);
#define GIVING(lock)          fl_lock_giving(lock, FL_HERE);
#define CREATED(lock)         fl_lock_created(lock, FL_HERE);
#define DESTROYED(lock, room) fl_lock_destroyed(lock, room);
#define ATTACHES(context)     glib_attaches(context);
#define LEAVES(context)       glib_leaves(context);

#define GLIB(result, name, parameters, arguments, before, after)                                             \
	GLIB_INTERCEPT(result, name, parameters)                                                             \
	{                                                                                                    \
		struct furlong_race_frame *frame;                                                            \
		result got;                                                                                  \
                                                                                                             \
		before frame = fl_touch_push(FL_HERE);                                                       \
		got = FL_REAL_LATE(name) arguments;                                                          \
		fl_touch_pop(frame);                                                                         \
		after return got;                                                                            \
	}
#define GLIB_VOID(name, parameters, arguments, before, after)                                                \
	GLIB_INTERCEPT(void, name, parameters)                                                               \
	{                                                                                                    \
		struct furlong_race_frame *frame;                                                            \
                                                                                                             \
		before frame = fl_touch_push(FL_HERE);                                                       \
		FL_REAL_LATE(name) arguments;                                                                \
		fl_touch_pop(frame);                                                                         \
		after                                                                                        \
	}
#include "race/intercept/glib.def"

/* ---- mutexes: they wait by a futex of their own, and for ever. The last of a circle sees it. ---- */

static int glib_lock_for_ever(void *lock);
static const struct fl_lock_way glib_way = {.for_ever = glib_lock_for_ever};

GLIB_INTERCEPT(void, g_mutex_lock, (void *lock))
{
	if (!FL_REAL_LATE(g_mutex_trylock)(lock))
		fl_lock_wait(lock, FL_LOCK_OTHER, &glib_way, FL_HERE);
	TAKEN(lock, FL_LOCK_OTHER)
}

static int glib_lock_for_ever(void *lock)
{
	FL_REAL_LATE(g_mutex_lock)(lock);
	return 0;
}

/* ---- once: the one that runs the function releases before the library says that it was run ---- */

struct glib_once {
	void *(*run)(void *argument);
	void *argument, *once;
};

static void *glib_once_run(void *data)
{
	const struct glib_once *call = data;
	void *got = call->run(call->argument);

	STORES(call->once, sizeof(int))
	return got;
}

GLIB_INTERCEPT(void *, g_once_impl, (void *once, void *(*run)(void *), void *argument))
{
	struct glib_once call = {run, argument, once};
	struct furlong_race_frame *frame = fl_touch_push(FL_HERE);
	void *got = FL_REAL_LATE(g_once_impl)(once, glib_once_run, &call);

	fl_touch_pop(frame);
	LOADS(once, sizeof(int))
	return got;
}

/* ---- pools: the function of a pool runs after all that was pushed so far; who waits for the pool's end
 * comes after what it did. What the box below takes stays, as nobody tells when the last thread has left.
 * ---- */

struct glib_pool { /* GThreadPool */
	void (*run)(void *task, void *data);
	void *data;
	int exclusive;
};

struct glib_pool_box {
	void (*run)(void *task, void *data);
	void *data;
	const void *pool; /* NULL: its makers are not back yet, and nothing was pushed */
	char done;
};

static void glib_pool_run(void *task, void *data)
{
	struct glib_pool_box *box = data;
	const void *pool = __atomic_load_n(&box->pool, __ATOMIC_ACQUIRE);

	if (pool)
		ACQUIRES(pool)
	box->run(task, box->data);
	RELEASES(&box->done)
}

static struct glib_pool_box *glib_pool_box(void (*run)(void *, void *), void *data)
{
	struct glib_pool_box *box = run ? fl_pool_take(sizeof(*box)) : NULL;

	if (box)
		*box = (struct glib_pool_box){.run = run, .data = data};
	return box;
}

static void glib_pool_made(struct glib_pool_box *box, const struct glib_pool *pool)
{
	if (!box)
		return;
	if (pool)
		__atomic_store_n(&box->pool, pool, __ATOMIC_RELEASE);
	else
		fl_pool_give(box, sizeof(*box));
}

GLIB_INTERCEPT(struct glib_pool *, g_thread_pool_new,
	(void (*run)(void *, void *), void *data, int most, int exclusive, void **error))
{
	struct glib_pool_box *box = glib_pool_box(run, data);
	struct glib_pool *pool = FL_REAL_LATE(g_thread_pool_new)(
		box ? glib_pool_run : run, box ? box : data, most, exclusive, error);

	glib_pool_made(box, pool);
	return pool;
}

GLIB_INTERCEPT(struct glib_pool *, g_thread_pool_new_full,
	(void (*run)(void *, void *), void *data, void *drop, int most, int exclusive, void **error))
{
	struct glib_pool_box *box = glib_pool_box(run, data);
	struct glib_pool *pool = FL_REAL_LATE(g_thread_pool_new_full)(
		box ? glib_pool_run : run, box ? box : data, drop, most, exclusive, error);

	glib_pool_made(box, pool);
	return pool;
}

GLIB_INTERCEPT(void, g_thread_pool_free, (struct glib_pool * pool, int at_once, int wait))
{
	struct glib_pool_box *box = pool && pool->run == glib_pool_run ? pool->data : NULL;

	RELEASES(pool)
	FL_REAL_LATE(g_thread_pool_free)(pool, at_once, wait);
	if (box && wait)
		ACQUIRES(&box->done)
}

/* ---- main loops: a callback comes after whatever was attached to its context before. Callbacks are called
 * by a source's type; those of the library's own four types go through here. ---- */

GLIB_BEHIND(void *, g_main_context_default, (void))

#define GLIB_SOURCE_TYPES(each)                                                                              \
	each(g_idle_funcs) each(g_timeout_funcs) each(g_unix_fd_source_funcs) each(g_child_watch_funcs)

#define DISPATCH(type)                                                                                       \
	static struct glib_source_funcs *real_##type;                                                        \
	static const struct fl_intercept intercept_##type = {#type, (void **)&real_##type, NULL, NULL};      \
	static int (*dispatch_##type)(struct glib_source * source, void *callback, void *data);              \
	static int through_##type(struct glib_source *source, void *callback, void *data)                    \
	{                                                                                                    \
		void *context = source->context;                                                             \
		int stays;                                                                                   \
                                                                                                             \
		ACQUIRES(context)                                                                            \
		stays = dispatch_##type(source, callback, data);                                             \
		RELEASES(context)                                                                            \
		return stays;                                                                                \
	}
GLIB_SOURCE_TYPES(DISPATCH)

#define PUT_THROUGH(type)                                                                                    \
	if (fl_intercept_look_everywhere(&intercept_##type)) {                                               \
		dispatch_##type = real_##type->dispatch;                                                     \
		__atomic_store_n(&real_##type->dispatch, through_##type, __ATOMIC_RELEASE);                  \
	}

static void glib_put_through(void)
{
	GLIB_SOURCE_TYPES(PUT_THROUGH)
}

static void *glib_context(void *context)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	FL_REAL(pthread_once)(&once, glib_put_through);
	return context ? context : FL_REAL_LATE(g_main_context_default)();
}

static void glib_attaches(void *context)
{
	context = glib_context(context);
	RELEASES(context)
}

/* Whoever takes a source away drops what belongs to it. */
static void glib_leaves(void *context)
{
	context = glib_context(context);
	MEETS(context)
}

/* ---- classes of objects: made by whoever needs them first, and those of their parents ---- */

GLIB_BEHIND(void *, g_type_class_peek, (size_t type))
GLIB_BEHIND(size_t, g_type_parent, (size_t type))
GLIB_BEHIND(int, g_type_is_a, (size_t type, size_t of))
GLIB_BEHIND(void, g_type_class_unref, (void *class))

#define GLIB_TYPE_OBJECT ((size_t)20 << 2)

/* Numbers of the fundamental types are no addresses, but as good. */
static const void *glib_class_object(size_t type)
{
	return (const void *)(type + sizeof(void *));
}

GLIB_INTERCEPT(void *, g_type_class_ref, (size_t type))
{
	bool made = FL_REAL_LATE(g_type_class_peek)(type) != NULL;
	struct furlong_race_frame *frame = fl_touch_push(FL_HERE);
	void *class = FL_REAL_LATE(g_type_class_ref)(type);

	fl_touch_pop(frame);
	for (size_t parent = type; class && !made && parent > 255 << 2;
		parent = FL_REAL_LATE(g_type_parent)(parent))
		RELEASES(glib_class_object(parent))
	if (type > 255 << 2)
		ACQUIRES(glib_class_object(type))
	return class;
}

/* So that the class is there before the object's own functions run. */
static void *glib_class_before(size_t type)
{
	return fl_race_concurrent && FL_REAL_LATE(g_type_is_a)(type, GLIB_TYPE_OBJECT)
		       ? g_type_class_ref(type)
		       : NULL;
}

static void glib_class_after(void *class)
{
	if (class)
		FL_REAL_LATE(g_type_class_unref)(class);
}

#define GLIB_OBJECT(name, parameters, arguments)                                                             \
	GLIB_INTERCEPT(void *, name, parameters)                                                             \
	{                                                                                                    \
		struct furlong_race_frame *frame = fl_touch_push(FL_HERE);                                   \
		void *class = glib_class_before(type), *object = FL_REAL_LATE(name) arguments;               \
                                                                                                             \
		glib_class_after(class);                                                                     \
		fl_touch_pop(frame);                                                                         \
		return object;                                                                               \
	}
GLIB_OBJECT(g_object_newv, (size_t type, unsigned count, void *parameters), (type, count, parameters))
GLIB_OBJECT(g_object_new_with_properties,
	(size_t type, unsigned count, const char **names, const void *values), (type, count, names, values))
GLIB_OBJECT(g_object_new_valist, (size_t type, const char *first, va_list values), (type, first, values))

#ifdef FL_VARIADIC
FL_ONLY_LOADED(g_object_new)
FL_PUBLIC void *g_object_new(size_t type, const char *first, ...);
FL_PUBLIC FL_VARIADIC void *g_object_new(size_t type, const char *first, ...)
{
	struct furlong_race_frame *frame = fl_touch_push(FL_HERE);
	void *object;
	va_list values;

	va_start(values, first);
	object = first ? g_object_new_valist(type, first, values)
		       : g_object_new_with_properties(type, 0, NULL, NULL);
	va_end(values);
	fl_touch_pop(frame);
	return object;
}
#endif

#undef IF
