#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""report_test.py TOOL: what reports say about data made by hand. Expected numbers are worked out in the
comments, from docs/contract and the rules of region coverage; none was taken from the tool's output."""
import os
import re
import shutil
import subprocess
import unittest

from harness import TOOL, Case, main
from furdata import NEVER_EMITTED, Module, branch, code, counter, expansion, expression, gap, skipped

CLAMP = """#define CLAMP(x) ((x) < 0 ? 0 : (x))
int f(int x)
{
\tif (x > 3 && x < 10) {
\t\treturn CLAMP(x);
\t} else {
\t\treturn 0;
\t}
}
static int g(void) { return 1; }
"""


def clamp_module(case, table, values=(7, 5, 2, 1), module_id=1):
    """f: counters are entry, x > 3, x < 10, and CLAMP's negative arm."""
    module = Module(case.path("app"), module_id)
    unit = module.unit([table])
    c, e = counter, expression
    module.function(unit, "f", [0, 0], [
        code((3, 1), (9, 2), c(0)), code((4, 6), (4, 21), c(0)),
        branch((4, 6), (4, 11), c(1), e(0)), code((4, 15), (4, 21), c(1)), branch((4, 15), (4, 21), c(2), e(1)),
        gap((4, 22), (4, 23), c(2)), code((4, 23), (6, 3), c(2)), expansion((5, 10), (5, 15), 1),
        gap((6, 4), (6, 9), e(2)), code((6, 9), (8, 3), e(2)),
        code((1, 18), (1, 37), c(2), file=1), branch((1, 19), (1, 26), c(3), e(3), file=1),
        code((1, 29), (1, 30), c(3), file=1), code((1, 33), (1, 36), e(3), file=1),
    ], values, [("-", c(0), c(1)), ("-", c(1), c(2)), ("-", c(0), c(2)), ("-", c(2), c(3))])
    module.function(unit, "g", [0], [code((10, 20), (10, 33), 0)], flags=NEVER_EMITTED)
    return module


def has_terminals():
    """A bare root without /dev/pts has none."""
    try:
        for end in os.openpty():
            os.close(end)
        return True
    except OSError:
        return False


class Counts(Case):
    def test_lines_branches_functions_and_macros(self):
        self.data(clamp_module(self, self.source("src/a.c", CLAMP)))
        report = self.report()
        file = self.file(report, "src/a.c")
        # Line 4 is reached 7 times, 5 by the 2 that pass both conditions, 7 by the other 5. The macro's text ran
        # twice. Line 6 ends the then-part (2) and begins the else-part (5). g was never called.
        self.assertEqual(self.lines(report, "src/a.c"), {1: 2, 3: 7, 4: 7, 5: 2, 6: 5, 7: 5, 8: 5, 9: 7, 10: 0})
        branches = {(b["line"], b["column"]): (b["true"], b["false"]) for b in file["branches"]}
        self.assertEqual(branches, {(4, 6): (5, 2), (4, 15): (2, 3), (5, 10): (1, 1)}) # the macro's at its use
        self.assertEqual(file["branches"][-1]["end"], [5, 15])
        self.assertEqual(file["branches"][-1]["macro"], {"path": "src/a.c", "start": [1, 19], "end": [1, 26]})
        functions = {f["name"]: (f["line"], f["end_line"], f["count"]) for f in file["functions"]}
        self.assertEqual(functions, {"f": (3, 9, 7), "g": (10, 10, 0)})
        totals = report["coverage"]["totals"]
        self.assertEqual(totals["lines"], {"found": 9, "hit": 8})
        self.assertEqual(totals["branches"], {"found": 6, "hit": 6})
        self.assertEqual(totals["functions"], {"found": 2, "hit": 1})
        self.assertEqual(totals["regions"], {"found": 9, "hit": 8})
        self.assertEqual(report["quality"], {"complete": True, "notes": []})

    def test_slots_add_up_and_big_counts_are_exact(self):
        module = Module(self.path("app"))
        unit = module.unit([self.source("a.c", "int f(void)\n{\n}\n")])
        module.function(unit, "f", [0], [code((2, 1), (3, 2), counter(0))], [0])
        self.data(module, slots=[[1 << 53], [1], (0xFFFF00000001, [1 << 63])])
        self.assertEqual(self.lines(self.report(), "a.c"), {2: (1 << 63) + (1 << 53) + 1, 3: (1 << 63) + (1 << 53) + 1})

    def test_instances_and_modules_merge_by_place(self):
        table = self.source("h.hpp", "template<class T> T twice(T x)\n{\n\treturn x + x;\n}\n")
        for i, names in enumerate((["_Z5twiceIiET_S0_", "_Z5twiceIdET_S0_"], ["_Z5twiceIiET_S0_"])):
            module = Module(self.path("app%d" % i), i + 1)
            unit = module.unit([table])
            for name in names:
                module.function(unit, name, [0], [code((2, 1), (4, 2), counter(0))], [10 ** i])
            self.data(module)
        file = self.file(self.report(), "h.hpp")
        # The first binary has two instances with 1 each, the second one of the same with 10.
        self.assertEqual(len(file["functions"]), 1)
        function = file["functions"][0]
        self.assertEqual((function["name"], function["count"], function["instances"]), ("twice", 12, 2))
        self.assertEqual([l["count"] for l in file["lines"]], [12, 12, 12])

    def test_one_macro_use_may_hold_two_functions(self):
        module = Module(self.path("app"))
        unit = module.unit([self.source("a.c", "#define TWO int a(void) { } int b(void) { }\nTWO\n")])
        for i, name in enumerate("ab"):
            module.function(unit, name, [0, 0], [expansion((2, 1), (2, 4), 1),
                                                 code((1, 25 + 18 * i), (1, 28 + 18 * i), counter(0), file=1)], [i + 1])
        file = self.file(self.report_after(module), "a.c")
        self.assertEqual([(f["name"], f["count"]) for f in file["functions"]], [("a", 1), ("b", 2)])

    def report_after(self, module):
        self.data(module)
        return self.report()

    def test_skipped_is_not_code_and_columns_zero_are_whole_lines(self):
        module = Module(self.path("app"))
        unit = module.unit([self.source("a.c", "int f(void)\n{\n#if 0\n\tgone();\n#endif\n\there();\n}\n")])
        module.function(unit, "f", [0], [code((2, 1), (7, 2), counter(0)), skipped((3, 0), (5, 0))], [4])
        self.assertEqual(self.lines(self.report_after(module), "a.c"), {2: 4, 6: 4, 7: 4})

    def test_constant_conditions_have_no_outcome_to_miss(self):
        module = Module(self.path("app"))
        unit = module.unit([self.source("a.c", "int f(void)\n{\n\tif (1) ;\n}\n")])
        module.function(unit, "f", [0], [code((2, 1), (4, 2), counter(0)), branch((3, 6), (3, 7), counter(0), 0)], [4])
        report = self.report_after(module)
        self.assertEqual(report["coverage"]["totals"]["branches"], {"found": 1, "hit": 1})
        self.assertEqual(self.file(report, "a.c")["branches"][0]["constant"], ["false"])

    def test_differences_below_zero_are_zero_and_said(self):
        table = self.source("src/a.c", CLAMP)
        self.data(clamp_module(self, table, values=(7, 9, 2, 1)))
        report = self.report()
        branches = {(b["line"], b["column"]): (b["true"], b["false"]) for b in self.file(report, "src/a.c")["branches"]}
        self.assertEqual(branches[4, 6], (9, 0))
        self.assertSays("negative", " ".join(report["quality"]["notes"]))

    def test_expressions_may_name_later_ones_and_cycles_end(self):
        module = Module(self.path("app"))
        unit = module.unit([self.source("a.c", "int f(void)\n{\n}\n")])
        module.function(unit, "f", [0], [code((2, 1), (3, 2), expression(0))], [3, 4],
                        [("+", expression(1), counter(0)), ("-", counter(1), expression(2)), ("+", expression(2), 0)])
        self.assertEqual(self.lines(self.report_after(module), "a.c")[2], 7)


MACROS = '''#define POS(x) ((x) > 0)
#define BOTH(x, y) (POS(x) && POS(y))
int f(int a, int b)
{
\tif (BOTH(a, b) || POS(a))
#include "part.inc"
\treturn POS(b);
}
'''


class Macros(Case):
    def module(self, module_id=1, instances=1, include="part.inc"):
        """f's counters: BOTH's POS(x), its POS(y), the other POS(a), part.inc's POS, the last POS; each is how often
        it was true, of 10 evaluations. File ids: the two uses of POS in BOTH come last."""
        module = Module(self.path("app"), module_id)
        unit = module.unit([self.source("src/a.c", MACROS.replace("part.inc", include)),
                            self.source("src/part.inc", "\t\treturn POS(a);\n")])
        c, e = counter, expression
        for i in range(instances):
            module.function(unit, "f%d" % i, [0, 0, 0, 1, 0, 0, 0, 0], [
                code((4, 1), (8, 2), c(0)), expansion((5, 6), (5, 10), 1), expansion((5, 20), (5, 23), 2),
                expansion((6, 10), (6, 20), 3), expansion((7, 9), (7, 12), 5),
                expansion((2, 21), (2, 24), 6, file=1), expansion((2, 31), (2, 34), 7, file=1),
                code((1, 1), (1, 17), c(0), file=3), expansion((1, 10), (1, 13), 4, file=3),
            ] + [branch((1, 16), (1, 23), c(k + 1), e(k), file=id) for k, id in enumerate((6, 7, 2, 4, 5))],
                [10, 1, 2, 3, 4, 5], [("-", c(0), c(k + 1)) for k in range(5)])
        return module

    def branches(self, report, path):
        return [(b["line"], b["column"], b["true"]) for b in self.file(report, path)["branches"]]

    def test_each_use_has_its_own(self):
        self.data(self.module())
        report = self.report()
        # Of one use in the order of the text; nested uses belong to the outermost one; what is included keeps its own.
        self.assertEqual(self.branches(report, "src/a.c"), [(5, 6, 1), (5, 6, 2), (5, 20, 3), (7, 9, 5)])
        self.assertEqual(self.branches(report, "src/part.inc"), [(1, 10, 4)])
        self.assertEqual(report["coverage"]["totals"]["branches"], {"found": 10, "hit": 10})
        records = [l for l in self.tool("report", "--lcov", "-", "-q").stdout.split("\n") if l.startswith("BRDA:5,")]
        self.assertEqual(records, ["BRDA:5,0,0,1", "BRDA:5,0,1,9", "BRDA:5,1,0,2", "BRDA:5,1,1,8", "BRDA:5,2,0,3", "BRDA:5,2,1,7"])

    def test_instances_of_one_use_add_up(self):
        self.data(self.module(instances=3))
        self.data(self.module(module_id=2))
        self.assertEqual(self.branches(self.report(), "src/a.c"), [(5, 6, 4), (5, 6, 8), (5, 20, 12), (7, 9, 20)])

    def test_uses_in_own_sources_of_macros_elsewhere(self):
        module = Module(self.path("app"))
        unit = module.unit([self.source("a.c", "\n\n\n\n"), ("/usr/include/checks.h", None)])
        module.function(unit, "f", [0, 1], [code((1, 1), (2, 2), counter(0)), expansion((2, 1), (2, 6), 1),
                                           branch((70, 3), (70, 8), counter(0), 0, file=1)], [3])
        self.data(module)
        found = self.file(self.report(), "a.c")["branches"]
        self.assertEqual([b["macro"]["path"] for b in found], ["/usr/include/checks.h"])

    def test_conditions_at_one_place_stay_apart(self):
        module = Module(self.path("app"))
        unit = module.unit([self.source("a.c", "\n\n\n\n")])
        for name in "fg": # two instances of one function
            module.function(unit, name, [0, 0], [code((1, 1), (2, 2), counter(0)), expansion((2, 1), (2, 6), 1)] + [
                branch((1, 3), (1, 8), counter(i), 0, file=1) for i in range(2)] + [
                branch((2, 8), (2, 9), counter(i), 0) for i in range(2)], [3, 4])
        self.data(module)
        self.assertEqual(self.branches(self.report(), "a.c"), [(2, 1, 6), (2, 1, 8), (2, 8, 6), (2, 8, 8)])

    def test_expansions_without_a_beginning_or_an_end(self):
        module = Module(self.path("app"))
        unit = module.unit([self.source("a.c", "\n\n\n\n")])
        module.function(unit, "f", [0] * 4, [
            code((1, 1), (2, 2), counter(0)), expansion((2, 1), (2, 6), 3, file=2), expansion((3, 1), (3, 6), 2, file=3),
            branch((4, 1), (4, 2), counter(0), 0, file=3), branch((4, 5), (4, 6), counter(0), 0, file=1)], [3])
        self.data(module)
        self.assertEqual(self.branches(self.report(), "a.c"), [(4, 1, 3), (4, 5, 3)]) # where their text is


class Sources(Case):
    def test_one_file_under_several_paths_is_one(self):
        path, digest = self.source("src/a.c", CLAMP)
        os.symlink("src", self.path("link"))
        os.mkdir(self.path("build"))
        for i, spelling in enumerate((path, self.path("build/../src/a.c"), self.path("link/a.c"), self.path("src/./a.c"))):
            self.data(clamp_module(self, (spelling, digest), module_id=i + 1))
        report = self.report()
        self.assertEqual([f["path"] for f in report["coverage"]["files"]], ["src/a.c"])
        self.assertEqual(self.lines(report, "src/a.c")[3], 4 * 7)

    def test_the_version_on_disk_is_reported(self):
        old = self.source("src/a.c", "/* old */" + CLAMP)
        now = self.source("src/a.c", CLAMP)
        self.data(clamp_module(self, old, values=(70, 50, 20, 10), module_id=1))
        self.data(clamp_module(self, now, module_id=2))
        report = self.report()
        self.assertEqual(self.lines(report, "src/a.c")[3], 7)
        self.assertFalse(report["quality"]["complete"])
        self.assertSays(r"src/a\.c: counts of an older version", report["quality"]["notes"][0])

    def test_changed_and_missing_sources_are_told(self):
        table = self.source("src/a.c", CLAMP)
        self.data(clamp_module(self, table))
        self.source("src/a.c", CLAMP + "\n")
        self.assertEqual(self.file(self.report(), "src/a.c")["source"], "changed")
        self.tool("doctor", "furlong-data", status=1)
        os.unlink(table[0])
        self.assertEqual(self.file(self.report(), "src/a.c")["source"], "missing")
        self.assertSays("--path-map", self.tool("doctor", "furlong-data", status=1).stdout)

    def test_path_map_finds_them_again(self):
        _, digest = self.source("here/a.c", CLAMP)
        self.data(clamp_module(self, ("/elsewhere/src/a.c", digest)))
        report = self.report("--path-map", "/elsewhere/src=" + self.path("here"))
        self.assertEqual(self.file(report, "here/a.c")["source"], "found")
        self.tool("report", "--path-map", "nonsense", status=2)

    def test_include_exclude_and_system_headers(self):
        module = Module(self.path("app"))
        tables = [self.source(n, "int f(void)\n{\n}\n") for n in ("src/a.c", "src/test/t.c")] + [("/usr/include/none.h", None)]
        unit = module.unit(tables)
        for i in range(3):
            module.function(unit, "f%d" % i, [i], [code((2, 1), (3, 2), counter(0))], [1])
        self.data(module)

        def paths(*words):
            return [f["path"] for f in self.report(*words)["coverage"]["files"]]
        self.assertEqual(paths(), ["src/a.c", "src/test/t.c"])
        self.assertEqual(paths("--system-headers"), ["/usr/include/none.h", "src/a.c", "src/test/t.c"])
        self.assertEqual(paths("--include", "/usr/include/*"), ["/usr/include/none.h"])
        for glob in ("test", "src/test", "*/test/*", "t.c", "src/test/", "test/*.c"):
            self.assertEqual(paths("--exclude", glob), ["src/a.c"], glob)
        self.assertEqual(paths("--include", "src", "--exclude", "test"), ["src/a.c"])
        self.assertEqual(paths("--root", "src"), ["a.c", "test/t.c"])
        self.assertSays("nothing is left", self.tool("report", "--exclude", "*", status=3).stderr)

    def test_markers(self):
        text = CLAMP.replace("return 0;", "return 0; /* LCOV_EXCL_LINE */").replace(
            "x < 10) {", "x < 10) { // GCOVR_EXCL_BR_LINE").replace("{ return 1; }", "{ return 1; } // FURLONG_EXCL_FUNCTION")
        self.data(clamp_module(self, self.source("src/a.c", text)))
        totals = self.report()["coverage"]["totals"]
        self.assertEqual(totals["lines"], {"found": 7, "hit": 7}) # without 7 and 10
        self.assertEqual(totals["branches"], {"found": 2, "hit": 2}) # the macro's
        self.assertEqual(totals["functions"], {"found": 1, "hit": 1})

    def test_marked_stretches(self):
        text = CLAMP.replace("\tif", "\t/* FURLONG_EXCL_START */if").replace("\t}\n}", "\t} /* FURLONG_EXCL_STOP */\n}")
        self.data(clamp_module(self, self.source("src/a.c", text)))
        report = self.report()
        left = [l["line"] for l in self.file(report, "src/a.c")["lines"] if "excluded" not in l]
        self.assertEqual(left, [1, 3, 9, 10])
        self.assertEqual(report["quality"]["notes"], [])
        self.data(clamp_module(self, self.source("src/a.c", CLAMP.replace("int f", "/* LCOV_EXCL_START */int f"))))
        report = self.report()
        self.assertEqual(report["coverage"]["totals"]["lines"], {"found": 1, "hit": 1})
        self.assertSays(r"src/a\.c:2: .*no STOP", report["quality"]["notes"][0])


class Formats(Case):
    def test_lcov_to_the_letter(self):
        self.data(clamp_module(self, self.source("src/a.c", CLAMP), values=(7, 0, 0, 0)))
        expected = """TN:
SF:%s/src/a.c
FN:3,f
FN:10,g
FNDA:7,f
FNDA:0,g
FNF:2
FNH:1
BRDA:4,0,0,0
BRDA:4,0,1,7
BRDA:4,1,0,-
BRDA:4,1,1,-
BRDA:5,0,0,-
BRDA:5,0,1,-
BRF:6
BRH:1
DA:1,0
DA:3,7
DA:4,7
DA:5,0
DA:6,7
DA:7,7
DA:8,7
DA:9,7
DA:10,0
LF:9
LH:6
end_of_record
""" % self.dir
        self.assertEqual(self.tool("report", "--lcov", "-", "-q").stdout, expected)

    def test_lcov_gives_equal_names_their_lines(self):
        module = Module(self.path("app"))
        unit = module.unit([self.source("a.c", "int f(void)\n{\n}\nint f(void)\n{\n}\n")])
        for line in (2, 5):
            module.function(unit, "f", [0], [code((line, 1), (line + 1, 2), counter(0))], [line])
        self.data(module)
        text = self.tool("report", "--lcov", "-", "-q").stdout
        self.assertIn("FNDA:2,f:2\nFNDA:5,f:5\n", text)

    @unittest.skipUnless(shutil.which("genhtml"), "no genhtml here")
    def test_genhtml_and_lcov_read_it_without_complaint(self):
        self.data(clamp_module(self, self.source("src/a.c", CLAMP)))
        self.tool("report", "--lcov", "r.info", "-q")
        for command in (["genhtml", "--branch-coverage", "r.info", "-o", "pages"],
                        ["lcov", "--summary", "r.info", "--rc", "lcov_branch_coverage=1"]):
            done = subprocess.run(command, cwd=self.dir, capture_output=True, text=True)
            said = done.stdout + done.stderr
            self.assertEqual(done.returncode, 0, said)
            self.assertNotRegex(said.lower(), "warning|error")
            self.assertSays(r"8 of 9 lines", said)
            self.assertSays(r"1 of 2 functions", said)
            self.assertSays(r"6 of 6 branches", said)

    def test_text_and_summary(self):
        self.data(clamp_module(self, self.source("src/a.c", CLAMP)))
        done = self.tool("report", "--text", "-")
        self.assertSays(r"src/a\.c +9 +1 +88\.9% +100\.0% +50\.0%", done.stdout)
        self.assertIn("coverage: 88.9% of lines (8/9), 100.0% of branches, 50.0% of functions\n", done.stderr)

    def test_show(self):
        self.data(clamp_module(self, self.source("src/a.c", CLAMP)))
        text = self.tool("show", "a.c:4").stdout
        self.assertIn("\n  4 7 + \tif (x > 3 && x < 10) {\n", text)
        self.assertSays(r"column 6: true 5, false 2", text)
        self.assertSays(r"in f, entered 7 times", text)
        self.assertNotIn("10 0", text) # too far away
        text = self.tool("show", "a.c:5").stdout
        self.assertSays(r"column 10, in its macro at src/a\.c:1:19: true 1, false 1\n", text)
        self.assertSays("line 2 is not code", self.tool("show", "a.c:2").stdout)
        self.assertSays(r"a\.c has 10 lines", self.tool("show", "a.c:11", status=2).stderr)
        for lines, shown in (("4-6", [4, 5, 6]), ("6-4", [4, 5, 6]), ("9-99", [9, 10]), ("4-4", [4])):
            text = self.tool("show", "a.c:" + lines).stdout
            self.assertEqual([int(line) for line in re.findall(r"^ *(\d+) ", text, re.M)], shown)
        for lines in ("4-", "-4", "4-x", "4-5-6", "0-3"):
            self.assertSays(r"no file a\.c:", self.tool("show", "a.c:" + lines, status=2).stderr)
        self.assertSays("no race data", self.tool("show", "races", status=3).stderr)
        self.assertSays(r"no file nothing\.c", self.tool("show", "nothing.c", status=2).stderr)
        self.assertEqual(self.tool("functions", "-u").stdout.split(), ["0", "g", "src/a.c:10"])

    def test_show_points_at_what_is_missing(self):
        self.data(clamp_module(self, self.source("src/a.c", CLAMP), values=(7, 7, 0, 0)))
        # Column 6 to 10 was never false, 15 to 20 never true, 23 (the brace) never ran.
        self.assertIn("""
  4 7 ~ \tif (x > 3 && x < 10) {
        \t    ~~~~~    ~~~~~~  ^  never false; never true
  5 0 - \t\treturn CLAMP(x);
""", self.tool("show", "a.c").stdout)
        self.assertEqual([l[:5] for l in self.tool("show", "-u", "a.c").stdout.split("\n")[1:]],
                         ["  1 0", "", "  4 7", "     ", "  5 0", "", " 10 0", ""])

    def on_terminal(self, *words, **env):
        """What the tool writes to a terminal."""
        ours, theirs = os.openpty()
        done = subprocess.Popen([TOOL, *words], cwd=self.dir, stdin=theirs, stdout=theirs,
                                env={**os.environ, "TERM": "xterm", "PAGER": "", **env})
        os.close(theirs)
        said = b""
        try:
            while block := os.read(ours, 4096):
                said += block
        except OSError: # EIO: the other side is closed
            pass
        os.close(ours)
        self.assertEqual(done.wait(), 0)
        return said.decode().replace("\r\n", "\n")

    @unittest.skipUnless(has_terminals(), "no pseudo-terminals here")
    def test_show_on_a_terminal_has_colour_and_a_pager(self):
        self.data(clamp_module(self, self.source("src/a.c", CLAMP), values=(7, 7, 0, 0)))
        text = self.on_terminal("show", "a.c")
        self.assertIn("\t\033[34mif\033[0m (\033[33;4mx > 3\033[0m && \033[33;4mx < 10\033[0m) \033[31m{\033[0m\n", text)
        self.assertNotIn("~~~", text)
        self.assertEqual(self.on_terminal("show", "a.c", NO_COLOR="1"), self.tool("show", "a.c").stdout)
        self.assertEqual(self.on_terminal("show", "a.c", TERM="dumb"), self.tool("show", "a.c").stdout)
        self.assertSays("^<src/a.c: ", self.on_terminal("show", "a.c", PAGER="sed 's/^/</'"))
        self.assertEqual(self.on_terminal("show", "a.c", PAGER="exec true"), "")
        self.assertNotIn("\n<", self.on_terminal("show", "a.c", PAGER="sed 's/^/</'", FURLONG_PAGER="cat"))

    def test_show_sends_no_control_characters(self):
        self.data(clamp_module(self, self.source("src/a.c", CLAMP.replace("return 0;", "return 0; /* \033[2J\a\x7f */"))))
        self.assertIn("/* \u241b[2J\u2407\u2421 */", self.tool("show", "a.c").stdout)

    def test_a_device_can_be_written_and_a_full_one_is_4(self):
        self.data(clamp_module(self, self.source("src/a.c", CLAMP)))
        self.tool("report", "--json", "/dev/null", "-q")
        self.assertSays("cannot write", self.tool("report", "--json", "/dev/full", "-q", status=4).stderr)
        self.tool("report", "--json", "no/such/r.json", status=4)


main()
