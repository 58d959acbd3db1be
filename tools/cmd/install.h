/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * install.h: where the other parts of this installation stand.
 */
#ifndef FURLONG_CMD_INSTALL_H
#define FURLONG_CMD_INSTALL_H

struct fl_arena;

/* PREFIX/lib/furlong/VERSION, from the tool's own place in PREFIX/bin; NULL when that cannot be told. */
char *fl_install_library_directory(struct fl_arena *arena);

#endif
