// Bitcode that never saw clang's mapping: counters per block, lines from debug locations (flag 1).
// RUN: %clang -g -O0 -Xclang -disable-O0-optnone -S -emit-llvm %s -o %t.ll
// RUN: %clang -shared -fPIC %stub -o %t.so
// RUN: %clang -fplugin=%loader -fpass-plugin=%loader -O1 %t.ll %t.so -o %t.exe
// RUN: %t.exe 2>&1 | FileCheck %s
// CHECK: classify 1 3 {{(. )*}}
// CHECK: main 1 1
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
