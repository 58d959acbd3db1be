; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Lanes that a mask selects are checked each by itself; packed ones as a range.
; UNSUPPORTED: llvm-14
; RUN: %clang %race -O1 -S -emit-llvm %s -o - | FileCheck %s
target triple = "x86_64-pc-linux-gnu"
declare <2 x i32> @llvm.masked.load.v2i32.p0(ptr, i32, <2 x i1>, <2 x i32>)
declare void @llvm.masked.scatter.v2i64.v2p0(<2 x i64>, <2 x ptr>, i32, <2 x i1>)
declare <4 x i32> @llvm.masked.expandload.v4i32(ptr, <4 x i1>, <4 x i32>)
; CHECK-LABEL: @lanes(
; CHECK: extractelement <2 x i1> %m, i{{32|64}} 0
; CHECK: br i1
; CHECK: call {{.*}}@__furlong_race_read_range{{(_near)?}}({{.*}}, i64 4,
; CHECK: extractelement <2 x i1> %m, i{{32|64}} 1
; CHECK: br i1
; CHECK: call {{.*}}@__furlong_race_read_range{{(_near)?}}({{.*}}, i64 4,
; CHECK: call {{.*}}@llvm.masked.load
define <2 x i32> @lanes(ptr %p, <2 x i1> %m) {
  %v = call <2 x i32> @llvm.masked.load.v2i32.p0(ptr %p, i32 4, <2 x i1> %m, <2 x i32> zeroinitializer)
  ret <2 x i32> %v
}
; CHECK-LABEL: @scatter(
; CHECK-COUNT-2: call {{.*}}@__furlong_race_write_range{{(_near)?}}({{.*}}, i64 8,
; CHECK: call {{.*}}@llvm.masked.scatter
define void @scatter(<2 x ptr> %p, <2 x i1> %m, <2 x i64> %v) {
  call void @llvm.masked.scatter.v2i64.v2p0(<2 x i64> %v, <2 x ptr> %p, i32 8, <2 x i1> %m)
  ret void
}
; CHECK-LABEL: @packed(
; CHECK: call i64 @llvm.vector.reduce.add
; CHECK: call {{.*}}@__furlong_race_read_range{{(_near)?}}(
; CHECK: call {{.*}}@llvm.masked.expandload
define <4 x i32> @packed(ptr %p, <4 x i1> %m) {
  %v = call <4 x i32> @llvm.masked.expandload.v4i32(ptr %p, <4 x i1> %m, <4 x i32> zeroinitializer)
  ret <4 x i32> %v
}
