/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * annotate.h: the functions that annotated code calls: ThreadSanitizer's and those of the "dynamic
 * annotations", as their own headers declare them. Their names are theirs.
 */
#ifndef FL_RACE_ANNOTATE_H
#define FL_RACE_ANNOTATE_H

#include "race/intercept.h"
#include "race/race.h"

/* ---- <sanitizer/tsan_interface.h> ---- */

void __tsan_acquire(void *address);
void __tsan_release(void *address);
void __tsan_mutex_create(void *address, unsigned flags);
void __tsan_mutex_destroy(void *address, unsigned flags);
void __tsan_mutex_pre_lock(void *address, unsigned flags);
void __tsan_mutex_post_lock(void *address, unsigned flags, int recursion);
int __tsan_mutex_pre_unlock(void *address, unsigned flags);
void __tsan_mutex_post_unlock(void *address, unsigned flags);
void __tsan_mutex_pre_signal(void *address, unsigned flags);
void __tsan_mutex_post_signal(void *address, unsigned flags);
void __tsan_mutex_pre_divert(void *address, unsigned flags);
void __tsan_mutex_post_divert(void *address, unsigned flags);
void __tsan_check_no_mutexes_held(void);
void *__tsan_external_register_tag(const char *type);
void __tsan_external_register_header(void *tag, const char *header);
void __tsan_external_assign_tag(void *address, void *tag);
void __tsan_external_read(void *address, void *caller, void *tag);
void __tsan_external_write(void *address, void *caller, void *tag);
void __tsan_flush_memory(void);
void __tsan_init(void);

/* Maybe the program's. */
const char *__tsan_default_options(void) __attribute__((weak));
const char *__tsan_default_suppressions(void) __attribute__((weak));
void __tsan_on_initialize(void) __attribute__((weak));
int __tsan_on_finalize(int failed) __attribute__((weak));
void __tsan_on_report(void *report) __attribute__((weak));

/* Whether the thread switches between fibers and says so. */
bool fl_fiber_is_used(void);
/* Around __tsan_on_report: the report as its functions tell it. */
struct fl_report;
void fl_tsan_tell(struct fl_report *report);
void fl_tsan_told(void);

/* ---- reports told by the program to be none (benign.c) ---- */

void fl_benign_add(uintptr_t address, size_t size);
bool fl_benign_has(uintptr_t address);

#endif
