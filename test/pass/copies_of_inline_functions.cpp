// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A function that several objects may define has its counters in a group of its own, named by its name and
// shape: equal bodies share one, different bodies (other macros) keep theirs.
// RUN: %clangxx %coverage -O1 -c %s -o %t.1.o && llvm-readobj --symbols %t.1.o | grep -o '__furlong_coverage\.[0-9a-f]*\.counters' | sort > %t.1
// RUN: %clangxx %coverage -O2 -DOTHER_UNIT -c %s -o %t.2.o && llvm-readobj --symbols %t.2.o | grep -o '__furlong_coverage\.[0-9a-f]*\.counters' | sort > %t.2
// RUN: %clangxx %coverage -O1 -DOTHER_BODY -c %s -o %t.3.o && llvm-readobj --symbols %t.3.o | grep -o '__furlong_coverage\.[0-9a-f]*\.counters' | sort > %t.3
// RUN: cmp %t.1 %t.2
// RUN: not cmp %t.1 %t.3
// RUN: %clangxx %coverage -O1 -S -emit-llvm %s -o - | FileCheck %s
// CHECK: $[[KEY:__furlong_coverage\.[0-9a-f]+]] = comdat any
// CHECK-DAG: @[[KEY]].counters = linkonce_odr hidden global [{{[0-9]+}} x i64] zeroinitializer, section "furlong_cnt", comdat($[[KEY]]), align 8
// CHECK-DAG: @[[KEY]] = linkonce_odr hidden constant {{.*}}section "furlong_fn", comdat, align 8
// CHECK-DAG: @[[KEY]].shape = private constant {{.*}}section "furlong_map", comdat($[[KEY]]), align 1
inline int shared(int x)
{
#ifdef OTHER_BODY
	if (x == 7)
		return 8;
#endif
	return x > 3 ? x : 3;
}
#ifdef OTHER_UNIT
int other(int x)
{
	return shared(x) + 1;
}
#else
int first(int x)
{
	return shared(x);
}
#endif
