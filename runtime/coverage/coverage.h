/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * coverage.h: the coverage runtime's own structures. docs/design/counting.md says why they are so.
 *
 *   module   an instrumented executable or shared object of this process
 *   file     its data file; two copies of one object share a file
 *   lane     a thread's delta, with a window for every module
 *   window   the pages at (a module's counter pages + a lane's delta): a slot of the file, or private memory
 *
 * Everything here is under the runtime's lock. A lane belongs to the thread entry of the same index and stays
 * with it when the entry is used again.
 */
#ifndef FL_COVERAGE_COVERAGE_H
#define FL_COVERAGE_COVERAGE_H

#include "core/arena.h"
#include "core/place.h"
#include "core/sys.h"
#include "core/threads.h"
#include "furlong/abi.h"
#include "furlong/format.h"

struct fl_file {
	struct fl_file *next;
	char *path;
	uint64_t id;
	dev_t device;
	ino_t inode;
	struct furlong_data_header *header; /* mapped shared, up to the slots */
	uint64_t *owners;                   /* likewise */
	uint64_t *held;                     /* a bit per slot: this process holds it */
	uint32_t search_from;               /* no slot below is free, as far as we know */
	int fd;                             /* open only while a module registers; else -1 */
};

enum fl_window_state {
	FL_WINDOW_NONE,
	FL_WINDOW_RESERVED, /* address space only */
	FL_WINDOW_PRIVATE,  /* memory of this process, handed in at exit */
	FL_WINDOW_SLOT,
	FL_WINDOW_STALE, /* mapped, but what a parent process counts into */
};

struct fl_window {
	enum fl_window_state state;
	uint32_t slot;
	uint64_t *folded; /* what was handed in of a private window */
};

enum fl_module_kind {
	FL_MODULE_EXPECTED, /* loaded, not registered yet; its code may run: windows over all it can write to
			     */
	FL_MODULE_COUNTING,
	FL_MODULE_FOREIGN, /* of another ABI: windows as if expected, never read */
};

struct fl_module {
	struct fl_module *next;
	enum fl_module_kind kind;
	uintptr_t low, high; /* the pages that windows mirror */
	struct furlong_coverage_module tables;
	uint64_t *counters;
	size_t counter_count;
	uint64_t id;
	char *path;
	struct fl_file *file;     /* NULL: could not be had */
	struct fl_table windows;  /* struct fl_window, by thread index */
	uint32_t seen;            /* the last look that found it loaded */
	bool in_section;          /* somebody counts into the section itself */
	bool in_private;          /* some window is private */
	bool said_private;        /* the file's header knows that */
	uint64_t *section_folded; /* what was handed in of the section */
	uint64_t *told;           /* label.c; NULL while no test was named */
};

struct fl_lane {
	intptr_t delta;  /* 0: none to be had */
	bool in_section; /* and so its thread counts into the sections themselves */
};

extern struct fl_module *fl_modules;

/* delta.c */
struct fl_delta_plan {
	intptr_t base; /* distance of the nearest candidate */
	uintptr_t span;
	int sign; /* 0: no deltas in this attempt */
};
#define FL_DELTA_ATTEMPTS 3 /* the later ones for when the places of the earlier ones are taken */
struct fl_delta_plan fl_delta_plan_make(const struct fl_sys_space *space, bool negative_ok, int attempt);
intptr_t fl_delta_candidate(const struct fl_delta_plan *plan, uint32_t number);

/* file.c */
struct fl_file *fl_file_get(const struct fl_module *module); /* leaves fd open; NULL after a message */
int fl_file_open_again(struct fl_file *file);                /* a descriptor, or -errno */
void fl_file_close(struct fl_file *file, int fd);
void fl_file_fork_child(void);
void fl_file_miss(void);                   /* says so if a file was removed meanwhile */
void fl_file_settle(struct fl_file *file); /* closes what fl_file_get left open */

/* layout.c: the tables as they go to a file */
uint64_t fl_layout_id(const struct furlong_coverage_module *tables, size_t page);
int fl_layout_write(int fd, const struct fl_module *module, const char *label);
bool fl_layout_matches(const struct furlong_data_header *header, const struct fl_module *module);

/* slot.c */
#define FL_SLOT_FIRST 1  /* slot 0 is everybody's */
void fl_slot_init(void); /* also in the child of a fork */
int fl_slot_map(
	struct fl_file *file, void *at, uint32_t *slot); /* claims one, maps it over what is at `at` */
int fl_slot_map_common(struct fl_file *file, void *at);
void fl_slot_release(struct fl_file *file, uint32_t slot);
void fl_slot_fork_child(struct fl_file *file);

/* window.c */
bool fl_window_may_have_more(void);
struct fl_window *fl_window_of(struct fl_module *module, uint32_t index);
int fl_window_reserve(struct fl_module *module, uint32_t index, intptr_t delta);
bool fl_window_fill(struct fl_module *module, uint32_t index, intptr_t delta); /* false: no memory */
void fl_window_drop(struct fl_module *module, uint32_t index, intptr_t delta);
void fl_window_narrow(
	struct fl_module *module, uint32_t index, intptr_t delta, uintptr_t low, uintptr_t high);
void fl_window_sync(struct fl_module *module, uint32_t index, intptr_t delta);
void fl_window_zero(struct fl_module *module, uint32_t index, intptr_t delta);
void fl_window_fork_child(struct fl_module *module, uint32_t index, intptr_t delta, bool is_self);
/* To another delta, contents and all: hold the place first, for every module. */
bool fl_window_hold(struct fl_module *module, uint32_t index, intptr_t delta);
void fl_window_unhold(struct fl_module *module, uint32_t index, intptr_t delta);
void fl_window_move(struct fl_module *module, uint32_t index, intptr_t from, intptr_t to);

/* label.c */
void fl_label_change(const char *name);
void fl_label_tell(void); /* what the present test counted so far */
bool fl_label_is_active(void);
void fl_label_forget(void); /* counts were set to zero */
/* A window has got a slot, with counts of others; a window goes, contents and all. */
void fl_label_claimed(struct fl_module *module, const uint64_t *window);
void fl_label_leaves(struct fl_module *module, const uint64_t *window);
void fl_label_fork_child(void); /* before the child's windows */

/* lane.c */
void fl_lane_init(void);
struct fl_lane *fl_lane_at(uint32_t index);
void fl_lane_prepare(uint32_t index); /* complete, or with delta 0 */
void fl_lane_enter(uint32_t index, bool own_tls);
void fl_lane_admit(struct fl_module *module, struct fl_thread *self); /* gives every lane a window */
void fl_lane_each_slot(struct fl_module *module, void (*each)(struct fl_module *, uint32_t, intptr_t));
void fl_lane_note_section(struct fl_module *module);
void fl_lane_fork_child(struct fl_thread *self);

/* module.c */
void fl_module_expect_loaded(void);
void fl_module_drop_gone(void); /* without the lock */

/* fold.c */
void fl_fold_section(struct fl_module *module, const struct fl_thread *self); /* at registration */
void fl_fold_all(bool at_exit);
void fl_fold_gone(struct fl_module *module); /* its section is not there any more */
void fl_fold_fork_child(void);

static inline uint64_t *fl_shifted(uint64_t *counters, intptr_t delta)
{
	return (uint64_t *)((uintptr_t)counters + (uintptr_t)delta);
}

#endif
