// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A function that clang saw and made no code for stands in the tables with flag 2 and no counters.
// RUN: %clang -c -fPIC %stub -o %t.stub.o
// RUN: %clang %coverage -O2 %s %t.stub.o -Wl,--gc-sections -o %t.exe
// RUN: env FURLONG_OPTIONS=coverage=0 %t.exe 2>&1 | FileCheck %s
// CHECK-DAG: never_called 0 0{{$}}
// CHECK-DAG: main 0 1{{$}}
// CHECK-DAG: {{^}}unused 2{{$}}
static int unused(void)
{
	return 3;
}
int never_called(void)
{
	return 4;
}
int main(void)
{
	return 0;
}
