// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A frame for functions that call, none for those that do not; set right wherever control comes back.
// RUN: %clangxx %race -O2 -S -emit-llvm %s -o - | FileCheck %s
extern "C" {
int other(int);
int twice(void *) __attribute__((returns_twice));
int value;

// CHECK-LABEL: @leaf(
// CHECK-NOT: i32 4
// CHECK: [[BY:%.*]] = {{.*}}call {{.*}}@llvm.returnaddress(i32 0)
// CHECK: call {{.*}}@__furlong_race_write4{{(_near)?}}({{.*}}, {{.*}}[[BY]])
// CHECK: {{^[}]}}
void leaf(int *p)
{
	*p = 3;
}
// CHECK-LABEL: @calls(
// CHECK: [[TOP:%.*]] = load {{.*}}@__furlong_race_self{{.*}}i32 4
// CHECK: icmp uge i32 {{.*}}, 2048
// CHECK: call {{.*}}@__furlong_race_stack
// CHECK: [[OWN:%.*]] = phi {{.*}}[[TOP]]
// CHECK: call {{.*}}@llvm.returnaddress(i32 0)
// CHECK: call {{.*}}@other(
// CHECK: store {{.*}} [[OWN]], {{.*}}@__furlong_race_self
// CHECK-NEXT: ret i32
// CHECK: call {{.*}}@__furlong_race_{{.*}}null)
int calls(int *p)
{
	int x = other(1);
	return *p + x;
}
// The callee takes the frame's place.
// CHECK-LABEL: @tail(
// CHECK-NOT: @__furlong_race_self
// CHECK: tail call {{.*}}@other(
// CHECK-NEXT: ret i32
int tail(int n)
{
	return other(n + 1);
}
// CHECK-LABEL: @catches(
// CHECK: landingpad
// CHECK-NOT: call
// CHECK: store {{.*}}@__furlong_race_self
// CHECK: {{^[}]}}
int catches(int n)
{
	try {
		return other(n);
	} catch (...) {
		return other(2) + 1;
	}
}
// CHECK-LABEL: @comes_back(
// CHECK: call i32 @twice(
// CHECK-NOT: br
// CHECK: store {{.*}}@__furlong_race_self
int comes_back(void *buffer)
{
	if (twice(buffer))
		return value;
	return other(1) + 1;
}
}
