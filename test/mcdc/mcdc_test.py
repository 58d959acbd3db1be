#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Decisions worked by hand, as DO-178C's literature has them, and those that other tools get wrong.

    mcdc_test.py --furlong BIN [--clang N] [unittest arguments]

Each program evaluates one decision for inputs that stand beside it; what that shows is a table in the test.
"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

FURLONG = CLANG = None


def run(command, status=0, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, **options)
    if status is not None and done.returncode != status:
        raise AssertionError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr}")
    return done


class Mcdc(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="furlong-mcdc-")

    def tearDown(self):
        shutil.rmtree(self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def measure(self, text, arguments=(), flags="coverage-mcdc", level="-O1", cxx=False, status=0, report=0, more=()):
        """Builds, runs once for each list of arguments, and reads the report."""
        source, program = self.path("t.cpp" if cxx else "t.c"), self.path("t")
        with open(source, "w", encoding="utf-8") as file:
            file.write(text)
        flags_file = run([FURLONG, "flags", flags]).stdout.strip()
        run([f"clang{'++' if cxx else ''}-{CLANG}", level, "-w", "-pthread", *more, "@" + flags_file, "-o", program, source])
        for words in arguments or ([],):
            run([program, *words], status=status, env=dict(os.environ, FURLONG_DATA=self.path("data")))
        run([FURLONG, "report", self.path("data"), "--json", self.path("r.json")], status=report)
        with open(self.path("r.json"), encoding="utf-8") as file:
            self.report = json.load(file)
        return [d for f in self.report["coverage"]["files"] for d in f.get("decisions", [])]

    def table(self, expression, names, rows, **options):
        """The one decision over int variables, evaluated for rows like "TF"."""
        text = (f"int f({', '.join('int ' + n for n in names)}) {{ if ({expression}) return 1; return 0; }}\n"
                f"int main(int n, char **v) {{ f({', '.join(f'v[1][{i}] == 84' for i in range(len(names)))}); return 0; }}\n")
        decisions = [d for d in self.measure(text, [[row] for row in rows], **options) if d["start"][0] == 1]
        return decisions

    def shown(self, decision, key="unique_cause"):
        return [c[key] for c in decision["conditions"]]

    def vectors(self, decision):
        return {(v["values"], v["outcome"]): v["count"] for v in decision["vectors"]}


class WorkedByHand(Mcdc):
    def test_and(self):
        """a && b needs TT, TF, F-: each alone decides in one pair."""
        one, = self.table("a && b", "ab", ["TT", "TF", "FT"])
        self.assertEqual(self.vectors(one), {("TT", True): 1, ("TF", False): 1, ("F-", False): 1})
        self.assertEqual(self.shown(one), [True, True])
        self.assertNotIn("missing_unique_cause", one)

    def test_and_without_the_true_case_shows_nothing(self):
        one, = self.table("a && b", "ab", ["TF", "FT"])
        self.assertEqual(self.shown(one), [False, False])
        self.assertEqual([(m["values"], m["outcome"], m["shows"]) for m in one["missing_unique_cause"]], [("TT", True, [0, 1])])

    def test_or_in_and(self):
        """Chilenski's example (a or b) and c: n + 1 = 4 tests do."""
        one, = self.table("(a || b) && c", "abc", ["TFT", "FTT", "FFT", "TFF"])
        self.assertEqual(self.vectors(one), {("T-T", True): 1, ("FTT", True): 1, ("FF-", False): 1, ("T-F", False): 1})
        self.assertEqual(self.shown(one), [True, True, True])

    def test_what_is_not_evaluated_may_be_anything(self):
        """(a && b) || (c && d), in TT-- and F-TF: a alone would turn each, and they are a pair of unique cause too,
        since c and d are not evaluated in the first."""
        one, = self.table("(a && b) || (c && d)", "abcd", ["TTFF", "FTTF"])
        self.assertEqual(self.shown(one, "masking"), [True, False, False, False])
        self.assertEqual(self.shown(one), [True, False, False, False])

    def test_masking_accepts_what_unique_cause_does_not(self):
        """(a || b) && (c || d): c is true in T-T- and false in FTFF, and so is the decision. a differs too and was
        evaluated in both, so this is no unique cause; but c alone would turn either."""
        one, = self.table("(a || b) && (c || d)", "abcd", ["TFTF", "FTFF"])
        self.assertEqual(self.vectors(one), {("T-T-", True): 1, ("FTFF", False): 1})
        self.assertEqual(self.shown(one), [False, False, False, False])
        self.assertEqual(self.shown(one, "masking"), [False, False, True, False])

    def test_a_condition_alone_is_a_decision(self):
        one, = self.table("a", "a", ["T"])
        self.assertEqual(self.shown(one), [False])
        self.assertEqual([m["values"] for m in one["missing_unique_cause"]], ["F"])

    def test_counts_of_each_vector(self):
        one, = self.table("a && b", "ab", ["TT", "TT", "TT", "TF", "FF", "FT"])
        self.assertEqual(self.vectors(one), {("TT", True): 3, ("TF", False): 1, ("F-", False): 2})


class Lcov(Mcdc):
    def test_records_of_lcov_2(self):
        """T-T: a and c would each have turned it alone; FTF: c would; FF-: a and b. The line's other two have one size."""
        text = ("int f(int a, int b, int c) { if ((a || b) && c) return 1; return (a && b) + (b || c); }\n"
                "int main() { f(1, 0, 1); f(0, 1, 0); f(0, 0, 1); return 0; }\n")
        self.measure(text)
        run([FURLONG, "report", "-q", self.path("data"), "--lcov2", self.path("info")])
        with open(self.path("info"), encoding="utf-8") as file:
            records = [line for line in file.read().split("\n") if line.startswith("MC")]
        told = {}
        for line in records[:-2]:
            name, size, sense, times, index, _ = line.split(",")
            self.assertEqual(name, "MCDC:1")
            told.setdefault((int(size), int(index)), {})[sense] = int(times)
        self.assertEqual(told, {(3, 0): {"t": 1, "f": 1}, (3, 1): {"t": 0, "f": 1}, (3, 2): {"t": 1, "f": 1},
                                (2, 0): {"t": 0, "f": 2}, (2, 1): {"t": 0, "f": 0}, (2, 2): {"t": 1, "f": 0}, (2, 3): {"t": 1, "f": 0}})
        self.assertEqual(records[-2:], ["MCF:14", "MCH:8"])


class WhatOthersGetWrong(Mcdc):
    def test_negation_of_a_group(self):
        """llvm-project 109930 and its kin."""
        one, = self.table("!(a || b) && !c", "abc", ["FFF", "TFF", "FTF", "FFT"])
        self.assertEqual(self.vectors(one), {("FFT", True): 1, ("T--", False): 1, ("FT-", False): 1, ("FFF", False): 1})
        self.assertEqual(self.shown(one), [True, True, True])

    def test_negation_around_all(self):
        one, = self.table("!(a && b)", "ab", ["TT", "TF", "FT"])
        self.assertEqual(self.vectors(one), {("TT", False): 1, ("TF", True): 1, ("F-", True): 1})

    def test_more_than_six_conditions(self):
        """109933: other tools' default stops there."""
        names = "abcdefghij"
        rows = ["T" * 10] + ["T" * i + "F" + "T" * (9 - i) for i in range(10)]
        one, = self.table(" && ".join(names), names, rows)
        self.assertEqual(self.shown(one), [True] * 10)

    def test_decision_in_an_argument(self):
        """a && id(b && c): both decisions."""
        text = ("int id(int x) { return x; }\nint f(int a, int b, int c) { if (a && id(b && c)) return 1; return 0; }\n"
                "int main() { f(1, 1, 1); f(1, 1, 0); f(1, 0, 1); f(0, 1, 1); return 0; }\n")
        outer, inner = (d for d in self.measure(text) if len(d["conditions"]) == 2)
        self.assertEqual(self.vectors(outer), {("TT", True): 1, ("TF", False): 2, ("F-", False): 1})
        self.assertEqual(self.vectors(inner), {("TT", True): 1, ("TF", False): 1, ("F-", False): 1})

    def test_a_macros_conditions_at_each_use(self):
        text = ("#define BOTH(x, y) ((x) && (y))\nint f(int a, int b, int c)\n{\n\tif (BOTH(a, b) || c) return 1;\n"
                "\tif (BOTH(a, c)) return 2;\n\treturn 0;\n}\nint main() { f(1, 1, 0); f(1, 0, 0); f(0, 1, 0); f(0, 0, 1); return 0; }\n")
        first, second = (d for d in self.measure(text) if len(d["conditions"]) > 1)
        self.assertEqual((first["start"][0], second["start"][0]), (4, 5))
        self.assertEqual(self.shown(first), [True, True, True])
        self.assertEqual(self.vectors(second), {("TF", False): 1, ("F-", False): 1})

    def test_a_constant_is_no_condition(self):
        one, = self.table("a && 1", "a", ["T", "F"])
        self.assertEqual(self.shown(one), [True])

    def test_a_condition_that_throws_was_not_evaluated(self):
        text = ("int g(int x) { if (x > 1) throw x; return x; }\nint f(int a, int b) { if ((g(a) || g(b)) && g(b)) return 1; return 0; }\n"
                "int main() { int in[][2] = {{0, 0}, {0, 2}, {2, 0}, {1, 0}, {1, 1}, {0, 1}};\n"
                "for (auto &i : in) try { f(i[0], i[1]); } catch (int) {} return 0; }\n")
        one, = (d for d in self.measure(text, cxx=True) if len(d["conditions"]) > 1)
        self.assertEqual(self.vectors(one), {("FF-", False): 1, ("T-F", False): 1, ("T-T", True): 1, ("FTT", True): 1})

    def test_setjmp_that_returns_twice_within(self):
        text = ("#include <setjmp.h>\nstatic jmp_buf jb;\nstatic int jump(int n) { if (n) longjmp(jb, 1); return 1; }\n"
                "int f(int a, int b, int n) { if ((a || b) && setjmp(jb) == 0 && jump(n)) return 1; return 0; }\n"
                "int main() { f(1, 0, 0); f(0, 1, 1); return 0; }\n")
        for level in ("-O0", "-O2"):
            shutil.rmtree(self.path("data"), ignore_errors=True)
            one, = (d for d in self.measure(text, level=level) if len(d["conditions"]) > 2)
            self.assertEqual(self.vectors(one), {("T-TT", True): 1, ("FTF-", False): 1})

    def test_recursion_through_a_condition(self):
        text = ("static int f(int n, int a) { return (a || n < 9) && (n == 0 || f(n - 1, !a)) && a; }\n"
                "int main() { f(4, 1); return 0; }\n")
        one, = (d for d in self.measure(text) if len(d["conditions"]) > 2)
        # f(0, 1) is true; f(1, 0) ends with its own a; f(2, 1), f(3, 0), f(4, 1) with the call that was false.
        self.assertEqual(self.vectors(one), {("T-T-T", True): 1, ("FTFTF", False): 1, ("T-FF-", False): 2, ("FTFF-", False): 1})

    def test_threads_and_sudden_death_lose_nothing(self):
        text = ("#include <pthread.h>\n#include <signal.h>\nenum { N = 100000 };\nstatic int f(int a, int b, int c) { return (a || b) && c; }\n"
                "static void *work(void *p) { for (int i = 0; i < N; i++) f(i & 1, i & 2, i & 4); return p; }\n"
                "int main() { pthread_t t[4]; for (int i = 0; i < 4; i++) pthread_create(&t[i], 0, work, 0);\n"
                "for (int i = 0; i < 4; i++) pthread_join(t[i], 0); raise(SIGKILL); return 0; }\n")
        one, = (d for d in self.measure(text, status=-9) if len(d["conditions"]) > 1)
        eighth = 4 * 100000 // 8
        self.assertEqual(self.vectors(one), {("T-T", True): 2 * eighth, ("T-F", False): 2 * eighth, ("FTT", True): eighth,
                                             ("FTF", False): eighth, ("FF-", False): 2 * eighth})


class AsPeopleWrite(Mcdc):
    """Shapes of Lua's sources."""

    def of_lines(self, text, **options):
        """Line -> what was evaluated there, with its count; nothing may be left out."""
        decisions = self.measure(text, **options)
        self.assertTrue(self.report["quality"]["complete"], self.report["quality"])
        found = {}
        for decision in decisions:
            found.setdefault(decision["start"][0], []).append({v["values"]: v["count"] for v in decision["vectors"]})
        return found

    def test_statements_that_leave_alike_decide_apart(self):
        found = self.of_lines("int s;\nvoid f(int a, int b)\n{\nif (a)\nreturn;\nif (b)\nreturn;\ns++;\n}\n"
                              "void g(int a, int b)\n{\nfor (int i = 0; i < 2; i++) {\nif (a)\ncontinue;\nif (b)\ncontinue;\ns++;\n}\n}\n"
                              "void h(int a, int b)\n{\nif (a)\nif (b)\ns++;\nif (a)\nreturn;\ndo\ns++;\nwhile (b--);\n}\n"
                              "int main() { f(1, 0); f(0, 1); f(0, 0); g(0, 1); h(1, 0); h(0, 1); return 0; }\n")
        self.assertEqual(found, {4: [{"T": 1, "F": 2}], 6: [{"T": 1, "F": 1}], 12: [{"T": 2, "F": 1}], 13: [{"F": 2}],
                                 15: [{"T": 2}], 22: [{"T": 1, "F": 1}], 23: [{"F": 1}], 25: [{"T": 1, "F": 1}],
                                 29: [{"T": 1, "F": 1}]})

    def test_a_choice_of_constants(self):
        """Clang makes no branch of it."""
        found = self.of_lines("int f(int a)\n{\nreturn a > 1 ? 3 : 4;\n}\nint main() { f(1); f(2); f(3); return 0; }\n")
        self.assertEqual(found, {3: [{"T": 2, "F": 1}]})

    def test_an_effect_before_the_value(self):
        found = self.of_lines("int s;\nint f(int a, int b)\n{\nreturn a &&\n((void)s++, (b || s > 1))\n&& s < 9;\n}\n"
                              "int g(int a)\n{\nreturn (a != 1 || ((void)++s, 1)) && s;\n}\n"
                              "int main() { f(0, 0); f(1, 0); f(1, 0); f(1, 1); g(1); g(0); return 0; }\n")
        self.assertEqual(found, {4: [{"F--": 1, "TF-": 1, "TTT": 2}], 5: [{"FF": 1, "FT": 1, "T-": 1}], 10: [{"FTT": 1, "T-T": 1}]})

    def test_a_choice_within_a_macro(self):
        found = self.of_lines("int f(int a, int *i) { *i = a; return a % 2; }\n#define NUMBER(o, i) ((o) == 1 ? (*(i) = (o), 1) : f(o, i))\n"
                              "int s;\n#define BOTH(a, b) { int x, y; if (NUMBER(a, &x) && NUMBER(b, &y)) s += x + y; }\n"
                              "void g(int a, int b)\n{\nBOTH(a, b)\n}\nint main() { g(1, 2); g(1, 3); g(0, 4); g(3, 5); return 0; }\n")
        self.assertCountEqual(found[7], [{"F-": 1, "TF": 1, "TT": 2}, {"T": 2, "F": 2}, {"F": 3}])

    def test_a_choice_given_to_a_macro(self):
        """Clang 22 gives all of a macro's argument one place. Evaluated for all values of a to e, as far as those before let it."""
        found = self.of_lines("#define ID(x) (x)\n#define AND(p, q) ((p) && (q))\n#define LIKELY(p) __builtin_expect(!!(p), 1)\nint f(int a, int b, int c, int d, int e)\n{\n"
                              "if (ID(a ? b && c : d))\nreturn 1;\nif (AND((a ? b && c : d) || e, a))\nreturn 2;\n"
                              "return LIKELY(!(b && (a ? !c : (d && e)) && c));\n}\n"
                              "int main() { for (int i = 0; i < 32; i++) f(i & 1, i & 2, i & 4, i & 8, i & 16); return 0; }\n")
        self.assertCountEqual(found[6], [{"T": 12, "F": 20}, {"T": 16, "F": 16}, {"TT": 4, "TF": 4, "F-": 8}])
        self.assertCountEqual(found[8], [{"FTT": 6, "FTF": 4, "FF-": 10}, {"T": 12, "F": 8}, {"TF": 4, "F-": 8}])
        self.assertCountEqual(found[10], [{"F--": 8, "TF-": 4, "TTF": 2}, {"T": 2, "F": 4}, {"F-": 4}])

    def test_a_choice_with_macros_given_to_a_macro(self):
        found = self.of_lines("#define AND(p, q) ((p) && (q))\n#define CHECK(p) ((p) ? (void)0 : (void)s++)\nvolatile int s;\n"
                              "int c(int n) { return (s >> n) & 1; }\nvoid f(void)\n{\n"
                              "CHECK((c(0) && c(1)) || (!c(2) && (c(3) || (c(4) ? AND((c(5) ? (c(6) || c(7)) : (c(8) && c(9))), c(10)) : "
                              "(c(11) || c(12))))));\n}\nint main() { for (int i = 0; i < 8192; i++) { s = i; f(); } return 0; }\n")
        self.assertCountEqual(found[7], [
            {"TT---": 2048, "TFTT-": 512, "TFTFT": 256, "TFTFF": 256, "TFF--": 1024, "F-TT-": 1024, "F-TFT": 512, "F-TFF": 512, "F-F--": 2048},
            {"T-": 192, "FT": 96, "FF": 96}, {"TT": 96, "TF": 96, "F-": 192}, {"T": 384, "F": 384}, {"TT": 192, "TF": 192, "F-": 384},
            {"T-": 384, "FT": 192, "FF": 192}, {"T": 768, "F": 768}])

    def test_what_cannot_be_followed_is_marked(self):
        """More than 64 conditions."""
        many = " && ".join(f"a != {i}" for i in range(70))
        decisions = self.measure(f"int f(int a, int b)\n{{\nif (a && b)\nreturn 2;\nif ({many})\nreturn 3;\nreturn 0;\n}}\n"
                                 "int main() { return f(0, 1) + f(1, 1) + f(0, 1) - 2; }\n")
        branches = [b for f in self.report["coverage"]["files"] for b in f["branches"]]
        unknown = [b["line"] for b in branches if b.get("decision") == "unknown"]
        self.assertEqual(unknown, [5] * 70)
        note, = self.report["quality"]["notes"]
        self.assertIn("70 conditions, first at", json.dumps(note))
        self.assertEqual({d["start"][0] for d in decisions if len(d["conditions"]) > 1}, {3})

    def test_macros_of_system_headers(self):
        found = self.of_lines("#include <ctype.h>\nint f(const char *s)\n{\nint n = 0;\nif (!isalnum((unsigned char)*s))\nreturn 0;\n"
                              "do\nn++;\nwhile (isdigit((unsigned char)*++s) && n < 3);\nreturn n;\n}\n"
                              "int main() { return f(\"a12\") + f(\"a1234\") + f(\"?\") ? 0 : 1; }\n")
        # Older compilers say nothing of conditions that a system header's macro makes.
        self.assertEqual(found[5], [{"T": 1, "F": 2}])
        self.assertEqual(found[9], [{"TT": 4, "TF": 1, "F-": 1}] if int(CLANG) > 16 else [{"T": 4, "F": 1}])

    def test_macros_of_system_headers_beside_conditions(self):
        """llvm-project 78920, 78922, 131505: conditions that are not just arguments are one together, and that is right."""
        with open(self.path("own.h"), "w", encoding="utf-8") as file:
            file.write("#define FIRST(x) (x[0] && x[1])\n#define CAST(x) (((int *)x)[0] && ((int *)x)[1])\n"
                       "#define DIGIT(c) ('0' <= (c) && (c) <= '9')\n")
        text = ("#include <own.h>\nint x[2], a, b;\nint f(void)\n{\nif (FIRST(x) && a && b)\nreturn 1;\n"
                "if (CAST(x) && a && b)\nreturn 2;\nreturn 0;\n}\n"
                "int g(int c)\n{\nreturn DIGIT(c) || ('A' <= c && c <= 'F');\n}\n"
                "int main() { f(); x[0] = 1; f(); x[1] = 1; f(); a = 1; f(); g('5'); g('B'); g('Z'); g('!'); return 0; }\n")
        found = self.of_lines(text, more=["-isystem", self.folder])
        shutil.rmtree(self.path("data"))
        self.of_lines(text, flags="coverage", more=["-isystem", self.folder])
        branches = [(b["line"], b["true"], b["false"]) for f in self.report["coverage"]["files"] for b in f["branches"]]
        if int(CLANG) > 16:
            # Clang itself counts the second macro as often as f is entered.
            self.assertEqual([b for b in branches if b[0] == 7], [(7, 2, 2), (7, 1, 1), (7, 0, 1)])
            self.assertEqual(found[5], [{"F---": 1, "TF--": 1, "TTF-": 1, "TTTF": 1}])
            self.assertEqual(found[7], [{"F--": 2, "TF-": 1, "TTF": 1}])
            self.assertEqual(found[13], [{"T--": 1, "FTT": 1, "FTF": 1, "FF-": 1}])
        else:
            self.assertEqual(found[13], [{"TT": 1, "TF": 1, "F-": 1}])

    def test_names_put_together_by_the_preprocessor(self):
        """llvm-project 87000. Clang 14 and 16 say nothing of these."""
        found = self.of_lines("#define PASTE(x, y) x##y\n#define SHIFT_one 0\n#define SHIFT_two 1\n"
                              "#define BIT(reg, n) (((reg) >> PASTE(SHIFT_, n)) & 1)\n#define AT(i) AT_##i\n#define AT_0 (reg & 4)\n"
                              "#define EITHER(reg, x, y) (BIT(reg, x) || BIT(reg, y))\nint f(int reg, int v1, int v2)\n{\n"
                              "if (PASTE(v, 1) && PASTE(v, 2))\nreturn 1;\n"
                              "if (AT(0) && EITHER(reg, one, two) && (PASTE(v, 1) || BIT(reg, two)))\nreturn 2;\nreturn 0;\n}\n"
                              "int main() { f(0, 1, 1); f(0, 1, 0); f(4, 0, 1); f(5, 0, 0); f(5, 1, 0); f(6, 0, 0); return 0; }\n")
        if int(CLANG) > 16:
            self.assertEqual(found[10], [{"TT": 1, "TF": 2, "F-": 3}])
            self.assertEqual(found[12], [{"F----": 1, "TFF--": 1, "TT-FF": 1, "TT-T-": 1, "TFTFT": 1}])


class Many(Mcdc):
    """Decisions that a table of all vectors could not hold."""

    def many(self, count, tests, report=0, level="-O1"):
        names = [f"x{i}" for i in range(count)]
        pairs = [f"({a} || {b})" for a, b in zip(names[::2], names[1::2])] + names[count - count % 2:]
        chance = random.Random(count)
        inputs = [[chance.random() < 0.9 for _ in names] for _ in range(tests)]
        rows = ",\n".join("{" + ", ".join("01"[v] for v in row) + "}" for row in inputs)
        text = (f"static const char in[][{count}] = {{{rows}}};\nint f(const char *x) {{\n"
                f"return {' && '.join(pairs)};\n}}\n".replace("x", "x").replace("(x", "(x"))
        for i in reversed(range(count)):
            text = text.replace(f"x{i}", f"x[{i}]")
        text += f"int main() {{ for (int i = 0; i < {tests}; i++) f(in[i]); return 0; }}\n"
        one, = (d for d in self.measure(text, report=report, level=level) if len(d["conditions"]) > 1)
        expected = {}
        for row in inputs:
            values, outcome = ["-"] * count, True
            for i in range(0, count, 2):
                group = range(i, min(i + 2, count))
                for j in group:
                    values[j] = "FT"[row[j]]
                    if row[j]:
                        break
                if not any(row[j] for j in group):
                    outcome = False
                    break
            key = ("".join(values), outcome)
            expected[key] = expected.get(key, 0) + 1
        return one, expected

    def test_45_conditions(self):
        one, expected = self.many(45, 300)
        self.assertEqual(self.vectors(one), expected)
        self.assertLess(os.path.getsize(self.path("t")), 400_000)

    def test_64_conditions(self):
        one, expected = self.many(64, 700, level="-O0")
        self.assertEqual(self.vectors(one), expected)

    def test_more_different_evaluations_than_there_is_room_for_are_said(self):
        one, expected = self.many(64, 4000)
        told = sum(v["count"] for v in one["vectors"])
        self.assertGreater(len(expected), 1536)
        self.assertEqual(told + one["unrecorded"], 4000)
        self.assertFalse(self.report["quality"]["complete"])
        for key, count in self.vectors(one).items():
            self.assertEqual(expected[key], count)


class Off(Mcdc):
    def test_without_the_flag_there_is_nothing(self):
        text = "int f(int a, int b, int c) { return (a || b) && c; }\nint main(int n, char **v) { return f(n, n, 0); }\n"
        self.assertEqual(self.measure(text, flags="coverage"), [])
        self.assertEqual(self.report["coverage"]["totals"]["mcdc"], {"found": 0, "hit": 0})


if __name__ == "__main__":
    arguments = sys.argv[1:]
    FURLONG = arguments[arguments.index("--furlong") + 1]
    CLANG = arguments[arguments.index("--clang") + 1] if "--clang" in arguments else "22"
    rest = [a for i, a in enumerate(arguments) if a not in ("--furlong", "--clang") and (i == 0 or arguments[i - 1] not in ("--furlong", "--clang"))]
    unittest.main(argv=[sys.argv[0], *rest])
