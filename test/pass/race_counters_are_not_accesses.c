// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// With coverage in the same build: counters are nobody's race.
// RUN: %clang %all -O0 -S -emit-llvm %s -o - | FileCheck %s
// RUN: %clang %all -O2 --target=aarch64-linux-gnu -S -emit-llvm %s -o - | FileCheck %s
// CHECK-LABEL: @count(
// CHECK: call {{.*}}@__furlong_race_write4
// CHECK-NOT: call {{.*}}@__furlong_race
// CHECK: {{^[}]}}
void count(int *p)
{
	*p = 1;
}
