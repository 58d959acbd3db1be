/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * end.h: a generated program leaves in the middle, at the END_AFTER-th call of end_here, by END_HOW. Of no
 * interest to coverage itself.
 */
#pragma GCC system_header
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static jmp_buf end_place;

static void end_here(void)
{
	static int calls;

	if (++calls != END_AFTER)
		return;
	switch (END_HOW) {
	case 0:
		exit(3);
	case 1:
		longjmp(end_place, 1);
	case 2:
		_exit(4);
	case 3:
		abort();
	case 4:
		raise(SIGKILL);
	}
}
