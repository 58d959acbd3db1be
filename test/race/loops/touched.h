/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * touched.h: which bytes a shape of loop touches, by its own account.
 */
#ifndef TOUCHED_H
#define TOUCHED_H

#include <stddef.h>

enum { BUFFER = 1600, READ = 1, WRITTEN = 2 };
extern unsigned char touched[BUFFER];
void touch(size_t shape, long n);

/* For the loops: nobody knows what they do. */
void loops_use(long value);
long loops_half(long n);

#endif
