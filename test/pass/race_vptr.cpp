// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %clangxx %race -O1 -S -emit-llvm %s -o - | FileCheck %s
// RUN: %clangxx %race -O0 -S -emit-llvm %s -o - | FileCheck %s --check-prefix=PLAIN
struct Base {
	virtual ~Base();
	virtual int get();
	int value;
};
// The pointer in the object has functions of its own; the table behind it is constant.
// CHECK-LABEL: @_Z3useP4Base(
// CHECK-DAG: call {{.*}}@__furlong_race_read_vptr{{(_near)?}}(
// CHECK-NOT: @__furlong_race_read8
// CHECK: {{^[}]}}
int use(Base *b)
{
	return b->get() + 1;
}
// CHECK-LABEL: @_ZN4BaseD2Ev(
// CHECK: call {{.*}}@__furlong_race_write_vptr{{(_near)?}}(
// PLAIN-LABEL: @_ZN4BaseD2Ev(
// PLAIN: call {{.*}}@__furlong_race_write_vptr{{(_near)?}}(
Base::~Base()
{
	value = 0;
}
