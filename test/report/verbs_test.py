#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""verbs_test.py TOOL: exit codes, damaged data, merging, running: what a user meets around the report."""
import json
import os
import signal
import subprocess
import unittest

from harness import TOOL, Case, main
from furdata import Module, code, counter


def simple(case, name="app", module_id=1, values=(5, 0), label="", source="a.c"):
    """Two functions of two lines each, entered so often."""
    module = Module(case.path(name), module_id, label)
    unit = module.unit([case.source(source, "int f(void)\n{\n}\nint g(void)\n{\n}\n")])
    for i, function in enumerate("fg"):
        module.function(unit, function, [0], [code((2 + 3 * i, 1), (3 + 3 * i, 2), counter(0))], [values[i]])
    return module


class Damage(Case):
    def test_a_cut_off_file_does_not_stop_the_rest(self):
        whole = self.data(simple(self))
        with open(self.data(simple(self, "other", 2)), "rb") as file:
            content = file.read()
        for length in (0, 1, 8, 100, 215, 216, 300, 500):
            with open(self.path("furlong-data/other.%016x.cov" % 2), "wb") as file:
                file.write(content[:length])
            report = self.report()
            self.assertEqual(self.lines(report, "a.c"), {2: 5, 3: 5, 5: 0, 6: 0})
            self.assertFalse(report["quality"]["complete"], length)
            self.assertEqual(len(report["quality"]["notes"]), 1)
        os.unlink(whole)
        self.tool("report", "--json", "-", status=3)

    def test_missing_slots_are_told(self):
        path = self.data(simple(self), slots=[[5, 0], [7, 0]])
        os.truncate(path, os.path.getsize(path) - 4096)
        report = self.report()
        self.assertEqual(self.lines(report, "a.c")[2], 5)
        self.assertSays("1 of 2 slots", report["quality"]["notes"][0])
        self.assertFalse(report["quality"]["complete"])

    def test_foreign_files_and_versions(self):
        self.data(simple(self))
        with open(self.path("furlong-data/x.cov"), "w") as file:
            file.write("hello, I am not data at all\n" * 20)
        self.assertSays("not a Furlong data file", self.report()["quality"]["notes"][0])
        content = bytearray(simple(self).data())
        content[8] = 9
        with open(self.path("furlong-data/x.cov"), "wb") as file:
            file.write(content)
        self.assertSays("version 9", self.report()["quality"]["notes"][0])

    def test_one_bad_function_does_not_stop_the_rest(self):
        module = simple(self)
        unit = module.unit([self.source("a.c", "int f(void)\n{\n}\nint g(void)\n{\n}\n")])
        module.function(unit, "new", [0], [code((2, 1), (3, 2), counter(0))], [1], version=99)
        self.data(module)
        report = self.report()
        self.assertEqual(self.lines(report, "a.c")[2], 5)
        self.assertSays("1 of 3 functions could not be read: .*version", report["quality"]["notes"][0])

    def test_what_the_runtime_could_not_see(self):
        module = simple(self)
        module.unslotted_threads, module.private_processes = 3, 2
        self.data(module)
        report = self.report()
        self.assertFalse(report["quality"]["complete"])
        self.assertSays("3 threads", report["quality"]["notes"][0])
        self.assertSays("2 processes", report["quality"]["notes"][1])


class Verbs(Case):
    def test_usage(self):
        self.assertSays("did you mean check", self.tool("chek", status=2).stderr)
        self.assertSays("did you mean --lcov", self.tool("report", "--lcv", "x", status=2).stderr)
        self.assertSays("wants a value", self.tool("report", "--json", status=2).stderr)
        self.assertSays("percentage", self.tool("check", "--min-lines", "many", status=2).stderr)
        self.tool("check", status=2)
        self.tool("show", "races", status=3)
        for words in (["help"], ["help", "run"], ["report", "--help"], ["version"], ["version", "--json"]):
            self.tool(*words)

    def test_a_verb_is_no_program_of_its_name(self):
        os.mkdir(self.path("bin"))
        for name, status in (("diff", 2), ("tests", 3)):
            with open(self.path("bin", name), "w") as file:
                file.write("#!/bin/sh\nexit 77\n")
            os.chmod(self.path("bin", name), 0o755)
            env = {"PATH": self.path("bin") + ":" + os.environ["PATH"]}
            self.tool(name, status=status, env=env)
            self.tool("run", "--", name, status=77, env=env)
            self.tool("./bin/" + name, status=77, env=env)

    def test_no_data_is_never_green(self):
        for words in (["report"], ["check", "--min-lines", "0"], ["files"], ["show", "a.c"], ["report", "nowhere"]):
            self.tool(*words, status=3)

    def test_gates(self):
        self.data(simple(self))
        self.tool("check", "--min-lines", "50", "--min-functions", "50%")
        said = self.tool("check", "--min-lines", "75", "--min-functions", "60", status=1).stderr
        self.assertSays(r"lines: 50\.00% is below 75% by 25\.00 points \(1 more", said)
        self.assertSays(r"functions: 50\.00% is below 60% by 10\.00 points", said)
        self.tool("report", "--text", "-", "--min-lines", "75", status=1)

    def test_configuration(self):
        self.data(simple(self))
        with open(self.path("furlong.conf"), "w") as file:
            file.write("# limits\nmin-lines = 75\nquiet = yes\n")
        self.tool("check", status=1)
        self.tool("check", "--min-lines", "10")
        os.mkdir(self.path("below"))
        done = subprocess.run([TOOL, "check", "../furlong-data"], cwd=self.path("below"), capture_output=True, text=True)
        self.assertEqual(done.returncode, 1, done.stderr)
        with open(self.path("furlong.conf"), "w") as file:
            file.write("min-line = 75\n")
        said = self.tool("check", status=2).stderr
        self.assertSays(r"furlong\.conf:1: .*min-line; did you mean min-lines", said)
        self.tool("check", "--no-config", "--min-lines", "10")

    def test_merge_adds_up(self):
        self.data(simple(self), name="one")
        self.data(simple(self), name="two", slots=[[1, 2], [3, 4]])
        before = self.report()["coverage"]
        self.tool("merge", "-o", "all.cov", "furlong-data")
        self.assertEqual(self.report("all.cov")["coverage"], before)
        self.assertEqual(self.lines(self.report("all.cov"), "a.c"), {2: 9, 3: 9, 5: 6, 6: 6})
        self.assertSays("already", self.tool("merge", "-o", "all.cov", "furlong-data", status=4).stderr)
        self.tool("merge", "-o", "all.cov", "all.cov", "furlong-data/one.cov")
        self.assertEqual(self.lines(self.report("all.cov"), "a.c")[2], 14)

    def test_merge_keeps_binaries_and_labels_apart(self):
        self.data(simple(self, label="x"), name="one")
        self.data(simple(self, label="y"), name="two")
        self.tool("merge", "-o", "all.cov", "furlong-data", status=2)
        self.tool("merge", "-o", "out", "furlong-data")
        labels = [m["label"] for m in self.report("out")["modules"]]
        self.assertEqual(labels, ["x", "y"])
        self.tool("merge", "-o", "same.cov", "--label", "z", "furlong-data")
        self.assertEqual(self.lines(self.report("same.cov"), "a.c")[2], 10)
        with open(self.path("furlong-data/bad.cov"), "w") as file:
            file.write("x")
        self.tool("merge", "-o", "out2", "furlong-data", status=3)
        self.assertEqual(len(os.listdir(self.path("out2"))), 2)

    def test_dump_prints_every_structure(self):
        self.data(simple(self))
        text = self.tool("dump", "furlong-data").stdout
        for wanted in ("module_id: 0000000000000001", "slots_used: 1", "sum: 5", "name: f", "code file 0 2:1-3:2 c0=5"):
            self.assertIn(wanted, text)
        parsed = json.loads(self.tool("dump", "--json", "furlong-data").stdout)
        self.assertEqual([f["name"] for f in parsed["functions"]], ["f", "g"])
        self.assertEqual(parsed["header"]["counters_bytes"], 16)


class Run(Case):
    """PROG is a script that leaves data behind as an instrumented program would."""

    def script(self, text):
        os.rename(self.data(simple(self), name="ready"), self.path("ready"))
        with open(self.path("prog"), "w") as file:
            file.write("#!/bin/sh\ncp ready \"$FURLONG_DATA/app.cov\"\n" + text)
        os.chmod(self.path("prog"), 0o755)

    def test_status_and_streams_are_the_programs(self):
        self.script("cat; echo err >&2; exit 7\n")
        done = subprocess.run([TOOL, "run", "--", "./prog"], cwd=self.dir, input="through", capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (7, "through"))
        self.assertSays("^err\n", done.stderr)
        self.assertIn("coverage: 50.0% of lines (2/4), no branches, 50.0% of functions\n", done.stderr)
        self.assertLessEqual(done.stderr.count("\n"), 12)
        self.assertTrue(os.path.exists(self.path("furlong-report/index.html")))

    def test_bare_and_options(self):
        self.script("test \"$FURLONG_LABEL\" = unit && test \"$1\" = --json\n")
        self.tool("run", "--label", "unit", "--data", "d", "--report", "r", "./prog", "--json")
        self.assertTrue(os.path.exists(self.path("d/app.cov")) and os.path.exists(self.path("r/index.html")))
        with open(self.path("d/.gitignore")) as file:
            self.assertEqual(file.read(), "*\n")
        self.tool("./prog", "--json", env={"FURLONG_LABEL": "unit"})

    def test_signals(self):
        self.script("kill -SEGV $$\n")
        self.tool("run", "--fresh", "./prog", status=128 + signal.SIGSEGV)
        os.mkfifo(self.path("fifo"))
        self.script("trap 'exit 9' TERM; exec 3<>fifo; echo ready; while :; do read x <&3; done\n")
        process = subprocess.Popen([TOOL, "run", "./prog"], cwd=self.dir, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.assertEqual(process.stdout.readline(), b"ready\n")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=60), 9)
        process.stdout.close()

    def test_what_cannot_be_run(self):
        self.tool("run", "./nothing", status=127)
        self.tool("run", "no-such-program-anywhere", status=127)
        open(self.path("plain"), "w").close()
        self.tool("run", "./plain", status=126)

    def test_a_run_that_counts_nothing_is_3(self):
        self.tool("run", "true", status=3)
        self.data(simple(self))
        self.assertSays("recorded nothing", self.tool("run", "true", status=3).stderr)
        self.assertSays("no data", self.tool("run", "--fresh", "true", status=3).stderr)

    def test_gates_after_a_run(self):
        self.script("")
        self.assertSays("gate failed", self.tool("run", "--fresh", "--min-lines", "80", "./prog", status=1).stderr)
        self.script("exit 5\n")
        self.tool("run", "--fresh", "--min-lines", "80", "./prog", status=5)

    @unittest.skipIf(os.geteuid() == 0, "root may write anywhere")
    def test_an_unwritable_data_directory_is_4(self):
        os.chmod(self.path("furlong-data"), 0o555)
        self.tool("run", "true", status=4)


main()
