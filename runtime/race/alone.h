/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * alone.h: what a program allocates before its first thread. Nothing is in the cells then, and a mark in
 * front of each block (block.c) would be all that brings them into memory: twice the heap. So such blocks
 * are marked in a table of an eighth of that, where they stay until they are given back.
 *
 *   word for 32 bytes    63..24 size   23 begins in the upper half   22..0 allocation context
 *
 * Of the C library's allocator only: its blocks are never closer, and begin at multiples of 16.
 */
#ifndef FL_RACE_ALONE_H
#define FL_RACE_ALONE_H

#include "race/race.h"

/* By the only thread. False: it cannot stand here, for lack of memory. */
bool fl_alone_mark(const struct fl_race_block *block);
/* By whoever gives the block back. False: it was not here. */
bool fl_alone_unmark(uintptr_t begin);
/* The block that begins there; `block` stays as it is where none does. */
bool fl_alone_at(uintptr_t begin, struct fl_race_block *block);
/* Whether any ever was in these 64 KiB. */
bool fl_alone_was_near(uintptr_t address);

/* As fl_context_here without size and kind: a program may allocate for long before its first thread, and each
 * call of a function forgets its node. Nodes and contexts are never given up. */
uint32_t fl_alone_context(const void *pc, const void *caller);

#endif
