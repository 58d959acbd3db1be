/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * descriptor.c: descriptor.h.
 */
#include "race/descriptor.h"

#include "core/sys.h"
#include "race/channel.h"
#include "race/race.h"

#include <sys/stat.h>

#define DESCRIPTOR_PLACES 65536

static uint64_t descriptor_places[DESCRIPTOR_PLACES];
static bool
	descriptor_closed[DESCRIPTOR_PLACES]; /* and not yet given out again, by a function that we know */
static int descriptor_places_end;             /* behind the highest that was looked at */

static bool has_place(int fd)
{
	return fl_race_concurrent && fd >= 0 && fd < DESCRIPTOR_PLACES;
}

static bool is_open(int fd)
{
	struct stat st;

	return !fl_sys_fstat(fd, &st);
}

const void *fl_descriptor_used(int fd)
{
	if (!has_place(fd))
		return NULL;
	/* It came by a function that does not say so. */
	if (__atomic_load_n(&descriptor_closed[fd], __ATOMIC_RELAXED) && is_open(fd))
		fl_descriptor_got(fd);
	for (int end = __atomic_load_n(&descriptor_places_end, __ATOMIC_RELAXED); end <= fd;)
		__atomic_compare_exchange_n(
			&descriptor_places_end, &end, fd + 1, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
	return &descriptor_places[fd];
}

const void *fl_descriptor_closing(int fd)
{
	if (!has_place(fd) || !fl_race_process_is_ours())
		return NULL;
	/* To close what never was open, as programs do with all numbers, is nothing; to close twice is. */
	return __atomic_load_n(&descriptor_closed[fd], __ATOMIC_RELAXED) || is_open(fd)
		       ? fl_descriptor_used(fd)
		       : NULL;
}

void fl_descriptor_closes(int fd)
{
	if (!has_place(fd) || !fl_race_process_is_ours())
		return;
	__atomic_store_n(&descriptor_closed[fd], true, __ATOMIC_RELAXED);
	fl_channel_release(FL_CHANNEL_NUMBER, (uint64_t)fd, 0);
}

void fl_descriptor_got(int fd)
{
	if (!has_place(fd) || !__atomic_load_n(&descriptor_closed[fd], __ATOMIC_RELAXED) ||
		!fl_race_process_is_ours())
		return;
	__atomic_store_n(&descriptor_closed[fd], false, __ATOMIC_RELAXED);
	fl_channel_acquire(FL_CHANNEL_NUMBER, (uint64_t)fd, 0);
}

bool fl_descriptor_at(uintptr_t address, int *fd)
{
	if (address < (uintptr_t)descriptor_places ||
		address >= (uintptr_t)(descriptor_places + DESCRIPTOR_PLACES))
		return false;
	*fd = (int)((address - (uintptr_t)descriptor_places) / sizeof(*descriptor_places));
	return true;
}

/* What other threads of the parent did with theirs is nothing to the child's. */
void fl_descriptor_fork_child(void)
{
	fl_shadow_reset(descriptor_places, (size_t)descriptor_places_end * sizeof(*descriptor_places));
}
