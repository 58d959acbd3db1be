#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""variants_test.py TOOL: one function compiled into programs with other macros. Expected numbers: how often each
program executes a line, added up."""
import re

from harness import Case, main
from furdata import NEVER_EMITTED, Module, branch, code, counter, expression, gap, skipped

SOURCE = """int f(int x)
{
#ifdef CHECKED
\tif (x < 0)
\t\treturn -1;
#endif
\tif (x > 9)
\t\tx = 9;
\treturn x;
}
"""
C = counter


class Variants(Case):
    def setUp(self):
        super().setUp()
        self.table = self.source("a.c", SOURCE)

    def plain(self, name, values, module_id):
        """Without CHECKED; counters: entry, x > 9."""
        module = Module(self.path(name), module_id)
        module.function(module.unit([self.table]), "f", [0], [
            code((2, 1), (10, 2), C(0)), skipped((3, 1), (6, 7)), code((7, 6), (7, 11), C(0)),
            branch((7, 6), (7, 11), C(1), expression(0)), gap((7, 12), (8, 3), C(1)), code((8, 3), (8, 8), C(1))],
            values, [("-", C(0), C(1))])
        self.data(module)

    def checked(self, name, values, module_id):
        """With CHECKED, where all that follows the return is a region of its own; counters: entry, x < 0, x > 9."""
        rest = expression(0)  # those that went on
        module = Module(self.path(name), module_id)
        module.function(module.unit([self.table]), "f", [0], [
            code((2, 1), (10, 2), C(0)), code((4, 6), (4, 11), C(0)), branch((4, 6), (4, 11), C(1), rest),
            gap((4, 12), (5, 3), C(1)), code((5, 3), (5, 12), C(1)), gap((5, 13), (7, 2), rest),
            code((7, 2), (10, 2), rest), code((7, 6), (7, 11), rest), branch((7, 6), (7, 11), C(2), expression(1)),
            gap((7, 12), (8, 3), C(2)), code((8, 3), (8, 8), C(2))],
            values, [("-", C(0), C(1)), ("-", rest, C(2))])
        self.data(module)

    def test_each_program_counts(self):
        self.plain("plain", [100, 40], 1)
        self.checked("checked", [7, 2, 1], 2)
        self.checked("again", [10, 3, 5], 3)  # another program of the second kind
        self.assertEqual(self.lines(self.report(), "a.c"), {
            2: 117, 3: 17, 4: 17, 5: 5, 6: 12, 7: 112, 8: 46, 9: 112, 10: 112})
        file = self.file(self.report(), "a.c")
        branches = {(b["line"], b["column"]): (b["true"], b["false"]) for b in file["branches"]}
        self.assertEqual(branches, {(4, 6): (5, 12), (7, 6): (46, 66)})
        self.assertEqual([(f["name"], f["count"]) for f in file["functions"]], [("f", 117)])

    def test_order_does_not_matter(self):
        self.checked("a", [7, 2, 1], 1)
        self.plain("b", [100, 40], 2)
        lines = self.lines(self.report(), "a.c")
        self.assertEqual((lines[2], lines[5], lines[9]), (107, 2, 105))

    def test_a_program_that_did_not_run_hides_nothing(self):
        self.plain("plain", [100, 40], 1)
        self.checked("checked", [0, 0, 0], 2)
        lines = self.lines(self.report(), "a.c")
        self.assertEqual((lines[4], lines[7], lines[8], lines[9]), (0, 100, 40, 100))

    def test_a_lambda_keeps_its_own_counts(self):
        self.plain("plain", [100, 40], 1)
        self.checked("checked", [7, 2, 1], 2)
        module = Module(self.path("other"), 4)
        module.function(module.unit([self.table]), "lambda", [0], [code((9, 5), (9, 7), C(0))], [500])
        self.data(module)
        lines = self.lines(self.report(), "a.c")
        self.assertEqual((lines[8], lines[9], lines[10]), (41, 500, 105))

    def test_a_function_that_was_only_mentioned_says_nothing(self):
        self.plain("plain", [100, 40], 1)
        module = Module(self.path("other"), 4)
        module.function(module.unit([self.table]), "f", [0], [code((2, 1), (10, 2), 0)], flags=NEVER_EMITTED)
        self.data(module)
        self.assertEqual(self.lines(self.report(), "a.c"), {2: 100, 7: 100, 8: 40, 9: 100, 10: 100})

    def test_pages_show_the_sums(self):
        self.plain("plain", [100, 40], 1)
        self.checked("checked", [7, 2, 1], 2)
        self.tool("report", "--html", "out", "-q")
        with open(self.path("out", "file", "a.c.html")) as page:
            self.assertTrue(re.search(r">\s*105\s*<", page.read()))


main()
