/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * fatal.h: signals that would end the program are noticed, and end it all the same: same status, same core,
 * and the program sees no handler but its own. Whoever stands before sigaction and its kin passes through
 * here.
 */
#ifndef FL_CORE_FATAL_H
#define FL_CORE_FATAL_H

#include <signal.h>

void fl_fatal_init(void);
void fl_fatal_thread_start(void);
void fl_fatal_fork_child(void);

int fl_fatal_sigaction(int (*real)(int, const struct sigaction *, struct sigaction *), int signal,
	const struct sigaction *action, struct sigaction *old);
__sighandler_t fl_fatal_signal(
	__sighandler_t (*real)(int, __sighandler_t), int signal, __sighandler_t handler);
void fl_fatal_hide_stack(stack_t *told);                   /* of what sigaltstack tells */
int fl_fatal_sigaltstack(const stack_t *to, stack_t *was); /* as sigaltstack */

#endif
