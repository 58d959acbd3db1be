#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""pages_test.py TOOL: what the pages say of a base, and that each form of them is written and replaced."""
import os
import re

from furdata import Module, code, counter
from gitcase import GitCase
from harness import Case, main


def text_of(html):
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", html)).strip()


class Changes(GitCase):
    """Line 4 is new and ran, 5 is new and did not, 2 ran before, 3 runs now; 1 and 6 are as they were."""

    def setUp(self):
        super().setUp()
        self.commit({"a.c": "one\ntwo\nthree\nsix\n", "quiet.c": "one\n"})
        self.put({"a.c": "one\ntwo\nthree\nfour <new>\nfive\nsix\n"})
        self.lcov("base.info", {"a.c": {1: 1, 2: 1, 3: 0, 4: 0}, "quiet.c": {1: 1}})
        self.lcov("now.info", {"a.c": {1: 1, 2: 0, 3: 1, 4: 1, 5: 0, 6: 0}, "quiet.c": {1: 1}})

    def page(self, name, *words):
        self.tool("report", "-q", "--html", "out", "--base", "HEAD", "--base-data", "base.info", *words, "now.info", env=self.env)
        with open(self.path("out", name), encoding="utf-8") as file:
            return file.read()

    def test_the_overview_says_what_changed(self):
        page = self.page("index.html")
        section = text_of(re.search("<section id=changes.*?</section>", page, re.S).group(0))
        self.assertSays("^Since the base HEAD", section)
        self.assertSays(r"50\.0% of the changed lines are covered: 1 of 2", section)
        for code in ("UNC", "LBC", "UBC", "GBC", "GNC"):
            self.assertSays(r"\b1 [a-z ,]+ %s" % code, section)
        self.assertSays("2 [a-z ,]+ CBC", section)
        table = re.search("<table class=list id=changed>.*?</table>", page, re.S).group(0)
        self.assertEqual(re.findall(r'href="file/([^"]*)"', table), ["a.c.html#L2"]) # nothing is to be said of quiet.c
        self.assertSays(r"a\.c 50\.0% 1 1 2$", text_of(table)) # of the patch; new and missed, lost, gained
        # 4 of 7 lines now, 3 of 5 then
        self.assertSays(r"Lines 57\.1% 4 of 7 ▼ 2\.9", text_of(page))

    def test_lines_say_what_they_are(self):
        page = self.page("file/a.c.html")
        said = {int(row): label for row, label in re.findall(r'<tr\nid=L(\d+)(?:(?!<tr)[\s\S])*?<small class="c ([A-Z]+)"', page)}
        self.assertEqual(said, {2: "LBC", 3: "GBC", 4: "GNC", 5: "UNC"})
        self.assertNotIn('class="c ', self.page("file/quiet.c.html"))

    def test_without_a_base_nothing_is_said(self):
        self.tool("report", "-q", "--html", "out", "now.info", env=self.env)
        with open(self.path("out/index.html")) as file:
            self.assertNotIn("id=changes", file.read())


class Tests(Case):
    """f of lines 2 and 3 was run by both tests, g of 5 and 6 by the second one."""

    def test_lines_say_which_tests_ran_them(self):
        for label, values in (("one <b>", (5, 0)), ("two", (1, 2))):
            module = Module(self.path("app"), 1, label)
            unit = module.unit([self.source("a.c", "int f(void)\n{\n}\nint g(void)\n{\n}\n")])
            for i, function in enumerate("fg"):
                module.function(unit, function, [0], [code((2 + 3 * i, 1), (3 + 3 * i, 2), counter(0))], [values[i]])
            self.data(module, "app." + label[:3])
        self.tool("report", "-q", "--html", "out")
        with open(self.path("out/file/a.c.html"), encoding="utf-8") as file:
            titles = dict(re.findall(r'<tr\nid=L(\d)(?: class=.)?><td>\d<td title="([^"]*)"', file.read()))
        both, second = "6, by 2 tests: one &lt;b>, two", "2, by 1 test: two"
        self.assertEqual({k: v.replace("&gt;", ">") for k, v in titles.items()}, {"2": both, "3": both, "5": second, "6": second})
        with open(self.path("out/index.html"), encoding="utf-8") as file:
            index = file.read()
        listed = text_of(re.search("<details class=modules id=tests>.*?</table>", index, re.S).group(0))
        self.assertIn("<a href=#tests>2 tests</a></h1>", index)
        self.assertSays(r"Measured: 1 binary \S*/app of 2 tests or builds", text_of(re.search("<details class=modules><summary>Measured.*?</ul>", index, re.S).group(0)))
        with open(self.path("out/file/a.c.html"), encoding="utf-8") as file:
            parts = text_of(re.search("<details class=functions id=ran><summary>Run by.*?</table>", file.read(), re.S).group(0))
        self.assertSays(r"Run by 2 tests Tests Test Lines No other runs Which two 4 2 2-6 one &lt;b>? ?.* 2 0 2-3$", parts)
        self.assertSays(r"Tests: 2 Tests Test Lines No other runs one &lt;b>? ?.* 2 0 two 4 2$", listed)


class Forms(GitCase):
    def test_each_form_replaces_the_other(self):
        self.commit({"a.c": "one\n"})
        self.lcov("now.info", {"a.c": {1: 1}})
        def tree():
            return sorted(os.path.relpath(os.path.join(d, f), self.path("out")) for d, _, files in os.walk(self.path("out")) for f in files)
        self.tool("report", "-q", "--html", "out", "now.info")
        pages = tree()
        self.assertIn("file/a.c.html", pages)
        self.assertNotIn("view.html", pages)
        self.tool("report", "-q", "--html", "out", "--compact", "now.info")
        self.assertNotIn("file/a.c.html", tree())
        self.assertIn("view.html", tree())
        self.tool("report", "-q", "--html", "out", "now.info")
        self.assertEqual(tree(), pages)

    def test_a_report_over_an_earlier_one_writes_what_changed(self):
        self.commit({"a.c": "one\n", "b.c": "one\n" * 9000, "c.c": "one\n"})
        def write(name, out, b):
            self.lcov(name, {"a.c": {1: 1}, "b.c": {line: 3 for line in range(1, b)}, **({"c.c": {1: 1}} if b > 50 else {})})
            self.tool("report", "-q", "--html", out, name)
            return {os.path.relpath(os.path.join(d, f), self.path(out)): os.path.join(d, f) for d, _, files in os.walk(self.path(out)) for f in files}
        write("now.info", "out", 9000)
        page = self.path("out/file/b.c.html")
        self.assertGreater(os.path.getsize(page), 300000) # it goes out in more than one piece
        times = {name: os.stat(self.path("out", name)).st_mtime_ns for name in ("file/a.c.html", "file/b.c.html", "style.css")}
        for name in times:
            os.utime(self.path("out", name), ns=(1, 1))
        over, fresh = write("then.info", "out", 40), write("then.info", "fresh", 40)
        self.assertEqual(sorted(over), sorted(fresh)) # c.c has no page any more
        for name, path in over.items():
            with open(path, "rb") as one, open(fresh[name], "rb") as other:
                self.assertEqual(one.read(), other.read(), name)
        untouched = {name for name in times if os.stat(self.path("out", name)).st_mtime_ns == 1}
        self.assertEqual(untouched, {"file/a.c.html", "style.css"})

    def test_one_file(self):
        self.commit({"a.c": "one\n"})
        self.lcov("now.info", {"a.c": {1: 1}})
        self.tool("report", "--single", "one.html", "now.info")
        self.assertFalse(os.path.exists(self.path("furlong-report")))
        with open(self.path("one.html"), "rb") as file:
            text = file.read()
        self.assertEqual(text[:2], b"\xff\xfe")
        text = text.decode("utf-16")
        self.assertIn("<h1 id=title>Coverage", text)
        self.assertNotIn("<link", text) # nothing is outside
        self.assertFalse(re.search(r"<(script|img)[^>]* src=", text))
        self.tool("report", "--single", "-", "now.info", status=2)
        self.tool("report", "--single", "/nonexistent/x.html", "now.info", status=4)


if __name__ == "__main__":
    main()
