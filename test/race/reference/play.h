/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * play.h: between hidden.c, which runs the script and which no detector sees, and play.c, whose functions are
 * what the detector judges.
 */
#ifndef PLAY_H
#define PLAY_H

#include <stdint.h>

typedef uint64_t operation(char *p, uint64_t a, uint64_t b);

/* Calls f through five functions that spell `number` in hexadecimal, lowest digit outermost, so that a stack
 * says which operation of which script it was. */
uint64_t play_numbered(uint64_t number, operation *f, char *p, uint64_t a, uint64_t b);

/* By log2 of the size; misaligned ones from size 2. */
extern operation *const play_read[5], *const play_write[5], *const play_read_packed[5],
								    *const play_write_packed[5];
/* And by order; compare-and-exchange also by order on failure. Impossible orders are NULL. */
extern operation *const play_load[5][6],
	*const play_store[5][6], *const play_exchange[5][6], *const play_add[5][6], *const play_cas[5][6][6];
extern operation *const play_fence[6];
extern operation play_copy, play_fill, play_alloc, play_free, play_create, play_join, play_detach, play_lock,
	play_trylock, play_unlock, play_rdlock, play_tryrdlock, play_wrlock, play_trywrlock, play_rwunlock,
	play_post, play_wait, play_once, play_barrier, play_cwait, play_signal, play_broadcast, play_end;

/* A thread of the script: runs its part and returns. */
void hidden_run(int thread);

#endif
