/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * loader.h: between loader.c and the trampoline in sys_trampoline.c.
 */
#ifndef FURLONG_PASS_LOADER_H
#define FURLONG_PASS_LOADER_H

/* llvmGetPassPluginInfo() of the chosen pass. Its result is a C++ struct whose size depends on the LLVM
 * version and that the caller has made room for, so it is never called from C, only jumped to. */
typedef void fl_loader_entry(void);

fl_loader_entry *fl_loader_pass_entry(void);

#endif
