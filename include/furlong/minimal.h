/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * minimal.h: coverage without a runtime, for firmware that is built with `furlong flags coverage-minimal`:
 * how its counters get out. docs/firmware.md has the whole of it. Without that flag both are empty.
 */
#ifndef FURLONG_MINIMAL_H
#define FURLONG_MINIMAL_H

#ifdef __cplusplus
extern "C" {
#endif

#ifdef FURLONG_COVERAGE_MINIMAL

/* The linker's bounds of the counters, which the program's start must have set to zero. */
extern unsigned char __start_furlong_cnt[] __attribute__((weak, visibility("hidden")));
extern unsigned char __stop_furlong_cnt[] __attribute__((weak, visibility("hidden")));

/* All of them, as they are: what a debugger would read from there. By any way out: a serial line,
 * semihosting, flash.
 */
static inline void furlong_minimal_write(void (*write)(const void *bytes, unsigned long size))
{
	write(__start_furlong_cnt, (unsigned long)(__stop_furlong_cnt - __start_furlong_cnt));
}

static inline void furlong_minimal_reset(void)
{
	volatile unsigned char *at = __start_furlong_cnt;

	while (at != __stop_furlong_cnt)
		*at++ = 0;
}

#else

static inline void furlong_minimal_write(void (*write)(const void *bytes, unsigned long size))
{
	(void)write;
}

static inline void furlong_minimal_reset(void)
{
}

#endif

#ifdef __cplusplus
}
#endif
#endif
