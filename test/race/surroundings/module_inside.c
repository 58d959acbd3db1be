/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * module_inside.c: the module.
 */
static int own __attribute__((used));

__attribute__((noinline)) void write_own(void)
{
	own = 1;
	__asm__ volatile("" ::: "memory");
}

__attribute__((noinline)) void write_there(int *p)
{
	*p = 1;
	__asm__ volatile("" ::: "memory");
}
