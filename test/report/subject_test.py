#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""subject_test.py TOOL CLANG: what raced memory is called: real programs, whose second thread runs after the first one
without the detector being able to know (a relaxed flag). Each race is told apart by the function it is in."""
import os
import re
import shutil
import subprocess
import sys

from harness import TOOL, Case, main

CLANG = sys.argv.pop(2)

# first() and second() of each pair are in different threads; what is expected stands beside the pair.
C_PAIRS = [
    # name, accesses, expression, type, field
    ("by_pointer", "conn->state = 1;", "conn->state = 2;", "conn->state", "struct conn", "state"),
    ("nested", "conn->limits.max = 1;", "sink = conn->limits.max;", "conn->limits.max", "struct conn", "limits.max"),
    ("through_two", "conn->next->state++;", "conn->next->state++;", "conn->next->state", "struct conn", "state"),
    ("of_a_typedef", "options.depth = 1;", "options.depth = 2;", "options.depth", "options_t", "depth"),
    ("anonymous_union", "conn->as_int = 1;", "conn->as_int = 2;", "conn->as_int", "struct conn", "as_int"),
    ("in_an_array", "table[3].count = 1;", "table[3].count += 2;", "table[3].count", "struct entry", "count"),
    ("by_index", "table[5].count = 1;", "sink = table[five].count;", "table[5].count", "struct entry", "count"),
    ("array_field", "conn->bytes[2] = 1;", "conn->bytes[2] = 2;", "conn->bytes[2]", "struct conn", "bytes[]"),
    ("bare_global", "number = 1;", "number = 2;", "number", None, None),
    ("by_call", "get()->tag = 1;", "get()->tag = 2;", "get()->tag", "struct conn", "tag"),
    ("other_side_says_it", "SET_LEFT(conn);", "conn->left = 2;", "conn->left", "struct conn", "left"),
]
C_HEAD = """#include <pthread.h>
#include <stdlib.h>
struct entry { int count; char name[12]; };
struct limits { int min, max; };
struct conn { int state; struct limits limits; struct conn *next; union { int as_int; float as_float; };
  unsigned char bytes[8]; int tag; int left; };
typedef struct { int depth; } options_t;
#define SET_LEFT(p) ((p)->left = 1)
struct entry table[8]; options_t options; int number, five = 5;
struct conn *get(void);
static struct conn *conn; volatile int sink;
__attribute__((noinline)) struct conn *get(void) { return conn; }
"""
C_MAIN = """
static int done;
static void *one(void *p) { first_all(); __atomic_store_n(&done, 1, __ATOMIC_RELAXED); return p; }
static void *two(void *p) { while (!__atomic_load_n(&done, __ATOMIC_RELAXED)) {} second_all(); return p; }
int main(void) { pthread_t a, b; conn = calloc(1, sizeof *conn); conn->next = calloc(1, sizeof *conn);
  pthread_create(&a, 0, one, 0); pthread_create(&b, 0, two, 0); pthread_join(a, 0); pthread_join(b, 0); return 0; }
"""
CXX_PAIRS = [
    ("member", "account.deposit();", "account.withdraw();", "balance", "class Account", "balance"),
    ("inherited", "savings.rate = 1;", "savings.rate = 2;", "savings.rate", "struct Savings", "rate"),
    ("in_a_namespace", "bank::config.limit = 1;", "bank::config.limit = 2;", "config.limit", "struct Config", "limit"),
]
CXX_HEAD = """#include <pthread.h>
class Account { int pad = 0, balance = 0; public:
  __attribute__((noinline)) void deposit() { balance = 1; }
  __attribute__((noinline)) void withdraw() { this->balance = 2; } };
struct Product { int fee = 0, rate = 0; };
struct Savings : Product { int years = 0; };
namespace bank { struct Config { int a = 0; int limit = 0; }; Config config; }
static Account *make() { return new Account; }
Account &account = *make(); Savings &savings = *new Savings;
"""
CXX_MAIN = C_MAIN.replace("conn = calloc(1, sizeof *conn); conn->next = calloc(1, sizeof *conn);", "")


def program(head, pairs, tail):
    text = head
    for side, which in (("first", 1), ("second", 2)):
        for pair in pairs:
            text += "__attribute__((noinline)) void %s_%s(void)\n{\n\t%s\n}\n" % (side, pair[0], pair[which])
        text += "static void %s_all(void)\n{\n%s}\n" % (side, "".join("\t%s_%s();\n" % (side, p[0]) for p in pairs))
    return text + tail


class Subjects(Case):
    def races(self, name, text, *flags):
        self.source(name, text)
        flags_file = subprocess.run([TOOL, "flags", "race"], capture_output=True, text=True, check=True).stdout.strip()
        compiler = CLANG if name.endswith(".c") else CLANG.replace("clang", "clang++")
        subprocess.run([compiler, *flags, "@" + flags_file, name, "-o", "app"], cwd=self.dir, check=True)
        shutil.rmtree(self.path("furlong-data"))
        env = dict(os.environ, FURLONG_DATA=self.path("furlong-data"), FURLONG_OPTIONS="exitcode=0")
        done = subprocess.run([self.path("app")], cwd=self.dir, env=env, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.text = done.stderr
        found = {}
        for race in self.report()["races"]["reports"]:
            for frame in race["accesses"][0]["stack"] + race["accesses"][1]["stack"]:
                pair = re.match(r"(?:first|second)_(?!all)(\w+)", frame.get("function", ""))
                if pair:
                    found[pair.group(1)] = race.get("subject", {})
        return found

    def check(self, found, pairs):
        for name, _, _, expression, kind, field in pairs:
            with self.subTest(name):
                subject = found[name]
                self.assertEqual((subject.get("type"), subject.get("field")), (kind, field))
                self.assertEqual(subject.get("expression"), expression)

    def test_fields_of_c(self):
        for level in ("-O0", "-O2"):
            found = self.races("app.c", program(C_HEAD, C_PAIRS, C_MAIN), "-g", level)
            # The first access that knows a type speaks for both; the macro's does not.
            self.check(found, C_PAIRS)
        self.assertIn("  It is 'conn->limits.max': 'limits.max' of 'struct conn'.\n", self.text)

    def test_members_of_cxx(self):
        for level in ("-O0", "-O1"):
            found = self.races("app.cpp", program(CXX_HEAD, CXX_PAIRS, CXX_MAIN), "-g", "-fno-optimize-sibling-calls", level)
            for name, _, _, _, kind, field in CXX_PAIRS:
                with self.subTest(name):
                    self.assertEqual((found[name].get("type"), found[name].get("field")), (kind, field))

    def test_without_types_the_source_speaks(self):
        found = self.races("app.c", program(C_HEAD, C_PAIRS, C_MAIN), "-O1")
        self.assertEqual(found["by_pointer"], {"expression": "conn->state"})
        self.assertEqual(found["bare_global"]["expression"], "number")


if __name__ == "__main__":
    if not shutil.which(CLANG):
        print("no", CLANG)
        sys.exit(77)
    main()
