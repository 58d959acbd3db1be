// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the checks really do, with cells: each access is told once per epoch, in its size, with the caller where
// there is no frame; the second time the check hits. Frames come and go with calls, exceptions and longjmp.
// RUN: %clang -O1 -fPIC -c %race-stub -o %t.stub.o
// RUN: %clangxx %race -O2 -c %s -o %t.o && %clangxx %t.o %t.stub.o -o %t && %t | FileCheck %s
// RUN: %clangxx %race -O1 -fno-pic -c %s -o %t.o && %clangxx -no-pie %t.o %t.stub.o -o %t && %t | FileCheck %s
// Without an optimiser the runtime makes the finer tests, but each cell that is recorded whole still hits.
// RUN: %clangxx %race -O0 -c %s -o %t.o && %clangxx %t.o %t.stub.o -o %t && %t | FileCheck %s --check-prefix=PLAIN
// PLAIN: set8
// PLAIN-NEXT: write8 +0 size 8
// PLAIN-NEXT: again
// PLAIN-NEXT: read
// PLAIN: depth 0 caught 8 landed 1 after 0
#include "Inputs/stub_race.h"
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#define APART __attribute__((noinline))
struct all {
	long whole;       // 0
	int left, right;  // 8, 12
	char bytes[16];   // 16
	long pair[2];     // 32
} static data __attribute__((aligned(64)));

APART static void set8(long *p) { *p = 1; }
APART static long get8(long *p) { return *p; }
APART static void set4(int *p) { *p = 1; }
APART static void set1(char *p) { *p = 1; }
APART static char get1(char *p) { return *p; }
APART static long unaligned(char *p) { long x; memcpy(&x, p, 8); return x; }
APART static int sum(int (*f)(int *), int *p) { int x = f(p); return *p + x; }
static int one(int *p) { return *p; }
APART static void thrower(int n) { if (n) throw n; }
APART static int catcher(int n) { try { thrower(n); } catch (int x) { return x + (int)stub_depth(); } return 0; }
static jmp_buf place;
APART static void jumper(void) { longjmp(place, 1); }
APART static int lander(void) { if (setjmp(place)) return (int)stub_depth(); jumper(); return 0; }

static volatile int sink;

__attribute__((disable_sanitizer_instrumentation)) int main()
{
	unsigned long depth = stub_depth();
	stub_begin(&data);
	// CHECK: set8
	// CHECK-NEXT: write8 +0 size 8 caller given
	// CHECK-NEXT: again
	puts("set8"), set8(&data.whole), puts("again"), set8(&data.whole);
	// A write stands for a read; a new epoch for nothing; the shared cell for a read.
	// CHECK-NEXT: read
	// CHECK-NEXT: epoch
	// CHECK-NEXT: read8 +0 size 8 caller given
	// CHECK-NEXT: write8 +0 size 8 caller given
	// CHECK-NEXT: epoch
	// CHECK-NEXT: shared
	puts("read"), sink = get8(&data.whole);
	puts("epoch"), stub_epoch(2), sink = get8(&data.whole), set8(&data.whole);
	puts("epoch"), stub_epoch(3), stub_share(&data.whole), puts("shared"), sink = get8(&data.whole);
	// Halves of a cell are told apart.
	// CHECK-NEXT: halves
	// CHECK-NEXT: write4 +8 size 4 caller given
	// CHECK-NEXT: write4 +12 size 4 caller given
	// CHECK-NEXT: again
	puts("halves"), set4(&data.left), set4(&data.left), set4(&data.right);
	puts("again"), set4(&data.left), set4(&data.right);
	// So are bytes.
	// CHECK-NEXT: bytes
	// CHECK-NEXT: write1 +19 size 1 caller given
	// CHECK-NEXT: read1 +20 size 1 caller given
	// CHECK-NEXT: write1 +20 size 1 caller given
	// CHECK-NEXT: again
	puts("bytes"), set1(data.bytes + 3), set1(data.bytes + 3), sink = get1(data.bytes + 3);
	sink = get1(data.bytes + 4), set1(data.bytes + 4);
	puts("again"), sink = get1(data.bytes + 4), set1(data.bytes + 3);
	// Across cells: the range has checks of its own until both cells are recorded whole.
	// CHECK-NEXT: unaligned
	// CHECK-NEXT: read_range +37 size 8 caller given
	// CHECK-NEXT: read8 +32 size 8 caller given
	// CHECK-NEXT: read8 +40 size 8 caller given
	// CHECK-NEXT: again
	puts("unaligned"), sink = unaligned((char *)data.pair + 5);
	sink = get8(data.pair), sink = get8(data.pair + 1);
	puts("again"), sink = unaligned((char *)data.pair + 5);
	// A function that calls has a frame, and says no caller; what it calls sees it.
	// CHECK-NEXT: frames
	// CHECK-NEXT: read4 +8 size 4 caller given
	// CHECK-NEXT: epoch
	// CHECK-NEXT: read4 +8 size 4 caller none
	stub_epoch(4), puts("frames"), sink = sum(one, &data.left);
	puts("epoch"), stub_epoch(5);
	sink = sum([](int *) { stub_epoch(6); return 1; }, &data.left);
	stub_end();
	// CHECK-NEXT: depth 0 caught 8 landed 1 after 0
	int caught = catcher(7), landed = lander();
	printf("depth %lu caught %lu landed %lu after %lu\n", depth, caught - depth, landed - depth, stub_depth() - depth);
	return 0;
}
