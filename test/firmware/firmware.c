/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * firmware.c: a program for a Cortex-M3 without an operating system or a C library. A line with a comment
 * "ran N" runs N times. It hands out its counters by semihosting.
 */
#include <furlong/minimal.h>
#include <stdint.h>

#define SYS_OPEN     0x01
#define SYS_WRITE    0x05
#define SYS_EXIT     0x18
#define OPEN_BINARY  5 /* "wb" */
#define EXIT_REGULAR ((const void *)0x20026)

extern uint32_t stack_top[], data_begin[], data_end[], data_from[], bss_begin[], bss_end[];

static volatile uint32_t input = 12, found;
static volatile int interrupted;

static int host(int operation, const void *argument)
{
	register int r0 __asm__("r0") = operation;
	register const void *r1 __asm__("r1") = argument;

	__asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
	return r0;
}

static uint32_t count_bits(uint32_t value)
{
	uint32_t bits = 0; /* ran 3 */

	while (value) {
		if (value & 1)
			bits++; /* ran 9 */
		value >>= 1;    /* ran 11 */
	}
	return bits; /* ran 3 */
}

static uint32_t never(uint32_t value)
{
	return value * 3; /* ran 0 */
}

static void on_pending(void)
{
	interrupted++; /* ran 2 */
}

/* Where the debugger stops. */
__attribute__((noinline)) static void write_counters(const void *bytes, unsigned long size)
{
	static const char name[] = "firmware.elf.counters";
	const void *open[] = {name, (const void *)OPEN_BINARY, (const void *)(sizeof(name) - 1)};
	const void *write[] = {(const void *)(uintptr_t)host(SYS_OPEN, open), bytes, (const void *)size};

	host(SYS_WRITE, write);
}

static void work(void)
{
	volatile uint32_t *pend = (volatile uint32_t *)0xe000ed04; /* ran 1 */

	found = count_bits(input) + count_bits(input ^ 3) + count_bits(7); /* ran 1 */
	*pend = 1u << 28;
	__asm__ volatile("isb");
	*pend = 1u << 28;
	__asm__ volatile("isb");
	if (input > 100)
		found = never(input); /* ran 0 */
	else if (input > 10)
		found++; /* ran 1 */
}

static void reset(void)
{
	for (uint32_t *to = data_begin, *from = data_from; to < data_end;)
		*to++ = *from++;
	for (uint32_t *to = bss_begin; to < bss_end;)
		*to++ = 0;
	work();
	furlong_minimal_write(write_counters);
	host(SYS_EXIT, found == 10 && interrupted == 2 ? EXIT_REGULAR : 0);
	for (;;)
		;
}

__attribute__((section(".vectors"), used)) static const void *const vectors[16] = {
	[0] = stack_top,
	[1] = (const void *)reset,
	[14] = (const void *)on_pending,
};
