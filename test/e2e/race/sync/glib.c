/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * glib.c: what a binary libglib-2.0 and libgobject-2.0 order by means of their own: mutexes, conditions,
 * once, queues, pools, main loops, counted references, classes.
 */
#include "pairs.h"

#include <glib-object.h>
#include <glib-unix.h>
#include <stdlib.h>
#include <unistd.h>

static GMutex mutex[2];
static GCond cond;
static gint bits[2];
static gsize once_location[2];
static GOnce once[2] = {G_ONCE_INIT, G_ONCE_INIT};
static GAsyncQueue *queue[2];
static GThreadPool *pool[2];
static GMainContext *context[2];
static GMainLoop *loop[2];
static GBytes *bytes[2];
static long told; /* guarded by the mutex */
static char item;

/* ---- locks ---- */

static void mutex_first(int o)
{
	g_mutex_lock(&mutex[o]);
	shared++;
	g_mutex_unlock(&mutex[o]);
}

static void trylock_second(int o)
{
	while (!g_mutex_trylock(&mutex[o]))
		;
	shared++;
	g_mutex_unlock(&mutex[o]);
}

static void locker_second(int o)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&mutex[o]);

	(void)locker;
	shared++;
}

#define WAITER(name, wait)                                                                                   \
	static void name(int o)                                                                              \
	{                                                                                                    \
		(void)o;                                                                                     \
		g_mutex_lock(&mutex[0]);                                                                     \
		shared++;                                                                                    \
		hidden_give(2);                                                                              \
		while (!told)                                                                                \
			wait;                                                                                \
		shared++;                                                                                    \
		g_mutex_unlock(&mutex[0]);                                                                   \
	}
WAITER(cond_wait, g_cond_wait(&cond, &mutex[0]))
WAITER(cond_wait_until,
	g_cond_wait_until(&cond, &mutex[0], g_get_monotonic_time() + 3600 * G_TIME_SPAN_SECOND))

static void cond_tell(int o)
{
	hidden_wait(2);
	if (o)
		shared++;
	g_mutex_lock(&mutex[0]);
	shared++;
	told = 1;
	g_cond_signal(&cond);
	g_mutex_unlock(&mutex[0]);
}

static void bit_lock(int o)
{
	g_bit_lock(&bits[o], 3);
	shared++;
	g_bit_unlock(&bits[o], 3);
}

/* ---- once ---- */

static void init_first(int o)
{
	if (g_once_init_enter(&once_location[o])) {
		shared++;
		g_once_init_leave(&once_location[o], 7);
	}
}

static void init_second(int o)
{
	if (g_once_init_enter(&once_location[o]))
		g_once_init_leave(&once_location[o], 7);
	shared++;
}

static gpointer once_run(gpointer arg)
{
	shared++;
	return arg;
}

static gpointer once_idle(gpointer arg)
{
	return arg;
}

static void once_first(int o)
{
	g_once(&once[o], once_run, NULL);
}

static void once_second(int o)
{
	g_once(&once[o], once_idle, NULL);
	shared++;
}

/* ---- queues ---- */

static void make_queues(int o)
{
	queue[o] = g_async_queue_new();
	if (o)
		g_async_queue_push(queue[o], &item);
}

static int compare(gconstpointer a, gconstpointer b, gpointer data)
{
	(void)data;
	return (a > b) - (a < b);
}

#define PUSHES(name, ...)                                                                                    \
	static void name(int o)                                                                              \
	{                                                                                                    \
		shared++;                                                                                    \
		__VA_ARGS__;                                                                                 \
	}
#define POPS(name, ...)                                                                                      \
	static void name(int o)                                                                              \
	{                                                                                                    \
		gpointer got = NULL;                                                                         \
                                                                                                             \
		__VA_ARGS__;                                                                                 \
		if (!got)                                                                                    \
			abort();                                                                             \
		shared++;                                                                                    \
	}
PUSHES(push, g_async_queue_push(queue[o], &item))
PUSHES(push_front, g_async_queue_push_front(queue[o], &item))
PUSHES(push_sorted, g_async_queue_push_sorted(queue[o], &item, compare, NULL))
POPS(pop, got = g_async_queue_pop(queue[o]))
POPS(try_pop, while (!(got = g_async_queue_try_pop(queue[o]))))
POPS(timeout_pop, got = g_async_queue_timeout_pop(queue[o], 3600 * G_TIME_SPAN_SECOND))
POPS(pop_locked, g_async_queue_lock(queue[o]); got = g_async_queue_pop_unlocked(queue[o]);
	g_async_queue_unlock(queue[o]))

/* ---- pools: what is pushed to pool 1 is nobody's to wait for ---- */

static void work(gpointer task, gpointer data)
{
	if (data != &item)
		abort();
	if (task == &item)
		shared++;
	hidden_give(task == &item ? 3 : 5);
}

/* Its one thread is there: no birth orders anything later. */
static void make_pools(int o)
{
	pool[o] = g_thread_pool_new(work, &item, 1, TRUE, NULL);
	g_thread_pool_push(pool[o], &bits, NULL);
	hidden_wait(5);
}

static void pool_give(int o)
{
	shared++;
	if (pair_racy)
		hidden_give(4);
	else
		g_thread_pool_push(pool[o], &item, NULL);
}

/* In the racy twin the task was not pushed by the one who wrote. */
static void pool_done(int o)
{
	if (pair_racy) {
		hidden_wait(4);
		g_thread_pool_push(pool[o], &item, NULL);
	}
	hidden_wait(3);
}

static void pool_run(int o)
{
	g_thread_pool_push(pool[o], &item, NULL);
	hidden_wait(3);
}

static void pool_ended(int o)
{
	g_thread_pool_free(pool[o], FALSE, TRUE);
	shared++;
}

/* ---- main loops ---- */

static gboolean in_loop(gpointer data)
{
	if (data == &item)
		shared++;
	hidden_give(3);
	return G_SOURCE_REMOVE;
}

static gboolean in_loop_by_descriptor(gint fd, GIOCondition condition, gpointer data)
{
	(void)fd;
	(void)condition;
	return in_loop(data);
}

static void make_loops(int o)
{
	context[o] = g_main_context_new();
	loop[o] = g_main_loop_new(context[o], FALSE);
}

static void attach(GSource *source, int o)
{
	g_source_set_callback(source, in_loop, &item, NULL);
	g_source_attach(source, context[o]);
	g_source_unref(source);
}

/* The racy twin's was attached by the one who runs the loop. */
#define ATTACHES(name, ...)                                                                                  \
	static void name##_now(int o)                                                                        \
	{                                                                                                    \
		(void)o;                                                                                     \
		__VA_ARGS__;                                                                                 \
	}                                                                                                    \
	static void name(int o)                                                                              \
	{                                                                                                    \
		shared++;                                                                                    \
		if (!pair_racy)                                                                              \
			name##_now(o);                                                                       \
	}                                                                                                    \
	static void name##_runs(int o)                                                                       \
	{                                                                                                    \
		if (pair_racy)                                                                               \
			name##_now(o);                                                                       \
		while (!hidden_is_given(3))                                                                  \
			g_main_context_iteration(of_default ? NULL : context[o], TRUE);                      \
	}
static int of_default;

/* A type of one's own: its functions read what was written before the source was attached. */
struct own_source {
	GSource source;
	long value;
};

static gboolean own_prepare(GSource *source, gint *timeout)
{
	*timeout = -1;
	return ((struct own_source *)source)->value == 1;
}

static gboolean own_check(GSource *source)
{
	return ((struct own_source *)source)->value == 1;
}

static gboolean own_dispatch(GSource *source, GSourceFunc callback, gpointer data)
{
	((struct own_source *)source)->value++;
	return callback(data);
}

static GSource *own_source_new(void)
{
	static GSourceFuncs type = {own_prepare, own_check, own_dispatch, NULL, NULL, NULL};
	GSource *source = g_source_new(&type, sizeof(struct own_source));

	((struct own_source *)source)->value = 1;
	return source;
}
ATTACHES(own_source, attach(own_source_new(), o))
ATTACHES(idle_source, attach(g_idle_source_new(), o))
ATTACHES(timeout_source, attach(g_timeout_source_new(1), o))
ATTACHES(invoke, g_main_context_invoke(context[o], in_loop, &item))
ATTACHES(idle_add, g_idle_add(in_loop, &item))
ATTACHES(timeout_add, g_timeout_add(1, in_loop, &item))
ATTACHES(unix_fd_add,
	g_unix_fd_add(STDOUT_FILENO, G_IO_OUT | G_IO_NVAL | G_IO_ERR, in_loop_by_descriptor, &item))

static void use_default(int o)
{
	of_default = 1;
	make_loops(o);
}

static gboolean quits(gpointer data)
{
	g_main_loop_quit(data);
	return G_SOURCE_REMOVE;
}

static void loop_quit(int o)
{
	hidden_wait(2);
	shared++;
	g_main_loop_quit(loop[o]);
	hidden_give(4);
}

static gboolean started(gpointer data)
{
	hidden_give(2);
	if (pair_racy) {
		hidden_wait(4);
		quits(data);
	}
	return G_SOURCE_REMOVE;
}

static void loop_run(int o)
{
	GSource *source = g_idle_source_new();

	g_source_set_callback(source, started, loop[o], NULL);
	g_source_attach(source, context[o]);
	g_main_loop_run(loop[o]);
	shared++;
}

/* ---- counted references: the last one drops ---- */

static void drop(gpointer data)
{
	if (data == &item)
		shared++;
}

static void make_bytes(int o)
{
	bytes[o] = g_bytes_new_with_free_func(&item, 1, drop, &item);
	if (!o)
		g_bytes_ref(bytes[o]);
}

static void bytes_first(int o)
{
	shared++;
	g_bytes_unref(bytes[o]);
}

/* ---- objects ---- */

typedef struct {
	GObject parent;
	long value;
} Thing;
typedef struct {
	GObjectClass parent;
	long made;
} ThingClass;
static GType thing_get_type(void);
G_DEFINE_TYPE(Thing, thing, G_TYPE_OBJECT)

static Thing *thing[2];

static void thing_finalize(GObject *object)
{
	shared++;
	G_OBJECT_CLASS(thing_parent_class)->finalize(object);
}

static void thing_class_init(ThingClass *class)
{
	class->parent.finalize = thing_finalize;
	class->made = 1;
}

static void thing_init(Thing *it)
{
	it->value = 1;
}

static void make_things(int o)
{
	thing[o] = g_object_new(thing_get_type(), NULL);
	if (!o)
		g_object_ref(thing[o]);
}

static void unref_first(int o)
{
	shared++;
	g_object_unref(thing[o]);
}

static void unref_second(int o)
{
	g_object_unref(thing[o]);
}

/* The first to need the class makes it; what is in the object is nobody's who got it by no order. */
static void new_first(int o)
{
	thing[o] = g_object_new(thing_get_type(), NULL);
	thing[o]->value++;
}

static void new_second(int o)
{
	Thing *mine = g_object_new(thing_get_type(), NULL);

	if (((ThingClass *)G_OBJECT_GET_CLASS(mine))->made != 1 || mine->value != 1)
		abort();
	if (o)
		thing[0]->value++;
}

static void bytes_second(int o)
{
	g_bytes_unref(bytes[o]);
}

static const struct glib_pair {
	struct pair pair;
	void (*make)(int o);
} glib_pairs[] = {
	{{"mutex", mutex_first, mutex_first, 0}, NULL},
	{{"mutex_trylock", mutex_first, trylock_second, 0}, NULL},
	{{"mutex_locker", mutex_first, locker_second, 0}, NULL},
	{{"cond", cond_wait, cond_tell, 1}, NULL},
	{{"cond_until", cond_wait_until, cond_tell, 1}, NULL},
	{{"bit_lock", bit_lock, bit_lock, 0}, NULL},
	{{"once_init", init_first, init_second, 0}, NULL},
	{{"once", once_first, once_second, 0}, NULL},
	{{"queue", push, pop, 0}, make_queues},
	{{"queue_front_try", push_front, try_pop, 0}, make_queues},
	{{"queue_sorted_timeout", push_sorted, timeout_pop, 0}, make_queues},
	{{"queue_locked", push, pop_locked, 0}, make_queues},
	{{"pool_push", pool_give, pool_done, 0}, make_pools},
	{{"pool_free", pool_run, pool_ended, 0}, make_pools},
	{{"idle_source", idle_source, idle_source_runs, 0}, make_loops},
	{{"own_source", own_source, own_source_runs, 0}, make_loops},
	{{"timeout_source", timeout_source, timeout_source_runs, 0}, make_loops},
	{{"invoke", invoke, invoke_runs, 0}, make_loops},
	{{"idle_add", idle_add, idle_add_runs, 0}, use_default},
	{{"timeout_add", timeout_add, timeout_add_runs, 0}, use_default},
	{{"unix_fd_add", unix_fd_add, unix_fd_add_runs, 0}, use_default},
	{{"loop_quit", loop_quit, loop_run, 1}, make_loops},
	{{"bytes_unref", bytes_first, bytes_second, 0}, make_bytes},
	{{"object_unref", unref_first, unref_second, 0}, make_things},
	{{"object_new", new_first, new_second, 0}, NULL},
};

#define COUNT (sizeof(glib_pairs) / sizeof(*glib_pairs))

int main(int argc, char **argv)
{
	static struct pair pairs[COUNT + 1];

	for (size_t i = 0; i < COUNT; i++) {
		pairs[i] = glib_pairs[i].pair;
		for (int o = 0; argc > 1 && !strcmp(argv[1], pairs[i].name) && glib_pairs[i].make && o < 2;
			o++)
			glib_pairs[i].make(o);
	}
	return pair_run(pairs, argc, argv);
}
