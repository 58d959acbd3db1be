// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Line tables appear where no -g was given, and a user's -g is left as it was, wherever it stands.
// RUN: %clang %coverage -O1 -S -emit-llvm %s -o - | FileCheck %s --check-prefix=NONE
// RUN: %clang -g %coverage -O1 -S -emit-llvm %s -o - | FileCheck %s --check-prefix=FULL
// RUN: %clang %coverage -g -O1 -S -emit-llvm %s -o - | FileCheck %s --check-prefix=FULL
// RUN: %clang -gline-tables-only %coverage -O1 -S -emit-llvm %s -o - | FileCheck %s --check-prefix=NONE
// RUN: %clang %coverage -O1 -c %s -o %t.o
// RUN: llvm-objdump -d -l %t.o | FileCheck %s --check-prefix=LINES
// NONE: distinct !DICompileUnit({{.*}}emissionKind: LineTablesOnly
// NONE-NOT: NoDebug
// FULL: distinct !DICompileUnit({{.*}}emissionKind: FullDebug
// FULL: !DILocalVariable
// LINES: line_tables_without_g.c:[[#@LINE+3]]
int f(int x)
{
	return x * 3;
}
