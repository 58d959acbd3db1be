/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * doctor.h: what the parts of `furlong doctor` share: findings, one line each.
 */
#ifndef FURLONG_CMD_DOCTOR_H
#define FURLONG_CMD_DOCTOR_H

#include "cmd/cmd.h"

struct doctor {
	struct fl_settings *settings;
	struct fl_arena *arena;
	unsigned problems;
};

/* Something is as it should be. */
void fl_doctor_well(struct doctor *doctor, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Worth knowing, not wrong. */
void fl_doctor_remark(struct doctor *doctor, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Something is wrong; `mend` says what to do. */
void fl_doctor_problem(struct doctor *doctor, const char *mend, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void fl_doctor_installation(struct doctor *doctor);
void fl_doctor_compilers(struct doctor *doctor, const char *library_directory);
void fl_doctor_binary(struct doctor *doctor, const char *path);
void fl_doctor_data(struct doctor *doctor, const char *path);

#endif
