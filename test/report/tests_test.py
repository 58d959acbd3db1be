#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""tests_test.py TOOL: which test runs what: from data and records written by hand, and from a program under random
labels beside a log of its own."""
import json
import os
import random
import struct
import subprocess

from furdata import Module, code, counter, expression, gap, uleb
from gitcase import GitCase
from harness import TOOL, main

SOURCE = "int f(int x)\n{\n\tif (x)\n\t\treturn 1;\n\treturn 0;\n}\nint g(void)\n{\n\treturn 1;\n}\n#define LIMIT 7\nint h(void)\n{\n\treturn 2;\n}\n"
# f: counters entry, then; lines 2, 3, 6 by the entry, 4 by then, 5 by the rest. g: lines 8 to 10. h: 13 to 15.


def record(label, counts, module_id=0x1234):
    """counts: {counter: count}. From the comment in include/furlong/format.h alone."""
    entries, next_counter = b"", 0
    for index, count in sorted(counts.items()):
        entries += uleb(index - next_counter) + uleb(count)
        next_counter = index + 1
    body = label.encode() + entries
    body += b"\0" * (-(32 + len(body)) % 8)
    return struct.pack("<8sQIIII", b"frltest1", module_id, 32 + len(body), len(label.encode()), len(counts), 0) + body


class Made(GitCase):
    def module(self, label="", values=(9, 4, 9, 9), module_id=0x1234):
        module = Module(self.path("app"), module_id, label)
        unit = module.unit([self.source("src/a.c", SOURCE)])
        entry, then = counter(0), counter(1)
        rest = [("-", entry, then)]
        module.function(unit, "f", [0], [code((2, 1), (6, 2), entry), code((3, 6), (3, 7), entry), gap((3, 8), (4, 3), then),
                                         code((4, 3), (4, 11), then), gap((4, 12), (5, 2), expression(0)),
                                         code((5, 2), (5, 10), expression(0))], values[:2], rest)
        module.function(unit, "g", [0], [code((8, 1), (10, 2), counter(0))], values[2:3])
        module.function(unit, "h", [0], [code((13, 1), (15, 2), counter(0))], values[3:])
        return module

    def write(self, *records, name="app.0000000000001234"):
        with open(self.path("furlong-data", name + ".tests"), "wb") as file:
            file.write(b"".join(records))

    def setUp(self):
        super().setUp()
        self.data(self.module())
        self.write(record("yes", {0: 2, 1: 2}), record("no", {0: 1}), record("both", {0: 1, 1: 1, 2: 5}), record("both", {0: 1}),
                   record("g", {2: 1}))

    def names(self, *words, status=0):
        return self.tool("tests", *words, status=status, env=self.env).stdout.split("\n")[:-1]

    def test_how_much_each_runs_and_what_alone(self):
        tests = {t["name"]: (t["lines"], t["alone"]) for t in json.loads(self.tool("tests", "--json").stdout)}
        # yes: 2 3 4 6; no: 2 3 5 6; g: 8 9 10; both: all of these. Nobody runs h.
        self.assertEqual(tests, {"yes": (4, 0), "no": (4, 0), "both": (8, 0), "g": (3, 0)})
        self.write(record("yes", {0: 2, 1: 2}), record("no", {0: 1}))
        tests = {t["name"]: (t["lines"], t["alone"]) for t in json.loads(self.tool("tests", "--json").stdout)}
        self.assertEqual(tests, {"yes": (4, 1), "no": (4, 1)})
        text = self.tool("tests").stdout
        self.assertSays("tests: 2, of which 0 run no line alone", text)
        self.assertSays("lines that ran outside of any test: 6", text)

    def test_for_a_line(self):
        for line, names in ((2, ["both", "no", "yes"]), (4, ["both", "yes"]), (5, ["both", "no"]), (9, ["both", "g"]), (14, [])):
            self.assertEqual(self.names("--for", "a.c:%d" % line), names, line)
        self.assertEqual(json.loads(self.tool("tests", "--json", "--for", "src/a.c:4").stdout), ["both", "yes"])
        self.assertSays("no test with a name ran a.c:14; it ran 9 times", self.tool("tests", "--for", "a.c:14").stderr)
        self.assertSays("no line of code", self.tool("tests", "--for", "a.c:11", status=2).stderr)
        self.assertSays("--for wants FILE:LINE", self.tool("tests", "--for", "a.c", status=2).stderr)
        self.assertSays("no file x.c", self.tool("tests", "--for", "x.c:1", status=2).stderr)
        self.assertSays("one at a time", self.tool("tests", "--for", "a.c:1", "--smallest", status=2).stderr)

    def test_the_smallest_set(self):
        self.assertEqual([(t["name"], t["adds"]) for t in json.loads(self.tool("tests", "--json", "--smallest").stdout)], [("both", 8)])
        self.write(record("yes", {0: 2, 1: 2}), record("no", {0: 1}), record("yes too", {0: 2, 1: 2, 3: 1}), record("g", {2: 1}))
        chosen = json.loads(self.tool("tests", "--json", "--smallest").stdout)
        self.assertEqual([(t["name"], t["adds"]) for t in chosen], [("yes too", 7), ("g", 3), ("no", 1)])

    def test_affected(self):
        self.commit()
        self.assertEqual(self.names("--affected-by", "HEAD"), [])
        for old, new, names in (("return 1;\n\treturn", "return 3;\n\treturn", ["both", "no", "yes"]), # in f: who runs f
                                ("{\n\treturn 1;\n}", "{\n\tint x = 1;\n\treturn x;\n}", ["both", "g"]), # g
                                ("return 2;", "return 3;", []), # h, which nobody runs
                                ("LIMIT 7", "LIMIT 8", ["both", "g", "no", "yes"]), # outside: may concern everybody
                                ("int g(void)\n{", "static int g(void)\n{", ["both", "g", "no", "yes"])):
            with self.subTest(new):
                self.put({"src/a.c": SOURCE.replace(old, new)})
                self.assertEqual(self.names("--affected-by", "HEAD"), names)
        os.unlink(self.path("src/a.c")) # whoever ran it
        self.assertEqual(self.names("--affected-by", "HEAD"), ["both", "g", "no", "yes"])
        self.put({"src/b.c": SOURCE.replace("return 2;", "return 3;")}) # a new name for it, and h, which nobody runs
        self.git("add", "-A")
        self.assertEqual(self.names("--affected-by", "HEAD"), [])
        self.put({"src/a.c": SOURCE, "other.c": "int x;\n"})
        os.unlink(self.path("src/b.c"))
        self.git("add", "-A")
        self.assertEqual(self.names("--affected-by", "HEAD"), [])
        self.assertSays("no revision", self.tool("tests", "--affected-by", "nothing", status=2, env=self.env).stderr)

    def test_data_of_the_text_as_it_is_now(self):
        """The base has less; the data know the new lines."""
        self.put({"src/a.c": SOURCE.replace("\treturn 1;\n}", "}")})
        self.commit()
        self.source("src/a.c", SOURCE)
        self.assertEqual(self.names("--affected-by", "HEAD"), ["both", "g"])

    def test_a_labelled_file_is_a_test(self):
        self.data(self.module("unit", (1, 0, 0, 0)), name="app.0000000000001234.11111111")
        self.assertEqual(self.names("--for", "a.c:5"), ["both", "no", "unit"])
        os.unlink(self.path("furlong-data/app.0000000000001234.tests"))
        self.assertEqual(self.names("--for", "a.c:5"), ["unit"])

    def test_merged_they_are_small_and_the_same(self):
        self.data(self.module("unit", (1, 0, 0, 0)), name="app.0000000000001234.11111111")
        before, counts = self.tool("tests", "--json").stdout, self.report()["coverage"]
        self.tool("merge", "--tests", "-o", "out", "furlong-data")
        self.assertEqual(sorted(os.listdir(self.path("out"))), ["app.0000000000001234.cov", "app.0000000000001234.tests"])
        self.assertEqual(self.tool("tests", "--json", "out").stdout, before)
        self.assertEqual(self.report("out")["coverage"], counts)
        self.tool("merge", "--tests", "-o", "out", "out") # in place: nothing doubles
        self.assertEqual(self.tool("tests", "--json", "out").stdout, before)
        self.tool("merge", "-o", "apart", "furlong-data") # labels stay files, records stay records
        self.assertEqual(self.tool("tests", "--json", "apart").stdout, before)
        self.tool("merge", "--tests", "--label", "x", "-o", "y", "out", status=2)
        self.data(self.module("unit", (0, 0, 1, 0)), name="broken") # it cannot be read, and stays
        with open(self.path("furlong-data/broken.cov"), "r+b") as file:
            file.write(b"no data")
        self.tool("merge", "--tests", "-o", "furlong-data", "furlong-data", status=3) # labels in place: nothing doubles
        self.assertEqual(sorted(os.listdir(self.path("furlong-data"))), ["app.0000000000001234.cov", "app.0000000000001234.tests", "broken.cov"])
        os.unlink(self.path("furlong-data/broken.cov"))
        self.assertEqual(self.tool("tests", "--json").stdout, before)
        self.assertEqual(self.report()["coverage"], counts)

    def test_large_files_of_tests_are_pointed_out(self):
        for label, size in (("one", 1), ("two", 300)):
            name = "app.0000000000001234." + label
            self.data(self.module(label, (1, 0, 0, 0)), name=name)
            self.assertNotIn("merge --tests", self.tool("tests").stderr)
            path = self.path("furlong-data", name + ".cov")
            os.truncate(path, max(os.path.getsize(path), size << 20)) # most of it is a hole
        self.assertSays(r"2 data files are of one test each: furlong merge --tests", self.tool("report", "--text", "-").stderr)
        self.tool("merge", "--tests", "-o", "furlong-data", "furlong-data")
        self.assertNotIn("merge --tests", self.tool("report", "--text", "-").stderr)

    def test_no_names_is_an_error(self):
        os.unlink(self.path("furlong-data/app.0000000000001234.tests"))
        self.assertSays("no test has a name", self.tool("tests", status=3).stderr)

    def test_damaged_records_are_left_out_and_told_of(self):
        good = record("yes", {0: 2, 1: 2})
        for bad in (b"garbage!" * 3, good[:-8], record("other", {0: 1}, 77), b"frltest1" + b"\xff" * 24,
                    good[:24] + struct.pack("<I", 9999) + good[28:]):
            self.write(bad, good, record("no", {0: 1}))
            done = self.tool("tests", "--for", "a.c:2")
            self.assertIn("no", done.stdout.split())
            self.assertSays("could not be read", done.stderr)
        generator = random.Random(1)
        for _ in range(60): # any bytes at all
            text = bytearray(good + record("no", {0: 1, 3: 1 << 60}))
            for _ in range(4):
                text[generator.randrange(len(text))] = generator.randrange(256)
            self.write(bytes(text))
            self.assertIn(subprocess.run([TOOL, "tests"], cwd=self.dir, capture_output=True).returncode, (0, 3))

    def test_fresh_forgets_them(self):
        with open(self.path("prog"), "w") as file:
            file.write("#!/bin/sh\nexit 0\n")
        os.chmod(self.path("prog"), 0o755)
        self.tool("run", "--fresh", "./prog", status=3)
        self.assertEqual(os.listdir(self.path("furlong-data")), [".gitignore"])



main()
