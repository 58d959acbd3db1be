/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys_machine.c: see sys_machine.h.
 */
#include "cmd/sys_machine.h"

#include <sys/auxv.h>

enum fl_machine_answer fl_machine_gs_base(void)
{
#ifdef __x86_64__
	enum { FSGSBASE = 2 }; /* a bit of AT_HWCAP2 */
	return getauxval(AT_HWCAP2) & FSGSBASE ? FL_MACHINE_YES : FL_MACHINE_NO;
#else
	return FL_MACHINE_NOT_APPLICABLE;
#endif
}
