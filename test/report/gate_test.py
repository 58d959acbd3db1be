#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""gate_test.py TOOL: what fails a build, and what is said then: what, where, how to see it, in three lines. Percentages
are worked out beside the counts."""
import json
import os
import xml.etree.ElementTree as ElementTree

from gitcase import GitCase
from harness import main
from racecase import KEY, SOURCE, RaceCase


class Limits(GitCase):
    def setUp(self):
        super().setUp()
        #                                  core/a.c: 3 of 4      core/b.c: 1 of 4                       ui/c.c: 1 of 2
        self.lcov("now.info", {"src/core/a.c": {1: 1, 2: 1, 3: 1, 4: 0}, "src/core/b.c": {1: 9, 2: 0, 3: 0, 4: 0}, "src/ui/c.c": {1: 0, 2: 1}})

    def fails(self, *words):
        """The three lines."""
        said = self.tool("check", "-q", *words, "now.info", status=1).stderr.splitlines()
        self.assertEqual(len(said), 3, said)
        return said

    def test_the_failing_gate_says_three_things(self):
        what, where, see = self.fails("--min-lines", "60") # 5 of 10
        self.assertEqual(what, "furlong: gate failed: lines: 50.00% is below 60% by 10.00 points (1 more needed)")
        self.assertEqual(where, "  where: src/core/b.c (3 lines never ran), src/core/a.c (1), src/ui/c.c (1)")
        self.assertEqual(see, "  see:   furlong show src/core/b.c")
        self.tool("check", "--min-lines", "50", "now.info")

    def test_directories_and_patterns(self):
        self.tool("check", "--gate", "src/core: lines 50", "now.info") # 4 of 8
        what, where, see = self.fails("--gate", "src/core: lines 50.1")
        self.assertSays(r"gate failed: src/core: lines: 50\.00% is below 50\.1%", what)
        self.assertEqual((where, see), ("  where: src/core/b.c (3 lines never ran), src/core/a.c (1)", "  see:   furlong show src/core/b.c"))
        self.tool("check", "--gate", "*/a.c: lines 75%", "--gate", "c.c:lines 50", "now.info")
        said = self.tool("check", "-q", "--gate", "src/ui: lines 60, functions 10", "--gate", "a.c: lines 80", "now.info", status=1).stderr
        self.assertEqual(said.count("gate failed"), 2)

    def test_each_file(self):
        what, where, see = self.fails("--gate-each", "*: lines 60")
        self.assertSays("each of \\*: lines: 2 files below 60%", what)
        self.assertEqual((where, see), ("  where: src/core/b.c 25.00%, src/ui/c.c 50.00%", "  see:   furlong show src/core/b.c"))
        self.tool("check", "--gate-each", "*: lines 25", "now.info")
        self.tool("check", "--gate-each", "a.c: lines 75", "now.info")

    def test_rules_in_furlong_conf(self):
        with open(self.path("furlong.conf"), "w") as file:
            file.write("gate = src/core: lines 50\ngate = src/ui: lines 50\ngate-each = src/core: lines 30\n")
        self.assertSays("where: src/core/b.c 25.00%", self.tool("check", "now.info", status=1).stderr)

    def test_a_rule_for_nothing_is_never_green(self):
        self.assertSays("no file of the data matches", self.tool("check", "--gate", "scr/core: lines 5", "now.info", status=3).stderr)
        self.assertSays("no file of the data matches", self.tool("check", "--gate-each", "scr: lines 5", "now.info", status=3).stderr)
        for words in (("--min-mcdc", "0"), ("--gate", "src: mcdc 10")):
            self.assertSays("mcdc: no decision", self.tool("check", *words, "now.info", status=3).stderr)

    def test_rules_that_make_no_sense(self):
        for rule in ("src/core", "src/core: lines", "src/core: lines 101", "src/core: words 5", ": lines 5", "src/core: lines 5 6", "x: lines 5,", ""):
            self.assertSays("--gate wants", self.tool("check", "--gate", rule, "now.info", status=2).stderr)
        self.assertSays("check what", self.tool("check", "now.info", status=2).stderr)
        self.assertSays("--min-diff wants --base", self.tool("check", "--min-diff", "5", "now.info", status=2).stderr)
        self.assertSays("--no-worse wants --base-data", self.tool("check", "--no-worse", "now.info", status=2).stderr)
        self.assertSays("--max-lost wants --base-data", self.tool("check", "--max-lost", "0", "now.info", status=2).stderr)

    def test_gates_in_the_reports(self):
        self.tool("report", "-q", "--junit", "j.xml", "--json", "j.json", "--markdown", "m.md", "--min-lines", "60", "--gate",
                  "src/ui: lines 50", "now.info", status=1)
        suites = ElementTree.parse(self.path("j.xml")).getroot()
        cases = {case.get("name"): case.find("failure") for case in suites.iter("testcase") if case.get("classname") == "furlong.gate"}
        self.assertEqual({name: failure is not None for name, failure in cases.items()}, {"lines": True, "src/ui: lines": False, "data": False})
        self.assertEqual((suites.get("tests"), suites.get("failures")), ("4", "1")) # and "races", skipped
        gates = json.loads(self.read("j.json"))["gates"]
        self.assertEqual([g["verdict"] for g in gates], ["failed", "passed", "passed"])
        self.assertSays("❌ lines.*50&#46;00", self.read("m.md"))
        said = self.tool("check", "-q", "--min-lines", "60", "now.info", status=1, env={"GITHUB_ACTIONS": "true"}).stderr
        self.assertSays("(?m)^::error title=Furlong%3A gate failed::lines: 50.00%25 is below", said)


class Ratchet(GitCase):
    def setUp(self):
        super().setUp()
        self.commit({"a.c": "1\n2\n3\n4\n", "b.c": "1\n2\n3\n"})
        self.lcov("base.info", {"a.c": {1: 1, 2: 1, 3: 0}, "b.c": {1: 1, 2: 0, 3: 0}})

    def check(self, coverage, *words, status=0):
        self.lcov("now.info", coverage)
        return self.tool("check", "-q", *words, "--base", "HEAD", "--base-data", "base.info", "now.info", status=status).stderr

    def test_no_file_may_get_worse(self):
        same = {"a.c": {1: 1, 2: 1, 3: 0}, "b.c": {1: 1, 2: 0, 3: 0}}
        self.assertEqual(self.check(same, "--no-worse"), "")
        # The total is better (4 of 6, was 3 of 6), and b.c is worse (0 of 3).
        said = self.check({"a.c": {1: 1, 2: 1, 3: 1, 4: 1}, "b.c": {1: 0, 2: 0, 3: 0}}, "--no-worse", status=1).splitlines()
        self.assertEqual(said, ["furlong: gate failed: no worse: 1 file is worse than at HEAD",
                                "  where: b.c 0.00% of lines, was 33.33%", "  see:   furlong diff --base HEAD"])
        # Other lines at the same rate are not worse: 2 of 3 is 4 of 6.
        self.check({"a.c": {1: 1, 2: 0, 3: 1}, "b.c": {1: 0, 2: 1, 3: 0}}, "--no-worse")
        # A new file is the patch's business, and a file that is gone nobody's.
        self.check({"a.c": {1: 1, 2: 1, 3: 0}, "new.c": {1: 0}}, "--no-worse")

    def test_exact_to_the_line(self):
        """A rate that rounds to the same is not the same."""
        count = 100001
        self.lcov("base.info", {"a.c": {n: 1 for n in range(1, count)}})
        said = self.check({"a.c": {n: n != 7 for n in range(1, count)}}, "--no-worse", status=1)
        self.assertSays("a.c 100.00% of lines, was 100.00%", said)

    def test_lost_lines(self):
        lost = {"a.c": {1: 1, 2: 0, 3: 1}, "b.c": {1: 1, 2: 0, 3: 0}}
        self.check(lost, "--max-lost", "1")
        said = self.check(lost, "--max-lost", "0", status=1)
        self.assertSays("lost lines: 1 unchanged lines that ran at HEAD do no more", said)
        self.assertSays("where: a.c:2\n", said)
        self.put({"a.c": "1\nchanged\n3\n4\n"}) # what is new was not lost
        self.check(lost, "--max-lost", "0")

    def test_patch(self):
        self.put({"a.c": "1\nx\ny\nz\n3\n4\n"})
        now = {"a.c": {1: 1, 2: 1, 3: 0, 4: 0, 5: 0}, "b.c": {1: 1}}
        said = self.check(now, "--min-diff", "80", status=1).splitlines()
        self.assertEqual(said, ["furlong: gate failed: patch: of 3 lines 33.33% is below 80% by 46.67 points (2 more needed)",
                                "  where: a.c:3-4", "  see:   furlong diff --base HEAD"])
        self.check(now, "--min-diff", "33")
        self.put({"a.c": "1\n2\n3\n4\n"})
        self.assertSays("patch: no code in it", self.tool("report", "--text", "/dev/null", "--base", "HEAD", "--min-diff", "100", "now.info").stderr)


class Lost(RaceCase):
    def test_data_that_are_not_complete_fail(self):
        self.write(self.other(), self.race().text(end=False), self.race(101, 2000))
        self.assertSays("data: not complete", self.tool("check", "--max-races", "9", status=1).stderr)
        self.tool("check", "--max-races", "9", "--allow-lost")
        self.tool("report", "--text", "/dev/null", "-q") # who asked for no gate gets none


class Runs(RaceCase):
    """In how many runs of the tests a race was seen: by the name that each process says, wherever its data are."""

    def in_run(self, name, block):
        block.lines.insert(3, "run " + name)
        return block

    def test_flaky_races_are_counted_over_runs(self):
        self.write(self.in_run("a", self.race(100, 1000)), self.in_run("a", self.race(101, 1001)), self.in_run("b", self.race(102, 1002)),
                   self.in_run("b", self.other(103, 1003)), self.in_run("c", self.block(104, 1004).line("seen", 1, 0, 0, 0, 0)))
        report = self.report()
        runs = {r["kind"]: (r["runs"], r["processes"]) for r in report["races"]["reports"]}
        self.assertEqual(runs, {"data-race": (2, 3), "heap-use-after-free": (1, 1)})
        self.assertEqual(report["quality"]["race"]["runs"], 3)
        self.assertSays(r" 2/3 .*counter\.c:3", self.tool("races").stdout)
        self.assertSays(r"counter\.c:3 in increment \[[0-9a-f]{8}\] in 2 of 3 runs", self.tool("check", "--max-races", "0", status=1).stderr)

    def test_shards_merged_are_counted_together(self):
        self.write(self.in_run("a", self.race(100, 1000)), name="app.1")
        os.mkdir(self.path("other"))
        with open(self.path("other", "app.1.race"), "w") as file:
            file.write(self.in_run("b", self.race(100, 1000)).text() + self.in_run("c", self.block(100, 3000).line("seen", 1, 0, 0, 0, 0)).text())
        races = json.loads(self.tool("races", "--json", "furlong-data", "other").stdout)["reports"]
        self.tool("merge", "-o", "all", "furlong-data", "other")
        self.assertEqual(races[0]["fingerprint"], json.loads(self.tool("races", "--json", "all").stdout)["reports"][0]["fingerprint"])

    def test_run_repeats(self):
        with open(self.path("prog"), "w") as file:
            file.write("#!/bin/sh\necho run >> log\nn=$(wc -l < log)\nsed \"s/RUN/$FURLONG_RUN/\" source.$n > furlong-data/app.$n.race\n"
                       "test $n != 2 || exit 7\n")
        os.chmod(self.path("prog"), 0o755)
        for n in range(1, 5):
            with open(self.path("source.%d" % n), "w") as file:
                block = self.race(n, 1 << 62) if n == 3 else self.block(n, 1 << 62).line("seen", 1, 0, 0, 0, 0)
                file.write(self.in_run("RUN", block).text())
        said = self.tool("run", "--repeat", "4", "--no-report", "./prog", status=7).stderr
        self.assertSays("run 2 of 4 ended with status 7", said)
        race, = json.loads(self.tool("races", "--json").stdout)["reports"]
        self.assertEqual((race["runs"], self.report()["quality"]["race"]["runs"]), (1, 4))
        self.tool("run", "--repeat", "0", "./prog", status=2)


class Baseline(RaceCase):
    def accept(self, *words):
        self.tool("races", "--accept", "races.txt", *words)
        return self.read("races.txt")

    def check(self, *words, status=0):
        return self.tool("check", "--baseline", "races.txt", *words, status=status).stderr

    def rewrite(self, old, new):
        text = self.read("races.txt")
        self.assertIn(old, text)
        with open(self.path("races.txt"), "w") as file:
            file.write(text.replace(old, new))

    def test_accepted_races_pass_and_new_ones_fail(self):
        self.write(self.race())
        text = self.accept("--owner", "Ann Other", "--until", "2999-12-31")
        self.assertSays(r"(?m)^[0-9a-f]{32} owner=Ann%20Other until=2999-12-31 functions=[0-9a-f]{16} texts=[0-9a-f]{16} # src/counter.c:3 in increment$", text)
        self.assertEqual(self.check("-q"), "")
        self.assertSays("suppressed by the baseline, Ann Other, until 2999-12-31", self.tool("races", "--baseline", "races.txt").stdout)
        self.write(self.race(), self.other())
        said = self.check(status=1)
        self.assertSays("races: 1, 1 more than 0", said)
        self.assertSays(r"where: src/counter.c:7 in main \[[0-9a-f]{8}\]", said)
        self.check("--max-races", "1")

    def test_owners_and_dates_stay(self):
        self.write(self.race())
        self.accept("--owner", "Ann", "--until", "2999-12-31")
        self.rewrite("# src/counter.c:3 in increment", "# harmless, see the wiki")
        self.write(self.race(), self.other())
        lines = [l for l in self.accept("--owner", "Bob").splitlines() if not l.startswith("#")]
        self.assertEqual(len(lines), 2)
        ann, = [l for l in lines if "owner=Ann" in l]
        self.assertSays("until=2999-12-31 .*# harmless, see the wiki$", ann)
        self.assertEqual(len([l for l in lines if "owner=Bob" in l and "until" not in l]), 1)

    def test_an_expired_one_counts_again(self):
        self.write(self.race())
        self.accept("--owner", "Ann", "--until", "2001-02-03")
        said = self.check(status=1)
        self.assertSays(r"note: races\.txt:2: [0-9a-f]{12} was accepted until 2001-02-03 and counts again \(Ann\)", said)

    def test_an_unused_one_is_named(self):
        self.write(self.race(), self.other())
        self.accept("--owner", "Ann")
        self.write(self.race())
        self.assertSays(r"note: races\.txt:[23]: no race of these data is [0-9a-f]{12} \(Ann\): take the line out", self.check())
        self.assertEqual(self.accept().count("owner=Ann"), 1) # and goes when the file is written anew

    def changed(self, old, new):
        self.write(self.race())
        self.accept()
        before = self.tool("races", "--json").stdout
        self.source("src/counter.c", SOURCE.replace(old, new))
        self.build()
        self.write(self.race())
        self.assertNotEqual(json.loads(self.tool("races", "--json").stdout)["reports"][0]["fingerprint"],
                            json.loads(before)["reports"][0]["fingerprint"])
        return self.check()

    def test_it_lives_through_another_text_of_the_line(self):
        self.assertSays("was changed and is", self.changed("{ counter++; }", "{ counter += 1; }"))

    def test_it_lives_through_another_name_of_the_file(self):
        self.write(self.race())
        self.accept()
        self.source("lib/count.c", SOURCE)
        self.build(source="lib/count.c")
        self.write(self.race())
        self.assertSays("was changed and is", self.check())

    def test_two_that_might_be_meant_are_neither(self):
        """The same functions twice: which of them was accepted?"""
        self.write(self.race())
        self.accept()
        self.rewrite(self.read("races.txt").splitlines()[1][:32], "0" * 32)
        other = self.race(101, 2000, KEY + 1)
        other.lines = [line.replace("access write 8", "access atomic-write 8") for line in other.lines]
        self.write(self.race(), other)
        self.assertSays("races: 2", self.check(status=1))

    def test_one_line_accepts_one_race(self):
        """It is found by its fingerprint; another one of the same functions is new."""
        self.write(self.race())
        self.accept()
        other = self.race(101, 2000, KEY + 1)
        other.lines = [line.replace("access write 8", "access atomic-write 8") for line in other.lines]
        self.write(self.race(), other)
        self.assertSays("races: 1, 1 more than 0", self.check(status=1))

    def test_files_that_cannot_be_understood(self):
        self.write(self.race())
        for line, why in (("hello", "32 hex digits"), ("0" * 32 + " owner", "what is 'owner'"), ("0" * 32 + " until=soon", "YYYY-MM-DD"),
                          ("0" * 32 + " until=2001-02-03x", "YYYY-MM-DD")):
            with open(self.path("races.txt"), "w") as file:
                file.write("# fine\n\n" + line + "\n")
            self.assertSays("races.txt:3: .*" + why, self.check(status=2))
        self.assertSays("cannot read nothing", self.tool("check", "--baseline", "nothing", status=2).stderr)
        self.assertSays("--until wants", self.tool("races", "--accept", "new.txt", "--until", "x", status=2).stderr)

    def test_a_run_with_accepted_races_is_green(self):
        self.write(self.race())
        self.accept()
        with open(self.path("prog"), "w") as file:
            file.write("#!/bin/sh\ncp src.race furlong-data/app.2.race\ncase $FURLONG_OPTIONS in *exitcode=0*) exit 0;; *) exit 66;; esac\n")
        os.chmod(self.path("prog"), 0o755)
        with open(self.path("src.race"), "w") as file: # far in the future: of this run
            file.write(self.race(102, 1 << 62).text())
        self.tool("run", "--no-report", "--baseline", "races.txt", "./prog")
        with open(self.path("src.race"), "w") as file:
            file.write(self.other(102, 1 << 62).text())
        self.tool("run", "--no-report", "--baseline", "races.txt", "./prog", status=66)


main()
