/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * stub_race.c: the least race runtime there can be: every access looks recorded, and slow paths end the program. With
 * it an instrumented program must behave as if it were not.
 */
#include <furlong/abi.h>
#include <stdio.h>
#include <stdlib.h>

#define VISIBLE __attribute__((visibility("default")))
#define SLOW    VISIBLE __attribute__((preserve_all))

static char zeros[128] __attribute__((aligned(16)));
static struct furlong_race_frame frames[1 << 20];
VISIBLE __thread struct furlong_race_thread __furlong_race_self = {.cells = zeros, .top = frames};

VISIBLE void __furlong_race_module(uint32_t version, const struct furlong_race_module *module)
{
	if (version != FURLONG_ABI_VERSION || module->units_begin >= module->units_end)
		abort();
}

static void unexpected(const char *what)
{
	fprintf(stderr, "stub: slow path taken: %s\n", what);
	abort();
}

#define STUB(name)                                                                                           \
	SLOW void __furlong_race_##name(const volatile void *address, const void *caller)                    \
	{                                                                                                    \
		(void)address, (void)caller;                                                                 \
		unexpected(#name);                                                                           \
	}
STUB(read1) STUB(read2) STUB(read4) STUB(read8) STUB(read16) STUB(read_vptr)
STUB(write1) STUB(write2) STUB(write4) STUB(write8) STUB(write16)

SLOW void __furlong_race_write_vptr(const volatile void *address, const void *value, const void *caller)
{
	(void)address, (void)value, (void)caller;
	unexpected("write_vptr");
}

/* Called for every access of their kind. */
SLOW void __furlong_race_read_range(const volatile void *address, uint64_t size, const void *caller)
{
	(void)address, (void)size, (void)caller;
}
SLOW void __furlong_race_write_range(const volatile void *address, uint64_t size, const void *caller)
{
	(void)address, (void)size, (void)caller;
}
VISIBLE void __furlong_race_read_volatile(const volatile void *address, uint64_t size, const void *caller)
{
	(void)address, (void)size, (void)caller;
}
VISIBLE void __furlong_race_write_volatile(const volatile void *address, uint64_t size, const void *caller)
{
	(void)address, (void)size, (void)caller;
}
VISIBLE void __furlong_race_atomic_begin(
	const volatile void *address, uint32_t size, uint32_t what, const void *caller)
{
	(void)address, (void)size, (void)what, (void)caller;
}
VISIBLE void __furlong_race_atomic_end(const volatile void *address, uint32_t size, uint32_t what, uint32_t stored)
{
	(void)address, (void)size, (void)what, (void)stored;
}
VISIBLE void __furlong_race_fence(uint32_t order)
{
	(void)order;
}
