/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * budget.c: budget.h. How long spells are.
 *
 * The program's own releases say how fast it goes. Where one takes r of CPU time while accesses are recorded,
 * and q while they are not, recording costs s = r / q. A part x of all CPU time that records adds of it
 * x (1 - 1 / s) to what the rest would have been without, so that
 *
 *	x = b / ((1 + b) (1 - 1 / s))
 *
 * keeps what is added at b, the budget. Where recording costs little, nearly all of the time does. Without
 * releases nothing is known, and s is taken for infinite.
 */
#include "race/budget.h"

#include "core/core.h"
#include "core/options.h"
#include "core/sys.h"

#define BUDGET_ROUND_NS 20000000  /* two spells; from half of it to one and a half times */
#define BUDGET_LOOK_NS  1000000   /* a rest is not ended before */
#define BUDGET_FIRST    (1 << 21) /* ticks, until it is known how long they are */
#define BUDGET_ONE      1024      /* parts are so many of this: there are no vector registers here */
#define BUDGET_MOST     960       /* of the time: what it costs must go on being measured */
#define BUDGET_FADES    8         /* an eighth of what was measured each round */

enum budget_spell { BUDGET_RECORDS, BUDGET_RESTS };

bool fl_budget_on;

static struct {
	uint64_t until; /* ticks */
	enum budget_spell spell;
	uint32_t turning;               /* somebody ends the spell */
	uint64_t begin_ticks, begin_ns; /* of the first spell */
	uint64_t cpu_ns, releases[2];   /* at the beginning of this one */
	uint64_t rested_ns;
	int64_t owed_ns;                    /* of CPU time to be passed at rest */
	uint64_t cpu_of[2], releases_of[2]; /* measured, fading */
	uint64_t random;
} budget;

void fl_budget_init(void)
{
	fl_budget_on = fl_options.race_budget < 100;
	budget.begin_ticks = budget.random = fl_sys_ticks();
	budget.begin_ns = fl_sys_monotonic_ns();
	budget.cpu_ns = fl_sys_cpu_ns();
	budget.until = budget.begin_ticks + BUDGET_FIRST;
}

void fl_budget_fork_child(void)
{
	budget.turning = 0;
	budget.cpu_ns = fl_sys_cpu_ns();
}

static uint64_t budget_random(void)
{
	budget.random ^= budget.random << 13;
	budget.random ^= budget.random >> 7;
	budget.random ^= budget.random << 17;
	return budget.random;
}

/* q / r */
static uint64_t budget_faster(void)
{
	uint64_t each[2];

	for (int spell = 0; spell < 2; spell++) {
		if (!budget.releases_of[spell])
			return 0;
		each[spell] = 16 * budget.cpu_of[spell] / budget.releases_of[spell];
	}
	if (each[BUDGET_RESTS] >= each[BUDGET_RECORDS])
		return BUDGET_ONE;
	return BUDGET_ONE * each[BUDGET_RESTS] / each[BUDGET_RECORDS];
}

/* The part of the time that records. */
static uint64_t budget_share(void)
{
	uint64_t b = (uint64_t)fl_options.race_budget, costs = BUDGET_ONE - budget_faster();
	uint64_t most = BUDGET_ONE * b / (100 + b) * BUDGET_ONE;

	return most >= BUDGET_MOST * costs ? BUDGET_MOST : most / costs;
}

/* What the spell that ends took and did. */
static uint64_t budget_measure(void)
{
	uint64_t cpu = fl_sys_cpu_ns(), taken = cpu - budget.cpu_ns, counts[FL_COUNT_ROOM];
	uint64_t releases;

	fl_race_counts(counts);
	releases = counts[FL_COUNT_RELEASES + budget.spell];
	budget.cpu_of[budget.spell] += taken - budget.cpu_of[budget.spell] / BUDGET_FADES;
	budget.releases_of[budget.spell] +=
		releases - budget.releases[budget.spell] - budget.releases_of[budget.spell] / BUDGET_FADES;
	budget.releases[budget.spell] = releases;
	budget.cpu_ns = cpu;
	if (budget.spell == BUDGET_RESTS)
		__atomic_fetch_add(&budget.rested_ns, taken, __ATOMIC_RELAXED);
	return taken;
}

/* In ticks. */
static uint64_t budget_ticks(uint64_t ns, uint64_t now)
{
	uint64_t passed_ns = fl_sys_monotonic_ns() - budget.begin_ns;

	return ns * ((now - budget.begin_ticks) / (passed_ns / BUDGET_ONE + 1)) / BUDGET_ONE;
}

/* A spell may come to be longer than it was to be, by how long nobody looks and how many threads run: a rest
 * lasts until what was recorded is paid for. */
static void budget_turn(uint64_t ticks)
{
	uint64_t share = budget_share(), length = BUDGET_ROUND_NS / 2 + budget_random() % BUDGET_ROUND_NS;
	uint64_t taken = budget_measure();

	if (budget.spell == BUDGET_RESTS)
		budget.owed_ns -= (int64_t)taken;
	else
		budget.owed_ns += (int64_t)(taken * (BUDGET_ONE - share) / (share + !share));
	length = length * share / BUDGET_ONE;
	if (budget.owed_ns > 0 || !share)
		length = BUDGET_LOOK_NS + (uint64_t)budget.owed_ns / 4;
	__atomic_store_n(&budget.spell, budget.owed_ns > 0 || !share ? BUDGET_RESTS : BUDGET_RECORDS,
		__ATOMIC_RELAXED);
	__atomic_store_n(&budget.until, ticks + budget_ticks(length, ticks), __ATOMIC_RELAXED);
}

static bool budget_is_over(uint64_t ticks)
{
	return FL_TINY(ticks >= __atomic_load_n(&budget.until, __ATOMIC_RELAXED), !(ticks >> 5 & 3));
}

void fl_budget_follow(struct fl_race_thread *self)
{
	uint64_t ticks = fl_sys_ticks();
	bool rests = self->ignore_reads_and_writes & FL_RESTS;

	if (budget_is_over(ticks) && !__atomic_exchange_n(&budget.turning, 1, __ATOMIC_ACQUIRE)) {
		if (budget_is_over(ticks))
			budget_turn(ticks);
		__atomic_store_n(&budget.turning, 0, __ATOMIC_RELEASE);
	}
	if (rests == (__atomic_load_n(&budget.spell, __ATOMIC_RELAXED) == BUDGET_RESTS))
		return;
	self->ignore_reads_and_writes ^= FL_RESTS;
	fl_race_publish(self);
}

uint64_t fl_budget_rested(void)
{
	uint64_t ns = __atomic_load_n(&budget.rested_ns, __ATOMIC_RELAXED);

	if (__atomic_load_n(&budget.spell, __ATOMIC_RELAXED) == BUDGET_RESTS)
		ns += fl_sys_cpu_ns() - budget.cpu_ns;
	return ns / 1000000;
}
