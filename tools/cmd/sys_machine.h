/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sys_machine.h: what the doctor asks of this machine.
 */
#ifndef FURLONG_CMD_SYS_MACHINE_H
#define FURLONG_CMD_SYS_MACHINE_H

enum fl_machine_answer { FL_MACHINE_NO, FL_MACHINE_YES, FL_MACHINE_NOT_APPLICABLE };

/* Whether the kernel lets programs write the GS base (docs/design/counting.md). */
enum fl_machine_answer fl_machine_gs_base(void);

#endif
