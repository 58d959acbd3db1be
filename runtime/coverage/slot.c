/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * slot.c: slots are claimed by compare-and-swap on their owner's word, in the mapped file, between processes.
 *
 * Counts in a claimed slot stay and go on. When in doubt an owner is alive: that costs a slot, never a count.
 */
#include "coverage/coverage.h"

#include <errno.h>

#define SPARE_SLOTS 3 /* that the file is long enough for, ahead of need */

static struct {
	uint64_t word;       /* ours */
	uint32_t name_space; /* 0: unknown, then nobody is ever found dead */
} self_owner;

void fl_slot_init(void)
{
	self_owner.name_space = fl_sys_pid_namespace();
	self_owner.word = FURLONG_OWNER(fl_sys_process(), self_owner.name_space);
}

static uint64_t alive_owner; /* the last one that was found alive; of the present search */

static bool is_held(const struct fl_file *file, uint32_t slot)
{
	return file->held[slot / 64] >> (slot % 64) & 1;
}

static void set_held(struct fl_file *file, uint32_t slot, bool held)
{
	uint64_t bit = (uint64_t)1 << (slot % 64);

	if (held)
		file->held[slot / 64] |= bit;
	else
		file->held[slot / 64] &= ~bit;
}

/* Our own word on a slot that we do not hold is left from before an exec, or from a dead process of our
 * number. */
static bool is_free(const struct fl_file *file, uint32_t slot, uint64_t owner)
{
	if (owner == 0)
		return true;
	if (!self_owner.name_space || FURLONG_OWNER_NAMESPACE(owner) != self_owner.name_space)
		return false;
	if (owner == self_owner.word)
		return !is_held(file, slot);
	/* One that has many slots is asked for once in a row. */
	if (owner == alive_owner)
		return false;
	if (fl_sys_process_is_dead((int32_t)FURLONG_OWNER_PID(owner)))
		return true;
	alive_owner = owner;
	return false;
}

static bool claim_word(struct fl_file *file, uint32_t slot)
{
	uint64_t owner = __atomic_load_n(&file->owners[slot], __ATOMIC_RELAXED);

	if (!is_free(file, slot, owner))
		return false;
	if (!__atomic_compare_exchange_n(
		    &file->owners[slot], &owner, self_owner.word, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		return false;
	set_held(file, slot, true);
	return true;
}

void fl_slot_release(struct fl_file *file, uint32_t slot)
{
	set_held(file, slot, false);
	if (slot < file->search_from)
		file->search_from = slot;
	__atomic_store_n(&file->owners[slot], 0, __ATOMIC_RELEASE);
}

static uint32_t slots_used(const struct fl_file *file)
{
	return __atomic_load_n(&file->header->slots_used, __ATOMIC_ACQUIRE);
}

static void raise_slots_used(struct fl_file *file, uint32_t used)
{
	uint32_t seen = slots_used(file);

	while (seen < used && !__atomic_compare_exchange_n(&file->header->slots_used, &seen, used, false,
				      __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		;
}

/* The page of owners that a slot beyond the used ones is the first of has no blocks yet. */
static int allocate_owner(struct fl_file *file, int fd, uint32_t slot)
{
	uint64_t page = fl_sys_page_size(), offset = file->header->owners_offset + slot * sizeof(uint64_t);

	if (offset % page)
		return 0;
	return fd < 0 ? fd : fl_sys_allocate(fd, offset, page);
}

/* Any slot that is free, else the first one beyond. */
static int claim(struct fl_file *file, int fd, uint32_t *slot)
{
	uint32_t i = file->search_from;
	int rc;

	alive_owner = 0;
	for (; i < slots_used(file); i++)
		if (claim_word(file, i))
			goto claimed;
	for (; i < file->header->slot_capacity; i++) {
		rc = allocate_owner(file, fd, i);
		if (rc)
			return rc;
		if (claim_word(file, i))
			goto claimed;
	}
	return -EMFILE;
claimed:
	file->search_from = i + 1;
	*slot = i;
	return 0;
}

static uint64_t offset_of(const struct fl_file *file, uint32_t slot)
{
	return file->header->slots_offset + slot * file->header->slot_stride;
}

static int map_by_descriptor(struct fl_file *file, int fd, uint32_t slot, void *at)
{
	uint64_t stride = file->header->slot_stride, offset = offset_of(file, slot);
	int rc = fl_sys_allocate(fd, offset, stride);

	if (rc)
		return rc;
	/* Best effort: so that a process that can open nothing any more still finds room for its next
	 * threads. Those slots may be others': no write may stand in for it. */
	if (slot >= slots_used(file))
		fl_sys_extend(fd, offset + (SPARE_SLOTS + 1) * stride);
	return fl_sys_map(&at, stride, FL_SYS_MAP_REPLACE, fd, offset);
}

/* No descriptor to be had (all used up, changed root, other user): the header's mapping leads to the file. */
static int map_without_descriptor(struct fl_file *file, uint32_t slot, void *at)
{
	uint64_t stride = file->header->slot_stride;
	int rc = fl_sys_map_again(file->header, offset_of(file, slot), at, stride);

	return rc ? rc : fl_sys_populate(at, stride);
}

int fl_slot_map(struct fl_file *file, void *at, uint32_t *slot)
{
	int fd = fl_file_open_again(file);
	int rc = claim(file, fd, slot);

	if (!rc) {
		rc = fd >= 0 ? map_by_descriptor(file, fd, *slot, at)
			     : map_without_descriptor(file, *slot, at);
		if (rc) {
			fl_slot_release(file, *slot);
			if (fd < 0)
				rc = fd;
		} else {
			raise_slots_used(file, *slot + 1);
		}
	}
	fl_file_close(file, fd);
	return rc;
}

/* Over what is at `at`. Its blocks are there since the file is. */
int fl_slot_map_common(struct fl_file *file, void *at)
{
	return fl_sys_map_again(file->header, offset_of(file, 0), at, file->header->slot_stride);
}

void fl_slot_fork_child(struct fl_file *file)
{
	for (uint32_t i = 0; i < file->header->slot_capacity / 64 + 1; i++)
		file->held[i] = 0;
	file->search_from = FL_SLOT_FIRST;
}
