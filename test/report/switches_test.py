#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""switches_test.py TOOL CLANG++: templates and macros on the page: of each instance how often it was called and which lines
it never ran, though others did; of each use of a macro which outcomes never came. Expected numbers: what the program
calls."""
import json
import re
import shutil
import subprocess
import sys
import unittest

CLANG = sys.argv[2]
del sys.argv[2]
from harness import Case, main  # noqa: E402

if not shutil.which(CLANG):
    sys.exit(77)

HEADER = """template <class T>
T largest(T a, T b)
{
\tif (a > b) {
\t\treturn a;
\t}
\treturn b;
}
template <class T>
T same(T a)
{
\treturn a;
}
static inline int twice(int a)
{
\treturn 2 * a;
}
"""


class Switches(Case):
    def page(self, shown="t.h", **sources):
        self.source("t.h", HEADER)
        for name, text in sources.items():
            self.source(name + ".cpp", '#include "t.h"\n' + text)
        flags = "@" + self.tool("flags", "coverage").stdout.strip()
        done = subprocess.run([CLANG, "-O1", flags, *(name + ".cpp" for name in sources), "-o", "p"], cwd=self.dir, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.tool("run", "-q", "--report", "html", "./p")
        return self.read("html/file/%s.html" % shown)

    def instances(self, page, function):
        row = re.search(r"<tr[^>]*><th scope=row><a [^>]*>%s</a>(.*?)<td>" % function, page, re.S).group(1)
        self.assertTrue(not row or row.startswith(" <details class=instances>"), row)
        items = re.findall(r'<li(?: data-lines="([^"]*)")?>(.*?)(?=<li|</ul>)', row, re.S)
        plain = [(lines, re.sub("<[^>]*>", "", text).replace("&lt;", "<").replace("&gt;", ">")) for lines, text in items]
        return (re.search(r"<summary>(.*?)</summary>", row).group(1), plain) if row else None

    def test_each_by_itself(self):
        page = self.page(a="int main() { twice(1); same(1); return largest(2, 1) - 2 + (largest(1.0, 2.0) > 2) + largest(3, 1) - 3 + largest('a', 'b') - 'b'; }")
        self.assertEqual(self.instances(page, "largest"), ("3 instances", [
            ("3:1,1,0,0,1,1", "char largest<char>(char, char) 1×, never ran 5–6"),
            ("3:1,1,0,0,1,1", "double largest<double>(double, double) 1×, never ran 5–6"),
            ("3:2,2,2,2,0,2", "int largest<int>(int, int) 2×, never ran 7"),
            ("3:1,1,0,0,0,1", "the worst of each line the least count, never ran 5–7")]))
        for line, count in ((4, "4"), (5, "2"), (7, "2")): # the lines are of all of them
            self.assertRegex(page, r"<tr\nid=L%d[^>]*><td>(?:<a.*?</a>)*%d?<td>%s<td>" % (line, line, count))
        self.assertIsNone(self.instances(page, "int same&lt;int&gt;\\(int\\)"))
        self.assertIsNone(self.instances(page, "twice\\(int\\)"))

    def test_one_instance_of_two_units_is_one(self):
        page = self.page(a="int other(); int main() { return largest(2, 1) + other() - 5; }",
                         b="int other() { return largest(1, 3) + (largest(1.0, 2.0) > 9); }")
        self.assertEqual(self.instances(page, "largest"), ("2 instances", [
            ("3:1,1,0,0,1,1", "double largest<double>(double, double) 1×, never ran 5–6"),
            ("3:2,2,1,1,1,2", "int largest<int>(int, int) 2×"),
            ("3:1,1,0,0,1,1", "the worst of each line the least count, never ran 5–6")]))

    def test_of_very_many_the_first_are_kept(self):
        page = self.page(a="template <int N> struct S { int operator>(S) { return 0; } };\nint main() { %s return 0; }" %
                         " ".join("largest(S<%d>(), S<%d>());" % (n, n) for n in range(70)))
        summary, items = self.instances(page, "largest")
        self.assertEqual((summary, len(items), items[-1]), ("70 instances", 65, ("", "and 6 more, which are in the counts of the lines")))

    def unfolded(self, page, line):
        """Of each macro that the line unfolds: its name, and what it says of the conditions."""
        row = re.search(r"<tr\nid=L%d[ >].*?(?=<tr\n|</table>)" % line, page, re.S).group()
        unfold = []
        for name, items in re.findall(r"<details class=e><summary>in (.*?)</summary><ul>(.*?)</ul></details>", row, re.S):
            unfold.append((name, [re.sub("<[^>]*>", "", item) for item in items.split("<li")[1:]]))
        return [(name, [item.split(">", 1)[1] for item in items]) for name, items in unfold]

    def test_a_macro_unfolds_at_the_use_that_misses_an_outcome(self):
        self.source("m.h", "#define PAIR(a, b) ((a) == 0 || \\\n\t(b) ? 1 : 2)\n")
        page = self.page("a.cpp", a="""#include "m.h"
#define SMALL(x) ((x) < 3)
int main(int argc, char **)
{
\tfor (int i = 0; i < 5; i++) {
\t\tint a = PAIR(argc, i > 9);
\t\tint b = SMALL(i);
\t\tint c = PAIR(i, i > 2) + a - a + b - b;
\t\tif (SMALL(argc) || SMALL(c))
\t\t\ti += 0;
\t}
\treturn 0;
}
""")
        self.assertEqual(self.unfolded(page, 7), [("PAIR", ["m.h:1 (a) == 0 never true, false 5×", "m.h:2 (b) never true, false 5×"])])
        self.assertEqual(self.unfolded(page, 8), []) # no condition in it
        self.assertEqual(self.unfolded(page, 9), []) # all outcomes came: 0 is true, 1 and 2 neither, 3 and 4 the second
        self.assertEqual(self.unfolded(page, 10), [("SMALL", ["line 3 ((x) < 3) true 5×, never false".replace("<", "&lt;")])])
        self.assertIn('<a href="../file/m.h.html#L2">m.h:2</a>', page)

    def outcomes(self, *options):
        done = self.tool("report", "--json", "-", "-q", *options)
        return json.loads(done.stdout)["coverage"]["totals"]["branches"]["found"]

    def test_macros_that_check_are_folded(self):
        self.page("a.cpp", a="""#include <assert.h>
#define CHECK(x) ((x) ? (void)0 : (void)++argc)
#define OTHER(x) ((x) ? (void)0 : (void)++argc)
int main(int argc, char **)
{
\tCHECK(argc < 9);
\tOTHER(argc < 9);
\tassert(argc < 9 && argc);
\treturn argc > 9;
}
""")
        asserts = 0 if CLANG.endswith(("14", "16")) else self.outcomes("--fold-macros", "CHECK", "--fold-macros", "OTHER")
        self.assertEqual(self.outcomes(), 2)
        self.assertEqual(self.outcomes("--fold-macros", "OTHER", "--fold-macros", "asser?"), 2)
        self.assertEqual(self.outcomes("--fold-macros", ""), 4 + asserts)


main()
