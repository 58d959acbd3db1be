/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * descriptor.h: descriptors as something that threads may race for. To use one is to read it, to close it is
 * to write it: a use and a close that nothing orders may meet, and then the use is of whatever got the number
 * next. Each number has 8 bytes of our memory that stand for it, with the shadow of any other memory.
 *
 * The kernel gives a number out again after it was closed, and who gets it comes after who closed it.
 */
#ifndef FL_RACE_DESCRIPTOR_H
#define FL_RACE_DESCRIPTOR_H

#include <stdbool.h>
#include <stdint.h>

/* What stands for it; NULL: it has nothing, or is not this process's. Before it is used, and before it is
 * closed. */
const void *fl_descriptor_used(int fd);
const void *fl_descriptor_closing(int fd);
/* After it was looked at, before it is closed; and when the kernel gave it. */
void fl_descriptor_closes(int fd);
void fl_descriptor_got(int fd);
/* Whether the address stands for one. */
bool fl_descriptor_at(uintptr_t address, int *fd);
void fl_descriptor_fork_child(void);

#endif
