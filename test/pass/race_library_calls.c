// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calls of the C library stay calls where the runtime's functions of these names have to see them, and copying has its
// check whether it is an intrinsic or not.
// RUN: %clang %race -O2 -S %s -o - | FileCheck --check-prefix=CALLS %s
// RUN: %clang %race -O2 -fno-builtin -S -emit-llvm %s -o - | FileCheck --check-prefix=NAMED %s
// RUN: %clang %race -O2 -S -emit-llvm %s -o - | FileCheck --check-prefix=NAMED %s
#include <string.h>

// CALLS-LABEL: same:
// CALLS: {{memcmp|bcmp}}
// CALLS-LABEL: .size same
int same(const char *a, const char *b)
{
	return memcmp(a, b, 8) == 0;
}
// NAMED-LABEL: @copy(
// NAMED-DAG: call {{.*}}@__furlong_race_read_range
// NAMED-DAG: call {{.*}}@__furlong_race_write_range
// NAMED: call {{.*}}memcpy
void copy(char *to, const char *from, unsigned long size)
{
	memcpy(to, from, size);
}
// NAMED-LABEL: @set(
// NAMED-NOT: read_range
// NAMED: call {{.*}}@__furlong_race_write_range
// NAMED: call {{.*}}memset
void set(char *to, unsigned long size)
{
	memset(to, 0, size);
}
