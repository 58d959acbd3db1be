/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * channel.c: channel.h. A channel is a number, and has an object in a table, whose clock does the ordering.
 *
 * Entries stay. When there is no room near its place, a new channel shares the object of another: orders too
 * much then, invents nothing.
 */
#include "race/channel.h"

#include "core/sys.h"
#include "race/channel_socket.h"
#include "race/race.h"

#include <pthread.h>
#include <sys/stat.h>

#define CHANNELS      65536u
#define CHANNEL_TRIES 16

static struct channel {
	uint64_t key;
	uint32_t source; /* index + 1: what went in there comes out here too */
	uint32_t unused;
} channels[CHANNELS];

uint64_t fl_channel_mix(uint64_t kind, uint64_t a, uint64_t b)
{
	uint64_t hash = (kind * 0x9e3779b97f4a7c15u) ^ a;

	hash = (hash ^ hash >> 32) * 0xd6e8feb86659fd93u ^ b;
	hash = (hash ^ hash >> 29) * 0xbf58476d1ce4e5b9u;
	return (hash ^ hash >> 32) | 1;
}

static struct channel *channel_at(uint64_t key)
{
	uint32_t at = (uint32_t)(key >> 16) % CHANNELS;

	for (uint32_t i = 0; i < CHANNEL_TRIES; i++) {
		struct channel *entry = &channels[(at + i) % CHANNELS];
		uint64_t seen = __atomic_load_n(&entry->key, __ATOMIC_RELAXED);

		if (!seen && __atomic_compare_exchange_n(
				     &entry->key, &seen, key, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
			return entry;
		if (seen == key)
			return entry;
	}
	return &channels[at];
}

/* key 0: no channel. Inside the runtime. */
static void release_key(uint64_t key)
{
	if (key)
		fl_sync_release(channel_at(key));
}

static void acquire_key(uint64_t key)
{
	struct channel *from = key ? channel_at(key) : NULL;

	for (int i = 0; from && i < 8; i++) {
		uint32_t source = __atomic_load_n(&from->source, __ATOMIC_RELAXED);

		fl_sync_acquire(from);
		from = source ? &channels[source - 1] : NULL;
	}
}

#define WITH_THREADS                                                                                         \
	if (fl_race_concurrent)                                                                              \
	FL_RACE_INSIDE

void fl_channel_release(enum fl_channel_kind kind, uint64_t a, uint64_t b)
{
	WITH_THREADS release_key(fl_channel_mix(kind, a, b));
}

void fl_channel_acquire(enum fl_channel_kind kind, uint64_t a, uint64_t b)
{
	WITH_THREADS acquire_key(fl_channel_mix(kind, a, b));
}

/* ---- descriptors without an identity in the kernel: each open file has a number ---- */

#define DESCRIPTORS 65536
#define KIND_SHIFT  28
static uint32_t descriptor_ids[DESCRIPTORS];
static uint32_t descriptor_last;
static bool files_watched;

static void descriptor_set(int fd, uint32_t id)
{
	if (fd >= 0 && fd < DESCRIPTORS)
		__atomic_store_n(&descriptor_ids[fd], id, __ATOMIC_RELAXED);
}

static uint32_t descriptor_get(int fd)
{
	return fd >= 0 && fd < DESCRIPTORS ? __atomic_load_n(&descriptor_ids[fd], __ATOMIC_RELAXED) : 0;
}

static uint32_t descriptor_number(enum fl_descriptor kind)
{
	uint32_t number = __atomic_add_fetch(&descriptor_last, 1, __ATOMIC_RELAXED);

	return (number & ((1u << KIND_SHIFT) - 1)) | (uint32_t)kind << KIND_SHIFT;
}

void fl_channel_new(int fd, enum fl_descriptor kind)
{
	if (fd < 0)
		return;
	descriptor_set(fd, descriptor_number(kind));
	if (kind == FL_DESCRIPTOR_FILES)
		__atomic_store_n(&files_watched, true, __ATOMIC_RELAXED);
}

void fl_channel_same(int fd, int copy)
{
	if (copy >= 0)
		descriptor_set(copy, descriptor_get(fd));
}

void fl_channel_gone(int fd)
{
	descriptor_set(fd, 0);
}

bool fl_channel_is(int fd, enum fl_descriptor kind)
{
	return descriptor_get(fd) >> KIND_SHIFT == (uint32_t)kind;
}

/* One that came from elsewhere may be a copy of a known one. */
static uint32_t descriptor_find(int fd)
{
	for (int other = 0; other < 1024; other++) {
		uint32_t id = other == fd ? 0 : descriptor_get(other);

		if (id && fl_sys_same_file(fd, other))
			return id;
	}
	return descriptor_number(FL_DESCRIPTOR_PLAIN);
}

static uint32_t descriptor_id(int fd)
{
	uint32_t id = descriptor_get(fd);

	if (!id) {
		id = descriptor_find(fd);
		descriptor_set(fd, id);
	}
	return id;
}

uint64_t fl_channel_descriptor(int fd)
{
	uint64_t id = 0;

	WITH_THREADS id = descriptor_id(fd);
	return id;
}

/* ---- data ---- */

static uint64_t key_of(int fd, enum fl_direction direction)
{
	struct stat st;

	if (fl_sys_fstat(fd, &st))
		return 0;
	if (S_ISFIFO(st.st_mode))
		return fl_channel_mix(FL_CHANNEL_PIPE, st.st_dev, st.st_ino);
	if (S_ISSOCK(st.st_mode))
		return fl_socket_key(fd, st.st_ino, direction);
	if (!(st.st_mode & S_IFMT))
		return fl_channel_mix(FL_CHANNEL_DESCRIPTOR, descriptor_id(fd), 0);
	return 0;
}

void fl_channel_send(int fd)
{
	WITH_THREADS release_key(key_of(fd, FL_DIRECTION_OUT));
}

void fl_channel_send_to(int fd, const struct sockaddr *to, size_t room)
{
	WITH_THREADS
	release_key(to && room ? fl_socket_key_to(fd, to, room) : key_of(fd, FL_DIRECTION_OUT));
}

void fl_channel_receive(int fd)
{
	WITH_THREADS
	{
		acquire_key(key_of(fd, FL_DIRECTION_IN));
		if (__atomic_load_n(&files_watched, __ATOMIC_RELAXED) &&
			fl_channel_is(fd, FL_DESCRIPTOR_FILES))
			acquire_key(fl_channel_mix(FL_CHANNEL_FILES, 0, 0));
	}
}

void fl_channel_forward(int from, int to)
{
	WITH_THREADS
	{
		uint64_t source = key_of(from, FL_DIRECTION_IN), target = key_of(to, FL_DIRECTION_OUT);

		if (source && target && source != target)
			__atomic_store_n(&channel_at(target)->source,
				(uint32_t)(channel_at(source) - channels) + 1, __ATOMIC_RELAXED);
	}
}

void fl_channel_connect(const struct sockaddr *to, size_t room)
{
	WITH_THREADS release_key(fl_socket_listener(to, room));
}

void fl_channel_accept(int fd)
{
	WITH_THREADS acquire_key(fl_socket_listener_of(fd));
}

void fl_channel_pair(int a, int b)
{
	struct stat first, second;

	if (!fl_sys_fstat(a, &first) && !fl_sys_fstat(b, &second))
		fl_socket_pair(first.st_ino, second.st_ino);
}

/* ---- streams: they may be asked for every character ---- */

static uint32_t files_generation;
static __thread struct {
	const void *file;
	int fd;
	uint32_t generation;
	uint64_t in, out;
} file_last;

void fl_channel_forget_file(void)
{
	__atomic_add_fetch(&files_generation, 1, __ATOMIC_RELAXED);
}

static void file_look(const void *file, int fd)
{
	uint32_t generation = __atomic_load_n(&files_generation, __ATOMIC_RELAXED);

	if (file_last.file == file && file_last.fd == fd && file_last.generation == generation)
		return;
	file_last.in = key_of(fd, FL_DIRECTION_IN);
	file_last.out = key_of(fd, FL_DIRECTION_OUT);
	file_last.file = file;
	file_last.fd = fd;
	file_last.generation = generation;
}

void fl_channel_put(const void *file, int fd)
{
	if (fd < 0)
		return;
	WITH_THREADS
	{
		file_look(file, fd);
		release_key(file_last.out);
	}
}

void fl_channel_get(const void *file, int fd)
{
	if (fd < 0)
		return;
	WITH_THREADS
	{
		file_look(file, fd);
		acquire_key(file_last.in);
	}
}

/* ---- files ---- */

void fl_channel_files_change(void)
{
	if (__atomic_load_n(&files_watched, __ATOMIC_RELAXED))
		fl_channel_release(FL_CHANNEL_FILES, 0, 0);
}

static bool file_locks_used;

static uint64_t file_lock(int fd)
{
	struct stat st;

	return fl_sys_fstat(fd, &st) ? 0 : fl_channel_mix(FL_CHANNEL_FILE_LOCK, st.st_dev, st.st_ino);
}

void fl_channel_file_taken(int fd)
{
	__atomic_store_n(&file_locks_used, true, __ATOMIC_RELAXED);
	WITH_THREADS acquire_key(file_lock(fd));
}

void fl_channel_file_giving(int fd)
{
	if (__atomic_load_n(&file_locks_used, __ATOMIC_RELAXED))
		WITH_THREADS release_key(file_lock(fd));
}

/* POSIX message queues are files of a file system of their own. */
static uint64_t queue_key(int queue)
{
	struct stat st;

	return fl_sys_fstat(queue, &st) ? 0 : fl_channel_mix(FL_CHANNEL_QUEUE, st.st_dev, st.st_ino);
}

void fl_channel_queue_send(int queue)
{
	WITH_THREADS release_key(queue_key(queue));
}

void fl_channel_queue_receive(int queue)
{
	WITH_THREADS acquire_key(queue_key(queue));
}

/* ---- signals ---- */

void fl_channel_signal_sent(uint64_t thread, int signal)
{
	fl_channel_release(FL_CHANNEL_SIGNAL, thread, (uint64_t)signal);
}

/* Number 0: of timers, which do not say here what they will send. */
void fl_channel_signal_taken(int signal)
{
	WITH_THREADS
	{
		acquire_key(fl_channel_mix(FL_CHANNEL_SIGNAL, (uint64_t)pthread_self(), (uint64_t)signal));
		acquire_key(fl_channel_mix(FL_CHANNEL_SIGNAL, 0, (uint64_t)signal));
		acquire_key(fl_channel_mix(FL_CHANNEL_SIGNAL, 0, 0));
	}
}
