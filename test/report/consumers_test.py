#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""consumers_test.py TOOL CLANG: a real program in the formats of others, as those demand it: by the rules that lcov 2.x checks
before it shows anything (it is not packaged everywhere; genhtml itself reads the file where it is 2.x), by genhtml 1.x
without a warning."""
import re
import shutil
import subprocess
import sys

CLANG = sys.argv[2]
del sys.argv[2]
from harness import Case, main  # noqa: E402

if not shutil.which(CLANG):
    sys.exit(77)

PROGRAM = """#include <stdlib.h>
#define IN(x, low, high) ((x) >= (low) && (x) <= (high))
static int unused(int a)
{
\treturn a ? 1 : 2;
}
static int f(int a, int b)
{
\tswitch (a) {
\tcase 1:
\t\treturn 3;
\tcase 2: /* passed over */
\t\treturn 4;
#include "cases.h"
\t}
\tif (a > 5) {
\t\ta = 5;
\t} else if (b > 9) { /* never asked, but the brace before it ran */
\t\ta = 9;
\t}
\treturn IN(a, 2, 3) ||
\t\tIN(b, 7, 9);
}
int main(int argc, char **argv)
{
\t(void)argv;
\treturn argc > 9 ? unused(1) : f(1, 2) + f(7, 3) + f(8, 8) == 0;
}
"""


class Consumers(Case):
    def setUp(self):
        super().setUp()
        self.source("p.c", PROGRAM)
        self.source("cases.h", "\tcase 3:\n\t\treturn 5;\n")
        flags = "@" + self.tool("flags", "coverage").stdout.strip()
        done = subprocess.run([CLANG, "-O0", flags, "p.c", "-o", "p"], cwd=self.dir, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.tool("run", "-q", "--no-report", "./p")

    def records(self, text):
        for record in re.findall(r"SF:(.*?)end_of_record", text, re.S):
            path = record.split("\n")[0]
            lines = {int(n): int(count) for n, count in re.findall(r"(?m)^DA:(\d+),(\d+)", record)}
            branches = {}
            for line, taken in re.findall(r"(?m)^BRDA:(\d+),[^,]*,[^,]*,(.*)$", record):
                branches.setdefault(int(line), []).append(taken)
            ends = {index: (int(first), int(last)) for index, first, last in re.findall(r"(?m)^FNL:(\d+),(\d+),(\d+)$", record)}
            functions = [(*ends[index], int(count)) for index, count in re.findall(r"(?m)^FNA:(\d+),(\d+),", record)]
            with open(path) as file:
                yield len(file.read().splitlines()), lines, branches, functions

    def test_lcov_2_holds_together(self):
        self.tool("report", "-q", "--lcov2", "p.info")
        seen = 0
        for length, lines, branches, functions in self.records(self.read("p.info")):
            self.assertLessEqual(max(lines), length) # an included file ends where its text does
            for line, taken in branches.items():
                self.assertEqual(lines[line] > 0, any(each not in "-0" for each in taken), line)
            for first, last, count in functions:
                self.assertEqual(count > 0, any(lines.get(line) for line in range(first, last + 1)))
                self.assertLessEqual(first, last)
            seen += len(branches)
        self.assertGreater(seen, 6)
        self.assertRegex(self.read("p.info"), r"DA:12,0\n") # the case that was passed over, of which lcov 1.x says more:
        self.assertIn("BRDA:12,0,true,-\nBRDA:12,0,false,-\n", self.read("p.info"))
        self.tool("report", "-q", "--lcov", "p.info")
        self.assertIn("BRDA:12,0,0,0\nBRDA:12,0,1,3\n", self.read("p.info"))

    def test_genhtml_has_nothing_to_say(self):
        genhtml = shutil.which("genhtml")
        if not genhtml:
            self.skipTest("no lcov")
        version = subprocess.run([genhtml, "--version"], capture_output=True, text=True).stdout
        option = "--lcov" if re.search(r"version 1\.", version) else "--lcov2"
        self.tool("report", "-q", option, "p.info")
        done = subprocess.run([genhtml, "--branch-coverage", "-o", "html", "p.info"], cwd=self.dir, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotRegex(done.stdout + done.stderr, "(?i)warning|error")


main()
