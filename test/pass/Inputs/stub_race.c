/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * stub_race.c: the least race runtime there can be, so that the pass is tested by itself.
 *
 * At first every access looks recorded: then no slow path may be taken, and an instrumented program behaves
 * as if it were not. Between stub_begin() and stub_end() the calling thread has cells, which slow paths fill
 * in, and what the runtime is told is written to stdout, a line each. A check that is right says nothing the
 * second time.
 */
#include "stub_race.h"
#include <furlong/abi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VISIBLE __attribute__((visibility("default")))

enum { FOLD = 1 << 20 };

static char zeros[256] __attribute__((aligned(16)));
static char cells[2 * FOLD + 256] __attribute__((aligned(16)));
static struct furlong_race_frame frames[1 << 20];
VISIBLE __thread struct furlong_race_thread __furlong_race_self = {.cells = zeros, .top = frames + 1};

static int active;
static const char *base;

VISIBLE void stub_begin(const void *origin)
{
	memset(cells, 0, sizeof cells);
	base = origin;
	active = 1;
	stub_epoch(1);
	__furlong_race_self.shared = UINT64_MAX;
	__furlong_race_self.cells = cells;
	__furlong_race_self.mask = FOLD - 8;
}

VISIBLE void stub_end(void)
{
	active = 0;
	__furlong_race_self.mask = 0;
	__furlong_race_self.cells = zeros;
	__furlong_race_self.epoch = 0;
}

VISIBLE void stub_epoch(unsigned clock)
{
	__furlong_race_self.epoch = (5ULL << FURLONG_RACE_CLOCK_BITS | clock) << FURLONG_RACE_EPOCH_SHIFT;
}

static uint64_t *cell_of(uintptr_t address)
{
	return (uint64_t *)(cells + 2 * (address & (FOLD - 8)));
}

VISIBLE void stub_share(const void *address)
{
	__furlong_race_self.shared = cell_of((uintptr_t)address)[1] = 0xffe0000000000042;
}

VISIBLE unsigned long stub_depth(void)
{
	return (unsigned long)(__furlong_race_self.top - frames - 1);
}

VISIBLE const void *stub_frame(unsigned up)
{
	return __furlong_race_self.top[-1 - (int)up].return_address;
}

VISIBLE void __furlong_race_module(uint32_t version, const struct furlong_race_module *module)
{
	if (version != FURLONG_ABI_VERSION || module->units_begin >= module->units_end)
		abort();
}

/* A word of a cell after an access of ours: the bytes that it or the word had. */
static uint64_t merged(uint64_t word, uint64_t need)
{
	uint64_t epoch = __furlong_race_self.epoch;
	uint64_t missing = 0xff;
	if (word >> FURLONG_RACE_EPOCH_SHIFT == epoch >> FURLONG_RACE_EPOCH_SHIFT)
		missing = word >> FURLONG_RACE_MISSING_SHIFT & 0xff;
	return epoch | (missing & ~need) << FURLONG_RACE_MISSING_SHIFT | 0x1234;
}

static void record(uintptr_t address, uint64_t size, int write)
{
	for (uintptr_t at = address; at < address + size;) {
		uintptr_t cell = at & ~7UL, end = address + size < cell + 8 ? address + size : cell + 8;
		uint64_t need = (1ULL << (end - cell)) - (1ULL << (at - cell));
		uint64_t *word = cell_of(cell);
		word[1] = merged(word[1], need);
		if (write)
			word[0] = merged(word[0], need);
		at = end;
	}
}

static void tell(const char *what, const volatile void *address, uint64_t size, int write, const void *caller)
{
	if (!active) {
		fprintf(stderr, "stub: slow path taken: %s\n", what);
		abort();
	}
	record((uintptr_t)address, size, write);
	printf("%s +%ld size %lu caller %s\n", what, (long)((const volatile char *)address - base),
		(unsigned long)size, caller ? "given" : "none");
}

/* Everything that the compiler believes to be preserved is. */
#define SLOW(name, ...)                                                                                      \
	VISIBLE __attribute__((preserve_all)) void slow_##name(                                              \
		const volatile void *address, __VA_ARGS__) __asm__("__furlong_race_" #name);                 \
	void slow_##name(const volatile void *address, __VA_ARGS__)
#define FIXED(name, size, write)                                                                             \
	SLOW(name, const void *caller)                                                                       \
	{                                                                                                    \
		tell(#name, address, size, write, caller);                                                   \
	}
/* Of one stack: far from its caller is only what has much on it. */
VISIBLE __attribute__((preserve_all)) void slow_stack(const volatile void *address) __asm__(
	"__furlong_race_stack");
void slow_stack(const volatile void *address)
{
	__furlong_race_self.top[-1].place = (uint32_t)(uintptr_t)address + FURLONG_RACE_NEAR / 2;
}
FIXED(read1, 1, 0)
FIXED(read2, 2, 0)
FIXED(read4, 4, 0)
FIXED(read8, 8, 0)
FIXED(read16, 16, 0)
FIXED(read_vptr, 8, 0)
FIXED(write1, 1, 1)
FIXED(write2, 2, 1)
FIXED(write4, 4, 1)
FIXED(write8, 8, 1)
FIXED(write16, 16, 1)
SLOW(write_vptr, const void *value, const void *caller)
{
	(void)value;
	tell("write_vptr", address, 8, 1, caller);
}
/* Also called without a test in line. */
SLOW(read_range, uint64_t size, const void *caller)
{
	if (active)
		tell("read_range", address, size, 0, caller);
}
SLOW(write_range, uint64_t size, const void *caller)
{
	if (active)
		tell("write_range", address, size, 1, caller);
}

SLOW(read_volatile, uint64_t size, const void *caller)
{
	if (active)
		tell("read_volatile", address, size, 0, caller);
}

SLOW(write_volatile, uint64_t size, const void *caller)
{
	if (active)
		tell("write_volatile", address, size, 1, caller);
}

SLOW(atomic_begin, uint32_t size, uint32_t what, const void *caller)
{
	if (active)
		printf("atomic_begin +%ld size %u what %#x caller %s\n",
			(long)((const volatile char *)address - base), size, what, caller ? "given" : "none");
}

SLOW(atomic_end, uint32_t size, uint32_t what, uint32_t stored)
{
	if (active)
		printf("atomic_end +%ld size %u what %#x stored %u\n",
			(long)((const volatile char *)address - base), size, what, stored);
}

VISIBLE __attribute__((preserve_all)) void slow_fence(uint32_t order) __asm__("__furlong_race_fence");
void slow_fence(uint32_t order)
{
	if (active)
		printf("fence %u\n", order);
}
