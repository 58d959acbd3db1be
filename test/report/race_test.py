#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""race_test.py TOOL: what the tool makes of race data written by hand (racecase.py)."""
import json
import os
import subprocess

from harness import TOOL, main
from furdata import Module, code, counter
from racecase import KEY, SOURCE, RaceCase

FINGERPRINT = "^[0-9a-f]{32}$"


class Facts(RaceCase):
    def test_every_fact_of_a_race(self):
        self.write(self.race(label="night"), self.block(label="night").times(KEY, 5))
        races = self.races()
        self.assertEqual((races["count"], races["suppressed"], len(races["reports"])), (1, 0, 1))
        race = races["reports"][0]
        self.assertRegex(race["fingerprint"], FINGERPRINT)
        self.assertRegex(race["summary"], r"^src/counter\.c:3:\d+ in increment$")
        facts = {k: race[k] for k in ("kind", "pid", "times", "processes", "program", "label")}
        self.assertEqual(facts, {"kind": "data-race", "pid": 100, "times": 5, "processes": 1,
                                 "program": self.path("app"), "label": "night"})
        now, before = race["accesses"]
        self.assertEqual([(a["op"], a["size"], a["address"], a["atomic"], a["thread"], a["locks"]) for a in (now, before)],
                         [("write", 8, "0x404010", False, "T2", ["M1"]), ("read", 8, "0x404010", False, "T1", [])])
        places = [(f.get("function"), f.get("file"), f.get("line"), f.get("module")) for f in now["stack"]]
        self.assertEqual(places, [("increment", "src/counter.c", 3, "app"), ("worker", "src/counter.c", 5, "app")])
        self.assertEqual(now["stack"][0]["offset"], self.addresses["increment"] + 8)
        self.assertEqual(before["stack"][2], {"cut": True})
        self.assertEqual([f["line"] for f in before["stack"][:2]], [4, 6])
        self.assertEqual({k: race["location"][k] for k in ("kind", "name", "size")},
                         {"kind": "global", "name": "counter", "size": 8})
        self.assertEqual([(t["name"], t["tid"], t["running"], t.get("title"), t["parent"]) for t in race["threads"]],
                         [("T2", 4245, True, "a worker", "main thread"), ("T1", 4244, False, None, "main thread")])
        self.assertEqual(race["threads"][0]["stack"][0]["line"], 7)
        self.assertEqual([(l["name"], l["address"], l["stack"][0]["line"]) for l in race["locks"]], [("M1", "0x405000", 7)])

    def test_pages_name_the_test(self):
        for processes, in_list, fact in ((1, "in test night", "Test"), (2, "first in test night", "First in test")):
            self.write(*(self.race(pid=100 + i, label="night") for i in range(processes)))
            self.tool("report", "-q", "--html", "out")
            with open(self.path("out/index.html"), encoding="utf-8") as file:
                self.assertIn("<small>%s</small>" % in_list, file.read())
            page, = os.listdir(self.path("out/race"))
            with open(self.path("out/race", page), encoding="utf-8") as file:
                self.assertIn("<dt>%s<dd>night" % fact, file.read())

    def test_a_block_that_was_freed(self):
        self.write(self.other())
        race = self.races()["reports"][0]
        self.assertEqual([(a["op"], a["atomic"], a["thread"]) for a in race["accesses"]],
                         [("free", False, "main thread"), ("read", True, "T1")])
        location = race["location"]
        self.assertEqual((location["kind"], location["size"], location["address"], location["thread"]),
                         ("heap", 16, "0x7b0400", "main thread"))
        self.assertEqual((location["stack"][0]["line"], location["freed"]["stack"][0]["line"]), (6, 7))

    def test_what_a_thread_had_heard_of(self):
        self.write(self.race().line("order", 1, 2, 0))
        self.assertEqual(self.races()["reports"][0]["order"], {"heard": True, "releases_before": 2, "releases_since": 0})
        self.write(self.race())
        self.assertNotIn("order", self.races()["reports"][0])

    def test_a_descriptor_is_a_place_of_the_schema(self):
        block = self.block().report(9).access("write", 1, 0, 1, [self.at("worker")]).access("read", 1, 0, 0, [self.at("main")])
        self.write(block.line("location", "descriptor", 7).thread(1, 4244, "finished", 0))
        self.assertEqual(self.races()["reports"][0]["location"]["kind"], "descriptor")

    def test_nobody_looked_nobody_counts(self):
        module = Module(self.path("cov"))
        unit = module.unit([self.source("a.c", "int f(void)\n{\n}\n")])
        module.function(unit, "f", [0], [code((2, 1), (3, 2), counter(0))], [1])
        self.data(module)
        report = self.report()
        self.assertNotIn("races", report)
        self.assertNotIn("race", report["quality"])
        self.write(self.block().line("seen", 1, 0, 0, 0, 0))
        report = self.report()
        self.assertEqual(report["races"], {"count": 0, "suppressed": 0, "reports": []})
        self.assertEqual(report["coverage"]["totals"]["lines"]["found"], 2)

    def test_what_was_not_seen(self):
        self.write(self.block(1, 1).line("seen", 100, 20, 3, 4, 5).line("missed", "signal", 2).line("bare", "/lib/libfoo.so"),
                   self.block(2, 2).line("seen", 90, 21, 3, 4, 5).line("missed", "signal", 3),
                   self.block(2, 2).line("missed", "signal", 4).line("missed", "truncated", 1))
        quality = self.report()["quality"]
        # Numbers of the code: of two processes of one program the larger. Misses add up, 2 and (3, then 4 so far).
        self.assertEqual(quality["race"], {
            "processes": 2, "runs": 1, "checked": 100, "local": 21, "constant": 3, "repeated": 4, "left_out": 5, "bare": ["/lib/libfoo.so"],
            "missed": [{"what": "signal", "count": 6}, {"what": "truncated", "count": 1}]})
        self.assertFalse(quality["complete"])
        self.assertSays("6 accesses in signal handlers", "\n".join(quality["notes"]))
        self.assertSays("1 loaded object .*libfoo.so", "\n".join(quality["notes"]))
        self.write(self.block(1, 1).line("seen", 1, 0, 0, 0, 0).line("missed", "truncated", 1))
        self.assertTrue(self.report()["quality"]["complete"]) # shorter stacks lose no race


class Merging(RaceCase):
    def test_one_race_in_many_processes_files_and_keys(self):
        self.write(self.race(), self.block().times(KEY, 3), self.block().times(KEY, 4), self.race(key=9))
        self.write(self.race(101, 2000), name="app.2")
        races = self.races()
        self.assertEqual(races["count"], 1)
        # 4 times under one key and once under another in process 100, once in 101
        self.assertEqual((races["reports"][0]["times"], races["reports"][0]["processes"]), (6, 2))

    def test_different_races_stay_apart(self):
        self.write(self.race(), self.other())
        self.assertEqual([r["kind"] for r in self.races()["reports"]], ["data-race", "heap-use-after-free"])

    def test_a_fingerprint_survives_moved_lines_and_rebuilds(self):
        self.write(self.race())
        before = self.races()["reports"][0]
        self.source("src/counter.c", "\n\n/* moved */\n" + SOURCE)
        self.build("-O0", "-fno-pie", "-no-pie")
        self.write(self.race(500, 9000))
        after = self.races()["reports"][0]
        self.assertEqual(after["fingerprint"], before["fingerprint"])
        self.assertNotEqual(after["summary"], before["summary"])
        self.source("src/counter.c", SOURCE.replace("counter++", "counter += 2"))
        self.build()
        self.write(self.race())
        self.assertNotEqual(self.races()["reports"][0]["fingerprint"], before["fingerprint"])

    def test_merge_keeps_every_race_and_counts_none_twice(self):
        self.write(self.race(), self.block().times(KEY, 3))
        self.write(self.race(101, 2000), name="other")
        self.tool("merge", "-o", "one.race", "furlong-data", "furlong-data/app.1.race")
        self.tool("merge", "-l", "a b", "-o", "two", "furlong-data")
        self.assertEqual(sorted(os.listdir(self.path("two"))), ["app.1.race", "other.race"])
        for data, label in (("one.race", None), ("two", "a b")):
            race = json.loads(self.tool("races", "--json", data).stdout)["reports"][0]
            self.assertEqual((race["times"], race["processes"], race.get("label")), (4, 2, label))
        self.tool("merge", "-o", "one.race", "furlong-data", status=4) # it is there
        self.tool("merge", "-o", "x.cov", "furlong-data", status=2)

    def test_damage_is_told_and_does_not_stop_the_rest(self):
        self.write(self.other(), self.race().text(end=False), self.race(101, 2000))
        report = self.report()
        self.assertEqual(report["races"]["count"], 2)
        self.assertEqual(len(report["quality"]["notes"]), 1)
        self.assertFalse(report["quality"]["complete"])
        self.write("garbage\n")
        self.tool("report", "--json", "-", status=3)
        whole = self.race().text() + self.other().text()
        for length in range(0, len(whole), 61):
            self.write(whole[:length])
            done = subprocess.run([TOOL, "races"], cwd=self.dir, capture_output=True, text=True)
            self.assertIn(done.returncode, (0, 3), (length, done.stderr))

    def test_a_program_that_is_gone_leaves_addresses(self):
        self.write(self.race())
        os.unlink(self.path("app"))
        race = self.races()["reports"][0]
        frame = race["accesses"][0]["stack"][0]
        self.assertEqual((frame.get("line"), frame["module"], frame["offset"]), (None, "app", self.addresses["increment"] + 8))
        self.tool("report", "--html", "html", "--sarif", "s", "--junit", "j", "--markdown", "m")


class Suppressed(RaceCase):
    def suppressed(self, pid=100, start=1000):
        return self.block(pid, start).line("suppressed", "%016x" % KEY, "race:incre*ment")

    def test_suppressed_races_do_not_count_and_are_named(self):
        self.write(self.race(), self.suppressed(), self.other())
        races = self.races()
        self.assertEqual((races["count"], races["suppressed"]), (1, 1))
        self.assertEqual([r.get("suppressed_by") for r in races["reports"]], [None, "race:incre*ment"])
        self.tool("check", "--max-races", "1")
        self.assertSays("suppressed by race:incre\\*ment", self.tool("races").stdout)

    def test_what_one_process_did_not_suppress_counts(self):
        self.write(self.race(), self.suppressed(), self.race(101, 2000))
        self.assertEqual((self.races()["count"], self.races()["suppressed"]), (1, 0))


class Verbs(RaceCase):
    def test_list_and_details(self):
        self.write(self.race(), self.block().times(KEY, 3), self.other())
        lines = self.tool("races").stdout.splitlines()
        self.assertEqual(len(lines), 4)
        self.assertSays(r"^[0-9a-f]{12} +3 +1  data race +src/counter\.c:3 in increment  on global 'counter'$", lines[1])
        self.assertEqual(lines[3], "races: 2")
        self.assertEqual(self.tool("show", "races").stdout.splitlines(), lines)
        text = self.tool("races", lines[1][:6]).stdout
        for said in ("WARNING: Furlong: data race \\(pid=100\\)", "Write of size 8 at 0x404010 by thread T2",
                     "Previous read of size 8", "#0 increment src/counter.c:3", "#0 total src/counter.c:4",
                     "happened: 3 times in 1 process of "):
            self.assertSays(said, text)
        self.assertSays("no race 0123", self.tool("races", "0123", status=2).stderr)
        one = json.loads(self.tool("races", "--json", lines[2][:12]).stdout)
        self.assertEqual([r["kind"] for r in one["reports"]], ["heap-use-after-free"])

    def test_no_race_data_is_never_green(self):
        self.tool("races", status=3)
        module = Module(self.path("cov"))
        unit = module.unit([self.source("a.c", "int f(void)\n{\n}\n")])
        module.function(unit, "f", [0], [code((2, 1), (3, 2), counter(0))], [1])
        self.data(module)
        self.tool("races", status=3)
        self.assertSays("no race data", self.tool("check", "--max-races", "0", status=3).stderr)
        self.tool("check", "--min-lines", "10")

    def test_gates(self):
        self.write(self.race(), self.other())
        self.tool("check", "--max-races", "2")
        self.assertSays("races: 2, 1 more than 1", self.tool("check", "--max-races", "1", status=1).stderr)
        self.tool("report", "--junit", "-", "--max-races", "0", status=1)
        self.assertSays("no coverage data", self.tool("check", "--min-lines", "1", status=3).stderr)
        self.tool("check", "--max-races", "-1", status=2)
        self.tool("check", "--max-races", "2x", status=2)

    def test_races_alone_are_no_error_anywhere(self):
        self.write(self.race())
        for words in (["report"], ["files"], ["functions"], ["report", "--lcov", "l", "--text", "t"], ["show", "src/counter.c"]):
            self.tool(*words)

    def test_dump(self):
        self.write(self.race(label="a b%\x07"))
        text = self.tool("dump", "furlong-data").stdout
        self.assertSays(r"(?m)^    access write 8 0x404010 2$", text)
        lines = json.loads(self.tool("dump", "--json", "furlong-data/app.1.race").stdout)["lines"]
        self.assertEqual(lines[2], ["program", self.path("app"), "a b%\x07"])


class Running(RaceCase):
    """The program is a script that does what the runtime would: it appends to a file in FURLONG_DATA."""

    def program(self, *blocks, status=0):
        """NOW in a block is the time of the start."""
        with open(self.path("blocks"), "w") as file:
            file.write("".join(b.text() for b in blocks))
        with open(self.path("prog"), "w") as file:
            file.write("#!/bin/sh\nsed \"s/NOW/$(date +%%s%%N)/\" blocks >> $FURLONG_DATA/prog.1.race\nexit %d\n" % status)
        os.chmod(self.path("prog"), 0o755)

    def seen(self):
        return self.block(100, 0).line("seen", 1, 0, 0, 0, 0)

    def now(self, block):
        block.lines[1] = "process %s NOW" % block.lines[1].split()[1]
        return block

    def summary(self, done):
        return [line for line in done.stderr.splitlines() if line.startswith("races:")]

    def test_a_race_is_66_where_the_program_said_0(self):
        self.program(self.now(self.race()), self.now(self.seen()))
        done = self.tool("run", "./prog", status=66)
        self.assertEqual(self.summary(done), ["races: 1 (see furlong-report/index.html#races)"])
        self.assertLess(len(done.stderr.splitlines()), 12)
        self.assertTrue(os.path.exists(self.path("furlong-report/index.html")))
        for status in (66, 7):
            self.program(self.now(self.race()), status=status)
            self.tool("run", "./prog", status=status)

    def test_no_race_is_0(self):
        self.program(self.now(self.seen()))
        done = self.tool("run", "./prog")
        self.assertEqual(self.summary(done), ["races: none"])

    def test_suppressed_races_do_not_fail_a_run(self):
        self.program(self.now(self.race()), self.now(self.block(100).line("suppressed", "%016x" % KEY, "race:f")))
        self.assertEqual(self.summary(self.tool("run", "./prog")),
                         ["races: none (1 suppressed; see furlong-report/index.html#races)"])

    def test_races_of_earlier_runs_do_not_fail_this_one(self):
        self.program(self.now(self.race()))
        self.tool("run", "./prog", status=66)
        self.program(self.now(self.block(200).line("seen", 1, 0, 0, 0, 0)))
        self.assertSays("none in this run, 1 of earlier", self.summary(self.tool("run", "./prog"))[0])
        self.program(self.now(self.other(300)))
        self.assertSays("2, 1 of them in this run", self.summary(self.tool("run", "./prog", status=66))[0])
        self.program(self.now(self.block(400).line("seen", 1, 0, 0, 0, 0)))
        self.assertEqual(self.summary(self.tool("run", "--fresh", "./prog")), ["races: none"])

    def test_a_program_without_the_instrument_says_nothing_of_races(self):
        module = Module(self.path("cov"))
        unit = module.unit([self.source("a.c", "int f(void)\n{\n}\n")])
        module.function(unit, "f", [0], [code((2, 1), (3, 2), counter(0))], [1])
        with open(self.path("new.cov"), "wb") as file:
            file.write(module.data())
        with open(self.path("prog"), "w") as file:
            file.write("#!/bin/sh\ncp new.cov $FURLONG_DATA\n")
        os.chmod(self.path("prog"), 0o755)
        self.write(self.race())
        self.assertEqual(self.summary(self.tool("run", "./prog")), [])

    def test_exitcode_of_the_options(self):
        self.program(self.now(self.race()))
        self.tool("run", "./prog", status=0, env={"FURLONG_OPTIONS": "exitcode=3:exitcode=0"})
        self.program(self.now(self.race(101)))
        self.tool("run", "./prog", status=5, env={"TSAN_OPTIONS": "verbosity=1 exitcode=5"})

    def test_nothing_recorded_is_no_success(self):
        self.program(self.now(self.seen()))
        self.tool("run", "./prog")
        with open(self.path("prog"), "w") as file:
            file.write("#!/bin/sh\n")
        self.assertSays("recorded nothing", self.tool("run", "./prog", status=3).stderr)


main()
