; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Of a vector that is loaded those elements are checked that somebody uses.
; UNSUPPORTED: llvm-14
; RUN: %clang %race -O1 -S -emit-llvm %s -o - | FileCheck %s
target triple = "x86_64-pc-linux-gnu"
; CHECK-LABEL: @one_member(
; CHECK-COUNT-2: call {{.*}}@__furlong_race_read4{{(_near)?}}(
; CHECK-NOT: call {{.*}}@__furlong_race_read
; CHECK: {{^[}]}}
define <2 x i32> @one_member(ptr %p) {
  %v = load <4 x i32>, ptr %p, align 4
  %even = shufflevector <4 x i32> %v, <4 x i32> poison, <2 x i32> <i32 0, i32 2>
  ret <2 x i32> %even
}
; CHECK-LABEL: @all(
; CHECK: call {{.*}}@__furlong_race_read_range{{(_near)?}}({{.*}}, i64 16,
; CHECK: {{^[}]}}
define <4 x i32> @all(ptr %p) {
  %v = load <4 x i32>, ptr %p, align 4
  %even = shufflevector <4 x i32> %v, <4 x i32> poison, <4 x i32> <i32 0, i32 2, i32 0, i32 2>
  %sum = add <4 x i32> %v, %even
  ret <4 x i32> %sum
}
