/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * thread.h: what a thread's record owns elsewhere, and its calls in progress. Private to a few files.
 */
#ifndef FL_RACE_THREAD_H
#define FL_RACE_THREAD_H

#include "race/follow.h"

/* Every call in progress takes at least 16 bytes of stack, as much as its frame: an area as large as the
 * stack cannot be too small. */
#define FL_FRAMES_BYTES ((size_t)16 << 20)

/* frames.c: room for so many bytes of frames, one of which is in front of the first; NULL: no memory. */
struct furlong_race_frame *fl_frames_take(size_t bytes);
void fl_frames_give(struct furlong_race_frame *frames, size_t bytes);
void fl_frames_fork_child(void);

void fl_memo_free(struct fl_race_thread *thread);        /* access.c */
void fl_locks_known_free(struct fl_race_thread *thread); /* sync_lock.c */
void fl_called_free(struct fl_race_thread *thread);      /* context.c */

#endif
