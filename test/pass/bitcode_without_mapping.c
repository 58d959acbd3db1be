// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Bitcode that never saw clang's mapping: counters per block, lines from debug locations (flag 1).
// RUN: %clang -g -O0 -Xclang -disable-O0-optnone -S -emit-llvm %s -o %t.ll
// RUN: %clang -c -fPIC %stub -o %t.stub.o
// RUN: %clang -fplugin=%loader -fpass-plugin=%loader -O1 %t.ll %t.stub.o -o %t.exe
// RUN: %t.exe 2>&1 | FileCheck %s
// The blocks of classify(): entry and where they meet 3 times, then once, else twice.
// CHECK-DAG: classify 1 1 2 3{{$}}
// CHECK-DAG: main 1 1{{$}}
static int classify(int x)
{
	if (x > 1)
		return 1;
	return 0;
}
int main(void)
{
	return classify(0) + classify(1) + classify(2) - 1;
}
