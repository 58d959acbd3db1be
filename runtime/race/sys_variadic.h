/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys_variadic.h: FL_VARIADIC marks a function whose arguments vary and are handed on. The runtime is
 * compiled without vector registers, in which floating-point arguments come: such a function must save them
 * all the same.
 *
 * Not defined where the compiler cannot be told so for a single function: nobody stands before those there.
 */
#ifndef FL_RACE_SYS_VARIADIC_H
#define FL_RACE_SYS_VARIADIC_H

#if defined(__x86_64__)
#define FL_VARIADIC __attribute__((target("sse2")))
#endif

#endif
