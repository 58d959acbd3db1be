// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Clang's mapping, names and runtime are gone; furlong's four sections are there; at every level.
// RUN: %clang %coverage -O0 -c %s -o %t.o && llvm-readobj --sections --symbols %t.o | FileCheck %s
// RUN: %clang %coverage -O1 -c %s -o %t.o && llvm-readobj --sections --symbols %t.o | FileCheck %s
// RUN: %clang %coverage -O2 -c %s -o %t.o && llvm-readobj --sections --symbols %t.o | FileCheck %s
// RUN: %clang %coverage -O3 -c %s -o %t.o && llvm-readobj --sections --symbols %t.o | FileCheck %s
// RUN: %clang %coverage -Os -c %s -o %t.o && llvm-readobj --sections --symbols %t.o | FileCheck %s
// RUN: %clang %coverage -O0 -c %s -o %t.o && llvm-readobj --sections --symbols %t.o | FileCheck %s --check-prefix=NONE
// RUN: %clang %coverage -O2 -c %s -o %t.o && llvm-readobj --sections --symbols %t.o | FileCheck %s --check-prefix=NONE
// RUN: %clang %coverage -O2 -fcoverage-mcdc -c %s -o %t.o 2>&1 || true
// CHECK-DAG: Name: furlong_cnt
// CHECK-DAG: Name: furlong_fn
// CHECK-DAG: Name: furlong_map
// CHECK-DAG: Name: furlong_id
// CHECK-DAG: Name: .init_array.0
// CHECK-DAG: Name: __furlong_coverage_module
// NONE-NOT: __llvm_
// NONE-NOT: __prof
// NONE-NOT: __cov
// NONE-NOT: __furlong_count{{ }}
static int unused(void)
{
	return 3;
}
int used(int x)
{
	return x && x > 3 ? x : -x;
}
