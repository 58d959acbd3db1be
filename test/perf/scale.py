#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""scale.py TOOL [SCALE]: reports of very much: files, tests that are processes, race records. SCALE 1 (everyday) is a tenth of
SCALE 10, which is what large projects have: 20 000 files of a million lines, 2 000 processes with a name each, 100 000
records of races.

Nothing is timed. Memory has a limit, and ten times as much may take little more than ten times the instructions (each report
is of a tenth first), which valgrind counts, so that neither the machine nor its load changes much. What comes out is known, as
all is made up.
"""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "report"))
SCALE = int(sys.argv.pop(2)) if len(sys.argv) > 2 and sys.argv[2].isdigit() else 1
from furdata import Module, branch, code, counter  # noqa: E402
from harness import TOOL, Case, main  # noqa: E402
from racedata import Block  # noqa: E402

MEGABYTE = 1024  # of ru_maxrss


class Scale(Case):
    def peak(self, *words):
        """Kilobytes at the most of one run."""
        process = subprocess.Popen([TOOL, *words], cwd=self.dir, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stderr.close()
        self.assertEqual(process.returncode, 0, said)
        return usage.ru_maxrss

    def instructions(self, *words):
        """Instructions of one run; what a start costs is no part of it."""
        if not hasattr(self, "start"):
            self.start = 0
            self.start = self.instructions("version")
        done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", TOOL, *words], cwd=self.dir, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return int(re.search(r"Collected : (\d+)", done.stderr).group(1)) - self.start

    def check_growth(self, little, much, megabytes):
        """`little` and `much`: the words of the tool for a tenth and for all."""
        floor = self.peak("version") # what this script had when it forked counts as the tool's
        self.assertLess(self.peak(*much), max(megabytes * MEGABYTE, floor + MEGABYTE))
        taken = self.instructions(*much)
        self.assertLess(taken, 11 * self.instructions(*little))
        return taken

    def files(self, count):
        """`count` files of 50 lines in directories of 40."""
        module = Module(self.path("app"), count)
        os.makedirs(self.path("data%d" % count), exist_ok=True)
        for i in range(count):
            text, functions = [], []
            for j in range(5):
                start = len(text) + 1
                text += ["int f%d_%d(int x) {" % (i, j), *("\tx += %d; /* line %d of some function */" % (k, k) for k in range(6)), "\tif (x > 3)", "\t\tx = 0;", "\treturn x; }"]
                functions.append((start, [code((start, 19), (start + 9, 13), counter(0)), code((start + 7, 6), (start + 7, 11), counter(0)),
                                          branch((start + 7, 6), (start + 7, 11), counter(1), counter(0)), code((start + 8, 3), (start + 8, 8), counter(1))]))
            content = "\n".join(text) + "\n"
            unit = module.unit([self.source("src%d/d%d/file%d.c" % (count, i // 40, i), content)])
            for j, (start, regions) in enumerate(functions):
                module.function(unit, "f%d_%d" % (i, j), [0], regions, [i + 1, 0 if j == 0 else 1])
        with open(self.path("data%d/app.cov" % count), "wb") as file:
            file.write(module.data())

    def test_files(self):
        sizes = 200 * SCALE, 2000 * SCALE
        for count in sizes:
            self.files(count)
        taken = self.check_growth(*(["report", "data%d" % count, "-q", "--html", "html%d" % count, "--json", "r.json", "--lcov", "l.info"] for count in sizes),
                                  megabytes=30 + 12 * SCALE)
        index = self.read("html%d/index.html" % sizes[1])
        self.assertTrue("<strong>90.0%</strong>" in index) # of branches: one of ten in each file never came
        self.assertEqual(len(os.listdir(self.path("html%d/file" % sizes[1]))), sizes[1])
        again = self.instructions("report", "data%d" % sizes[1], "-q", "--html", "html%d" % sizes[1])
        self.assertLess(again, 1.5 * taken) # over an earlier report

    def test_tests_that_are_processes(self):
        source = self.source("t.c", "".join("int f%d(void) {\n\treturn %d; }\n" % (i, i) for i in range(300)))
        sizes = 20 * SCALE, 200 * SCALE
        for count in sizes:
            os.makedirs(self.path("tests%d" % count))
            for test in range(count):
                module = Module(self.path("app"), 7, "test %d" % test)
                unit = module.unit([source])
                for i in range(300):
                    module.function(unit, "f%d" % i, [0], [code((2 * i + 1, 14), (2 * i + 2, 13), counter(0))], [1 if i % 100 == test % 100 else 0])
                with open(self.path("tests%d/app.%d.cov" % (count, test)), "wb") as file:
                    file.write(module.data())
            said = self.tool("tests", "--for", "t.c:15", "tests%d" % count).stdout.split("\n")[:-1]
            self.assertEqual(len(said), sum(test % 100 == 7 for test in range(count)))
        self.check_growth(*(["report", "tests%d" % count, "-q", "--html", "h%d" % count] for count in sizes), megabytes=30)

    def races(self, count):
        """`count` records of a hundred processes, each pair of functions a race."""
        names = range(60)
        self.source("r.c", "".join("__attribute__((noinline)) void f%d(void) { __asm__ volatile(\"nop; nop; nop; nop; nop\"); }\n" % i for i in names) + "int main(void) { return 0; }\n")
        subprocess.run(["cc", "-g", "-O0", "-Wl,--build-id", "r.c", "-o", "app"], cwd=self.dir, check=True)
        said = subprocess.run(["nm", self.path("app")], capture_output=True, text=True, check=True).stdout
        at = {f[2]: (0, int(f[0], 16) + 6) for f in map(str.split, said.splitlines()) if len(f) == 3}
        notes = subprocess.run(["readelf", "-n", self.path("app")], capture_output=True, text=True, check=True).stdout
        modules = [(re.search("Build ID: ([0-9a-f]+)", notes).group(1), self.path("app"))]
        os.makedirs(self.path("races%d" % count))
        distinct = set()
        for process in range(100):
            blocks = []
            for i in range(count // 100):
                number = (process * 31 + i) % 1700 # of 60 * 59 / 2 = 1770 pairs
                first = next(a for a in names if (number := number - (59 - a)) < 0)
                pair = (first, 60 + number)
                distinct.add(pair)
                block = Block(100 + process, 1000 + process, self.path("app"), "", modules)
                block.report(process * 100000 + i).access("write", 4, 0x404010 + 8 * i, 2, [at["f%d" % pair[0]], at["main"]])
                block.access("read", 4, 0x404010 + 8 * i, 1, [at["f%d" % pair[1]], at["main"]])
                blocks.append(block.thread(2, 4245, "running", 0).thread(1, 4244, "finished", 0).text())
            with open(self.path("races%d/app.%d.race" % (count, process)), "w") as file:
                file.write("".join(blocks))
        return len(distinct)

    def test_races(self):
        sizes = 1000 * SCALE, 10000 * SCALE
        for count in sizes:
            distinct = self.races(count)
            self.assertEqual(self.report("races%d" % count)["races"]["count"], distinct)
        self.check_growth(*(["report", "races%d" % count, "-q", "--html", "r%d" % count, "--sarif", "s.sarif"] for count in sizes), megabytes=30 + 25 * SCALE)

    def places(self, count):
        """A program of `count` functions, each of which races with itself over a variable of its own."""
        name = "p%d" % count
        self.source(name + ".c", "".join("int v%d;\n__attribute__((noinline)) void f%d(void) {\n\tv%d++; }\n" % (i, i, i) for i in range(count)) + "int main(void) { return 0; }\n")
        subprocess.run(["cc", "-g", "-O1", "-Wl,--build-id", name + ".c", "-o", name], cwd=self.dir, check=True)
        said = subprocess.run(["nm", self.path(name)], capture_output=True, text=True, check=True).stdout
        at = {f[2]: int(f[0], 16) for f in map(str.split, said.splitlines()) if len(f) == 3}
        notes = subprocess.run(["readelf", "-n", self.path(name)], capture_output=True, text=True, check=True).stdout
        modules = [(re.search("Build ID: ([0-9a-f]+)", notes).group(1), self.path(name))]
        blocks = []
        for i in range(count):
            block, variable = Block(100, 1000, self.path(name), "", modules).report(i + 1), at["v%d" % i]
            for thread in 2, 1:
                block.access("write", 4, 0x500000 + variable, thread, [(0, at["f%d" % i] + 1), (0, at["main"] + 1)])
            block.line("location", "global", 0, hex(variable), hex(0x500000 + variable))
            blocks.append(block.text())
        with open(self.path(name + ".race"), "w") as file:
            file.write("".join(blocks))

    def test_places(self):
        sizes = 200 * SCALE, 2000 * SCALE
        for count in sizes:
            self.places(count)
        races = self.report("p%d.race" % sizes[1])["races"]["reports"]
        self.assertEqual({(r["location"]["name"], r["accesses"][0]["stack"][0]["function"], r["accesses"][0]["stack"][0]["line"]) for r in races},
                         {("v%d" % i, "f%d" % i, 3 * i + 3) for i in range(sizes[1])})
        self.check_growth(*(["report", "p%d.race" % count, "-q", "--sarif", "s.sarif"] for count in sizes), megabytes=30 + 10 * SCALE)


main()
