/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * team.c: see team.h. Threads that cannot be started are done without.
 */
#include "util/team.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "util/memory.h"

enum { MOST_HELPERS = 7 };

struct team {
	fl_team_piece *piece;
	void *context;
	size_t count;
	atomic_size_t next;
};

static void *work(void *argument)
{
	struct team *team = argument;
	struct fl_arena *arena = fl_arena_new();
	for (size_t i; (i = atomic_fetch_add(&team->next, 1)) < team->count;)
		team->piece(team->context, i, arena);
	return arena;
}

void fl_team_run(size_t count, fl_team_piece *piece, void *context, struct fl_arena *arena)
{
	struct team team = {piece, context, count, 0};
	pthread_t helpers[MOST_HELPERS];
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t wanted = count < 2 || processors < 2 ? 0 : (size_t)processors - 1, started = 0;
	if (wanted > MOST_HELPERS)
		wanted = MOST_HELPERS;
	while (started < wanted && !pthread_create(&helpers[started], NULL, work, &team))
		started++;
	fl_arena_adopt(arena, work(&team));
	for (size_t i = 0; i < started; i++) {
		void *its;
		pthread_join(helpers[i], &its);
		fl_arena_adopt(arena, its);
	}
}
