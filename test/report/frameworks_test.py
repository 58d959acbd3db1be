#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""frameworks_test.py TOOL CLANG PREFIX: programs that name their tests, by the call, by the listeners of four test
frameworks, by ctest and by pytest; and one under random labels, threads and forks beside its own log."""
import os
import random
import shutil
import subprocess
import sys
import unittest

CLANG, PREFIX = sys.argv[2], sys.argv[3]
del sys.argv[2:4]
from harness import TOOL, Case, main  # noqa: E402

if not shutil.which(CLANG):
    sys.exit(77)


def find_pytest():
    """The one of this Python, or a command of its own."""
    for words in ([sys.executable, "-m", "pytest"], ["/usr/bin/python3", "-m", "pytest"]):
        if subprocess.run([*words, "--version"], capture_output=True).returncode == 0:
            return words
    return None


PYTEST = find_pytest()

CODE = "static inline int first(int x)\n{\n\treturn x + 1;\n}\nstatic inline int second(int x)\n{\n\treturn x + 2;\n}\n"
PROGRAMS = { # framework: (header that tells that it is here, file, text, libraries)
    "gtest": ("gtest/gtest.h", "p.cpp", """#include <furlong/gtest.h>
#include "code.h"
TEST(Math, First) { EXPECT_EQ(first(1), 2); }
TEST(Math, Second) { EXPECT_EQ(second(1), 3); }
TEST(MathDeathTest, Dies) { EXPECT_EXIT({ first(1); exit(3); }, testing::ExitedWithCode(3), ""); }
int main(int argc, char **argv) { testing::InitGoogleTest(&argc, argv); return RUN_ALL_TESTS(); }
""", ["-lgtest"], ["Math.First", "MathDeathTest.Dies"], ["Math.Second"]),
    "catch2, 3": ("catch2/catch_test_macros.hpp", "p.cpp", """#include <catch2/catch_test_macros.hpp>
#include <furlong/catch2.h>
#include "code.h"
TEST_CASE("uses first") { SECTION("a") { REQUIRE(first(1) == 2); } SECTION("b") { REQUIRE(first(2) == 3); } }
TEST_CASE("uses second") { REQUIRE(second(1) == 3); }
""", ["-lCatch2Main", "-lCatch2"], ["uses first"], ["uses second"]),
    "catch2": ("catch2/catch.hpp", "p.cpp", """#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#include <furlong/catch2.h>
#include "code.h"
TEST_CASE("uses first") { SECTION("a") { REQUIRE(first(1) == 2); } SECTION("b") { REQUIRE(first(2) == 3); } }
TEST_CASE("uses second") { REQUIRE(second(1) == 3); }
""", [], ["uses first"], ["uses second"]),
    "check": ("check.h", "p.c", """#include <check.h>
#include <furlong/check.h>
#include "code.h"
START_TEST(uses_first) { ck_assert_int_eq(first(1), 2); } END_TEST
START_TEST(uses_second) { ck_assert_int_eq(second(1 + 0 * _i), 3); } END_TEST
int main(void)
{
	Suite *suite = suite_create("s");
	TCase *tcase = tcase_create("t");
	tcase_add_test(tcase, uses_first);
	tcase_add_loop_test(tcase, uses_second, 0, 3);
	suite_add_tcase(suite, tcase);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed;
}
""", ["-lcheck", "-lsubunit", "-lm", "-lrt"], ["uses_first"], ["uses_second"]),
    "cmocka": ("cmocka.h", "p.c", """#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <furlong/cmocka.h>
#include "code.h"
static int one = 1, two = 2, three = 3, ended;
static int group(void **state) { *state = &one; return 0; }
static int group_end(void **state) { ended += *state == &one; return 0; }
static int own(void **state) { *state = &two; return 0; }
static int own_end(void **state) { ended += *state == &two; return 0; }
static void uses_first(void **state) { assert_int_equal(first(*(int *)*state), 2); }
static void uses_second(void **state) { assert_int_equal(second(*(int *)*state), 4); }
static void uses_both(void **state) { assert_int_equal(first(second(*(int *)*state)), 6); }
int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(uses_first), cmocka_unit_test_setup_teardown(uses_second, own, own_end),
		{"both", uses_both, NULL, NULL, &three}};
	return cmocka_run_group_tests(tests, group, group_end) || ended != 2;
}
""", ["-lcmocka"], ["both", "uses_first"], ["both", "uses_second"]),
}


class Frameworks(Case):
    def sh(self, *words, cwd=None, status=0, env=None):
        done = subprocess.run(words, cwd=cwd or self.dir, capture_output=True, text=True, env={**os.environ, **(env or {})})
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout

    def flags(self):
        return "@" + self.tool("flags", "coverage").stdout.strip()

    def compile(self, source, *libraries):
        compiler = CLANG.replace("clang", "clang++") if source.endswith(".cpp") else CLANG
        self.sh(compiler, "-O0", "-g", "-w", self.flags(), source, "-o", "p", *libraries)

    def names(self, place):
        return self.tool("tests", "--for", place).stdout.split("\n")[:-1]

    def test_frameworks(self):
        self.source("code.h", CODE)
        for name, (header, file, text, libraries, first, second) in PROGRAMS.items():
            with self.subTest(name):
                if not os.path.exists("/usr/include/" + header):
                    self.skipTest("no " + name)
                self.source(file, text)
                self.compile(file, *libraries)
                self.tool("run", "--fresh", "--no-report", "./p")
                self.assertEqual((self.names("code.h:3"), self.names("code.h:7")), (first, second))

    RANDOM = """#include <furlong/furlong.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
%s
static void (*const all[])(void) = {f0, f1, f2, f3};
static void *call(void *which) { all[(long)which](); return 0; }
static void in_thread(long which) { pthread_t t; pthread_create(&t, 0, call, (void *)which); pthread_join(t, 0); }
static void in_child(long which) { if (!fork()) { all[which](); if (which %% 2) exit(0); _exit(0); } wait(0); }
int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		long which = argv[i][1] - '0';
		switch (argv[i][0]) {
		case 'l': furlong_coverage_label(argv[i] + 1); break;
		case 'c': all[which](); break;
		case 't': in_thread(which); break;
		case 'f': in_child(which); break;
		case 'r': furlong_coverage_reset(); break;
		case 'd': furlong_coverage_dump(); break;
		case 'x': furlong_coverage_dump(); execv(argv[0], (argv[i] = argv[0], argv + i)); return 9;
		case 'a': abort();
		}
	}
	return 0;
}
""" % "\n".join("static volatile int n%d;\nstatic void f%d(void)\n{\n\tn%d++;\n}" % (n, n, n) for n in range(4))

    def test_random_labels_threads_and_forks(self):
        self.source("p.c", self.RANDOM)
        self.compile("p.c", "-pthread")
        for options, seeds in (("", range(6)), ("windows=0", range(6, 8))):
            for seed in seeds:
                generator = random.Random(seed)
                truth, words, label = {}, [], ""
                for _ in range(generator.randrange(5, 40)):
                    kind = generator.choice("lllctfctfdx")
                    if kind == "l":
                        label = generator.choice(["", "one", "two", "a test/with: odd=name"])
                        words.append("l" + label)
                    elif kind in "dx":
                        words.append(kind)
                        label = "" if kind == "x" else label # exec begins anew
                    else:
                        which = generator.randrange(4)
                        words.append("%s%d" % (kind, which))
                        if label:
                            truth.setdefault(which, set()).add(label)
                shutil.rmtree(self.path("furlong-data"), ignore_errors=True)
                done = subprocess.run(["./p", *words], cwd=self.dir, env={**os.environ, "FURLONG_OPTIONS": options}, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr)
                for which in range(4):
                    line = self.RANDOM[:self.RANDOM.index("\tn%d++" % which)].count("\n") + 1
                    names = self.names("p.c:%d" % line) if truth else []
                    self.assertEqual(names, sorted(truth.get(which, ())), (options, seed, words, which))

    def test_what_was_reset_is_nobodys_and_an_abort_is_told(self):
        self.source("p.c", self.RANDOM)
        self.compile("p.c", "-pthread")
        line = self.RANDOM[:self.RANDOM.index("\tn0++")].count("\n") + 1
        self.sh("./p", "lone", "c0", "r", "ltwo", "c1", "a", status=-6)
        self.assertEqual((self.names("p.c:%d" % line), self.names("p.c:%d" % (line + 5))), ([], ["two"]))

    def test_labels_and_counts_together(self):
        """A label changes no count: they are in one file, whatever it was called."""
        self.source("p.c", self.RANDOM)
        self.compile("p.c", "-pthread")
        self.sh("./p", "lone", "c0", "c1", "ltwo", "t0", "f0", "l", "c0")
        line = self.RANDOM[:self.RANDOM.index("\tn0++")].count("\n") + 1
        self.assertEqual(self.lines(self.report(), "p.c")[line], 4)
        self.assertEqual(len([n for n in os.listdir(self.path("furlong-data")) if n.endswith(".cov")]), 1)

    @unittest.skipUnless(shutil.which("cmake"), "no cmake")
    def test_ctest(self):
        self.source("p.c", self.RANDOM)
        self.source("CMakeLists.txt", """cmake_minimum_required(VERSION 3.19)
project(p C)
enable_testing()
find_package(furlong REQUIRED)
furlong_label_tests()
find_package(Threads REQUIRED)
add_executable(p p.c)
target_link_libraries(p PRIVATE furlong::coverage Threads::Threads)
add_test(NAME calls.zero COMMAND p c0)
add_test(NAME calls.one COMMAND p c1)
add_test(NAME has.own COMMAND p c1)
set_tests_properties(has.own PROPERTIES ENVIRONMENT "A=1;FURLONG_LABEL=its own")
""")
        self.sh("cmake", "-B", "b", "-DCMAKE_C_COMPILER=" + CLANG, "-DCMAKE_PREFIX_PATH=" + PREFIX)
        self.sh("cmake", "--build", "b")
        self.tool("run", "--no-report", "--", "ctest", "--test-dir", "b")
        line = self.RANDOM[:self.RANDOM.index("\tn0++")].count("\n") + 1
        self.assertEqual((self.names("p.c:%d" % line), self.names("p.c:%d" % (line + 5))), (["calls.zero"], ["calls.one", "its own"]))
        self.tool("merge", "--tests", "-o", "furlong-data", "furlong-data")

    @unittest.skipUnless(PYTEST, "no pytest")
    def test_pytest(self):
        self.source("p.c", self.RANDOM)
        self.compile("p.c", "-pthread")
        self.source("test_p.py", """import os, subprocess
import pytest
@pytest.fixture
def both():
    subprocess.run(["./p", "c2"], check=True) # what a fixture of the test runs is the test's
@pytest.mark.parametrize("word", ["c0", "c1"])
def test_word(word):
    subprocess.run(["./p", word], check=True)
class TestOther:
    def test_fails(self, both):
        subprocess.run(["./p", "c1"], check=True)
        assert "FURLONG_LABEL" not in os.environ
def test_restores():
    assert os.environ["FURLONG_LABEL"].endswith("test_restores")
""")
        plugin = os.path.dirname(self.tool("flags", "coverage").stdout.strip())
        done = subprocess.run([*PYTEST, "-q", "-p", "furlong_pytest", "-p", "no:cacheprovider"], cwd=self.dir, capture_output=True, text=True,
                              env={**os.environ, "PYTHONPATH": plugin, "PYTHONDONTWRITEBYTECODE": "1"})
        self.assertIn("1 failed, 3 passed", done.stdout, done.stdout + done.stderr)
        line = self.RANDOM[:self.RANDOM.index("\tn0++")].count("\n") + 1
        self.assertEqual([self.names("p.c:%d" % (line + 5 * n)) for n in range(3)], [
            ["test_p.py::test_word[c0]"], ["test_p.py::TestOther::test_fails", "test_p.py::test_word[c1]"], ["test_p.py::TestOther::test_fails"]])


main()
