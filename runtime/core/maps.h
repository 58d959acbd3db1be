/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * maps.h: what is mapped where, as the kernel says, for code that may ask neither the loader (its lock) nor
 * malloc: a signal handler that looks at a program in any state.
 */
#ifndef FL_CORE_MAPS_H
#define FL_CORE_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A loaded object: the ELF header is at `begin`, readable, and everything up to `end` is its file. */
struct fl_map_object {
	uintptr_t begin, end, bias; /* address minus ELF address */
	uintptr_t unwind;           /* its .eh_frame_hdr; 0: none */
	uintptr_t entry;            /* where it starts, of a program */
	const char *path;
	char build_id[2 * 32 + 1];
	int number; /* for whoever numbers those that he names; 0 at first */
};

struct fl_maps {
	struct fl_map_range {
		uintptr_t begin, end;
	} * readable; /* ascending, neighbours joined */
	size_t readable_count;
	struct fl_map_range besides; /* what else can be read, as who looks knows */
	struct fl_map_object *objects;
	size_t object_count;
	void *memory; /* NULL: could not be had */
	size_t memory_bytes;
};

bool fl_maps_look(struct fl_maps *maps);
void fl_maps_forget(struct fl_maps *maps);
bool fl_maps_can_read(const struct fl_maps *maps, uintptr_t at, size_t size);
struct fl_map_object *fl_maps_object(const struct fl_maps *maps, uintptr_t at); /* or NULL */

#endif
