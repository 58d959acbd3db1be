#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""formats_test.py TOOL: coverage in the formats of others: held against the rules of their document types, read by
genhtml and by our own importers; and reports of gcc, lcov and llvm-cov as inputs, beside what those say themselves."""
import gzip
import json
import os
import re
import shutil
import subprocess
import unittest
import xml.etree.ElementTree as ElementTree

from furdata import Module, branch, code, counter, expression, gap
from harness import Case, main

SOURCE = "int f(int x)\n{\n\tif (x)\n\t\treturn 1;\n\treturn 0;\n}\nint g(void) { return 1; } // LCOV_EXCL_LINE\n"
NASTY = "lib/we&ird <dir>/x'\"é.c"

# Of coverage-04.dtd and JaCoCo's report.dtd 1.1: element -> (required attributes, children as a pattern of names).
COBERTURA = {
    "coverage": ("line-rate branch-rate lines-covered lines-valid branches-covered branches-valid complexity version timestamp", r"(sources )?packages "),
    "sources": ("", r"(source )*"), "source": ("", ""), "packages": ("", r"(package )*"),
    "package": ("name line-rate branch-rate complexity", "classes "), "classes": ("", r"(class )*"),
    "class": ("name filename line-rate branch-rate complexity", "methods lines "), "methods": ("", r"(method )*"),
    "method": ("name signature line-rate branch-rate", "lines "), "lines": ("", r"(line )*"),
    "line": ("number hits", r"(conditions )*"), "conditions": ("", r"(condition )*"), "condition": ("number type coverage", ""),
}
JACOCO = {
    "report": ("name", r"(sessioninfo )*((group )*|(package )*)(counter )*"), "package": ("name", r"((class )|(sourcefile ))*(counter )*"),
    "class": ("name", r"(method )*(counter )*"), "method": ("name desc", r"(counter )*"),
    "sourcefile": ("name", r"(line )*(counter )*"), "line": ("nr", ""), "counter": ("type missed covered", ""),
}


class Formats(Case):
    def setUp(self):
        super().setUp()
        module = Module(self.path("app"))
        for name, values in (("a.c", [7, 3, 2]), ("lib/b.c", [0, 0, 0]), ("a.d/c.c", [5, 5, 0]), (NASTY, [1, 0, 0])):
            unit = module.unit([self.source(name, SOURCE)])
            first, inner, hidden = counter(0), counter(1), counter(2)
            prefix = "f_" + re.sub("[^a-z]", "_", name)
            module.function(unit, prefix, [0], [code((2, 1), (6, 2), first), code((3, 6), (3, 7), first),
                                                branch((3, 6), (3, 7), inner, expression(0)), gap((3, 8), (4, 3), inner),
                                                code((4, 3), (4, 11), inner), gap((4, 12), (5, 2), expression(0)), code((5, 2), (5, 10), expression(0))], values[:2], [("-", first, inner)])
            module.function(unit, "g" + prefix, [0], [code((7, 12), (7, 25), counter(0))], values[2:])
        self.data(module)

    def written(self, option, *words):
        self.tool("report", "-q", option, "out", *words)
        return self.read("out")

    def check_document(self, text, types):
        root = ElementTree.fromstring(text)
        for element in root.iter():
            required, children = types[element.tag]
            self.assertLessEqual(set(required.split()), set(element.attrib), element.tag)
            self.assertTrue(re.fullmatch(children, "".join(child.tag + " " for child in element)), element.tag)
        return root

    def roundtrip(self, *options, same=("lines", "functions", "branches")):
        """Written and read again it is the same."""
        before = self.report()["coverage"]
        for option in options:
            with self.subTest(option):
                self.tool("report", "-q", option, "again")
                after = self.report("again")["coverage"]
                for key in same:
                    self.assertEqual(after["totals"][key], before["totals"][key], key)
                for one, other in zip(before["files"], after["files"]):
                    self.assertEqual(one["path"], other["path"])
                    self.assertEqual([l for l in one["lines"] if not l.get("excluded")],
                                     [l for l in other["lines"] if not l.get("excluded")])

    def test_what_is_written_can_be_read(self):
        self.roundtrip("--lcov", "--lcov2", "--llvm", "--json", "--cobertura")

    def test_our_json_comes_back_whole(self):
        before = self.report()
        self.tool("report", "-q", "--json", "again")
        after = self.report("again")
        self.assertEqual(after["coverage"], before["coverage"])
        os.rename(self.path("a.c"), self.path("gone")) # its exclusions are known from the report alone
        self.assertEqual(self.report("again")["coverage"]["totals"], before["coverage"]["totals"])

    def test_lines_without_code_come_back(self):
        """Of a report that knows no regions, too; where other data know code there is some."""
        self.source("n.c", "a\n" * 12)
        told = {"schema": "furlong.report/1", "root": self.dir, "coverage": {"files": [
            {"path": "n.c", "counts": "hits", "lines": [{"line": 3, "count": 1}], "no_code": [[5, 7], [6, 8], [11, 11], [3, 3], [9, 4]]}]}}
        with open(self.path("n.json"), "w") as file:
            json.dump(told, file)
        self.assertNotIn("not read", str(self.report("n.json")["quality"]["notes"]))
        file = self.file(self.report("n.json"), "n.c")
        self.assertEqual((file["no_code"], file["counts"]), ([[5, 8], [11, 11]], "hits"))
        with open(self.path("n.info"), "w") as info:
            info.write("SF:n.c\nDA:6,4\nDA:11,0\nend_of_record\n")
        file = self.file(self.report("n.json", "n.info"), "n.c")
        self.assertEqual(file["no_code"], [[5, 5], [7, 8]])
        told["races"] = {"count": 0}
        told["coverage"]["files"][0]["decisions"] = [{"line": 3}]
        with open(self.path("n.json"), "w") as file2:
            json.dump(told, file2)
        self.assertIn("n.json: its MC/DC is not read; its races are not read: give the data themselves for those",
                      str(self.report("n.json")["quality"]["notes"]))
        self.tool("report", "-q", "--json", "again", "n.json", "n.info")
        self.assertEqual(self.file(self.report("again"), "n.c"), file)

    def test_shards_add_up(self):
        self.tool("report", "-q", "--json", "j", "--lcov", "l")
        once, thrice = self.lines(self.report(), "a.c"), self.lines(self.report("j", "l", "furlong-data"), "a.c")
        self.assertEqual(thrice, {line: 3 * count if line < 7 else 2 * count for line, count in once.items()}) # 7 is excluded

    def test_cobertura(self):
        root = self.check_document(self.written("--cobertura"), COBERTURA)
        self.assertEqual((root.get("lines-valid"), root.get("lines-covered")), ("20", "13")) # 5 of a.c, 4 of c.c, 4 of NASTY
        names = {c.get("filename"): c for c in root.iter("class")}
        self.assertEqual(set(names), {"a.c", "lib/b.c", "a.d/c.c", NASTY})
        line = [l for l in names["a.c"].find("lines") if l.get("number") == "3"][0]
        self.assertEqual((line.get("hits"), line.get("branch"), line.get("condition-coverage")), ("7", "true", "100% (2/2)"))
        line = [l for l in names["a.d/c.c"].find("lines") if l.get("number") == "3"][0]
        self.assertEqual(line.get("condition-coverage"), "50% (1/2)")
        self.assertEqual(root.find("sources/source").text, self.dir)

    def test_sonar(self):
        root = ElementTree.fromstring(self.written("--sonar"))
        self.assertEqual((root.tag, root.attrib), ("coverage", {"version": "1"}))
        for line in root.findall("file/lineToCover"): # by sonar-generic-coverage.xsd
            self.assertLessEqual({"lineNumber", "covered"}, set(line.attrib))
            self.assertIn(line.get("covered"), ("true", "false"))
            self.assertGreater(int(line.get("lineNumber")), 0)
            self.assertIn(set(line.attrib) - {"lineNumber", "covered"}, (set(), {"branchesToCover", "coveredBranches"}))
            self.assertLessEqual(0, int(line.get("coveredBranches", 0)))
            self.assertLessEqual(int(line.get("coveredBranches", 0)), int(line.get("branchesToCover", 0)))
        self.assertEqual({child.tag for child in root}, {"file"})
        self.assertTrue(all(set(f.attrib) == {"path"} and len(f) == len(f.findall("lineToCover")) for f in root))
        files = {f.get("path"): f for f in root.iter("file")}
        self.assertEqual(set(files), {"a.c", "lib/b.c", "a.d/c.c", NASTY})
        lines = [l.attrib for l in files["a.d/c.c"]]
        self.assertEqual(lines[1], {"lineNumber": "3", "covered": "true", "branchesToCover": "2", "coveredBranches": "1"})
        self.assertEqual(lines[3], {"lineNumber": "5", "covered": "false"})

    def test_jacoco(self):
        root = self.check_document(self.written("--jacoco"), JACOCO)
        self.assertEqual({p.get("name"): len(p.findall("class")) for p in root.iter("package")}, {"": 1, "a.d": 1, "lib": 1, os.path.dirname(NASTY): 1})
        lines = {c.get("type"): (c.get("covered"), c.get("missed")) for c in root.findall("counter")}
        self.assertEqual(lines, {"INSTRUCTION": ("13", "7"), "LINE": ("13", "7"), "BRANCH": ("4", "4"), "METHOD": ("3", "1"), "CLASS": ("3", "1")})
        source, = [s for s in root.iter("sourcefile") if s.get("name") == "c.c"]
        self.assertEqual(source.find("line[@nr='3']").attrib, {"nr": "3", "mi": "0", "ci": "1", "mb": "1", "cb": "1"})

    def test_jacoco_adds_up(self):
        """Several files of a directory, apart in the order of paths: each once, and each sum is that of its parts."""
        paths = ["lib/a.c", "lib/a/b.c", "lib/a/c.c", "lib/z.c"]
        with open(self.path("x.info"), "w") as file:
            file.write("".join(f"TN:\nSF:{path}\nFN:2,f{i}\nFNDA:{i},f{i}\nDA:1,1\nDA:2,{i}\nend_of_record\n" for i, path in enumerate(paths)))
        self.tool("report", "-q", "--jacoco", "out", "x.info")
        root = self.check_document(self.read("out"), JACOCO)
        self.assertEqual(sorted(c.get("name") for c in root.iter("class")), paths)
        self.assertEqual(sorted(p.get("name") for p in root.iter("package")), ["lib", "lib/a"])
        self.assertEqual({m.get("name"): m.get("line") for m in root.iter("method")}, {f"f{i}": "2" for i in range(4)})

        def counters(element):
            return {c.get("type"): (int(c.get("missed")), int(c.get("covered"))) for c in element.findall("counter")}

        def sums(elements):
            return {kind: tuple(map(sum, zip(*(counters(e).get(kind, (0, 0)) for e in elements)))) for kind in counters(elements[0])}

        self.assertEqual(counters(root), sums(root.findall("package")))
        self.assertEqual(counters(root)["CLASS"], (0, 4))
        self.assertEqual(counters(root)["LINE"], (1, 7))
        for package in root.iter("package"):
            self.assertEqual(counters(package), sums(package.findall("class")))
            self.assertEqual(counters(package), sums(package.findall("sourcefile")))

    def test_coveralls(self):
        env = {"COVERALLS_REPO_TOKEN": "", "GITHUB_ACTIONS": "true", "GITHUB_RUN_ID": "77", "CI_JOB_ID": "78"}
        self.tool("report", "-q", "--coveralls", "out", env=env)
        job = json.loads(self.read("out"))
        self.assertEqual((job["service_name"], job["service_job_id"], "repo_token" in job), ("github", "77", False))
        file, = [f for f in job["source_files"] if f["name"] == "a.c"]
        self.assertEqual(file["coverage"], [None, 7, 7, 3, 4, 7, None])
        self.assertEqual(file["branches"], [3, 0, 0, 3, 3, 0, 1, 4])
        import hashlib
        self.assertEqual(file["source_digest"], hashlib.md5(SOURCE.encode()).hexdigest())

    def test_llvm(self):
        export = json.loads(self.written("--llvm"))
        self.assertEqual((export["type"], export["version"]), ("llvm.coverage.json.export", "2.0.1"))
        data, = export["data"]
        file, = [f for f in data["files"] if f["filename"] == self.path("a.c")]
        self.assertEqual(file["branches"], [[3, 6, 3, 7, 3, 4, 0, 0, 4]])
        self.assertEqual(file["summary"]["lines"], {"count": 5, "covered": 5, "percent": 100})
        function, = [f for f in data["functions"] if f["name"] == "f_a_c"]
        self.assertIn([4, 3, 4, 11, 3, 0, 0, 0], function["regions"])
        for summary in [data["totals"]] + [f["summary"] for f in data["files"]]:
            self.assertEqual(set(summary), {"branches", "functions", "instantiations", "lines", "regions"}) # mcdc where there is any
            for key, part in summary.items():
                self.assertEqual(set(part), {"count", "covered", "percent"} | ({"notcovered"} if key in ("branches", "regions") else set()))
        self.assertTrue(all(s[:2] <= t[:2] for s, t in zip(file["segments"], file["segments"][1:])))

    @unittest.skipUnless(shutil.which("genhtml"), "no lcov")
    def test_genhtml_reads_what_we_say(self):
        self.tool("report", "-q", "--lcov", "out.info")
        done = subprocess.run(["genhtml", "--branch-coverage", "-o", "html", "out.info"], cwd=self.dir, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertSays(r"lines\.+: 65\.0% \(13 of 20 lines\)", done.stdout)
        self.assertSays(r"branches\.+: 50\.0% \(4 of 8 branches\)", done.stdout)

    def test_lcov_adds_up(self):
        for option in ("--lcov", "--lcov2"):
            for record in self.written(option).split("end_of_record\n")[:-1]:
                sums = {key: int(value) for key, value in re.findall(r"(?m)^(LF|LH|BRF|BRH|FNF|FNH):(\d+)", record)}
                lines = [int(count) for count in re.findall(r"(?m)^DA:\d+,(\d+)", record)]
                branches = re.findall(r"(?m)^BRDA:.*,(\d+|-)$", record)
                calls = [int(count) for count in re.findall(r"(?m)^(?:FNDA:|FNA:\d+,)(\d+),", record)]
                for counts, found, hit in ((lines, "LF", "LH"), ([0 if b == "-" else int(b) for b in branches], "BRF", "BRH"), (calls, "FNF", "FNH")):
                    self.assertEqual((sums.get(found, 0), sums.get(hit, 0)), (len(counts), len([c for c in counts if c])), record)

    def test_lcov_2(self):
        text = self.written("--lcov2")
        self.assertIn("FNL:0,2,6\nFNA:0,7,f_a_c\n", text)
        self.assertIn("BRDA:3,0,true,3\nBRDA:3,0,false,4\n", text)
        self.assertNotRegex(text, "(?m)^FN:|^FNDA:")

    def test_codequality(self):
        self.assertEqual(json.loads(self.written("--codequality")), [])


class Races(Case):
    def test_codequality_of_races(self):
        from racecase import RaceCase
        case = RaceCase()
        case.setUp()
        self.addCleanup(case.doCleanups)
        case.write(case.race(), case.other())
        case.tool("report", "-q", "--codequality", "q")
        issues = json.loads(case.read("q"))
        self.assertEqual({i["check_name"] for i in issues}, {"furlong/data-race", "furlong/heap-use-after-free"})
        for each in issues: # what GitLab's report wants of an issue
            self.assertLessEqual({"description", "check_name", "fingerprint", "severity", "location"}, set(each))
            self.assertIn(each["severity"], ("info", "minor", "major", "critical", "blocker"))
            self.assertFalse(each["location"]["path"].startswith(("./", "/")))
        self.assertEqual(len({i["fingerprint"] for i in issues}), len(issues))
        issue, = [i for i in issues if i["check_name"] == "furlong/data-race"]
        self.assertEqual(issue["location"], {"path": "src/counter.c", "lines": {"begin": 3, "end": 3}})
        self.assertEqual((issue["severity"], len(issue["fingerprint"])), ("critical", 32))


class Imports(Case):
    PROGRAM = """#include <stdio.h>
static int unused(int a) { return a ? 1 : 2; }
static int f(int a, int b)
{
\tif (a > 1 && b > 0)
\t\treturn 1;
\tfor (int i = 0; i < b; i++)
\t\ta += i;
\tswitch (a) {
\tcase 1: return 3;
\tcase 2: return 4;
\tdefault: break;
\t}
\treturn a;
}
int main(int argc, char **argv)
{
\t(void)argv;
\tprintf("%d %d %d\\n", f(argc, 3), f(argc + 2, 1), argc > 9 ? unused(1) : 0);
\treturn 0;
}
"""

    def run_all(self, *commands):
        for command in commands:
            done = subprocess.run(command, cwd=self.dir, capture_output=True, text=True, env={**os.environ, "LLVM_PROFILE_FILE": "p.profraw"})
            self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def said_by_lcov(self, text):
        return {int(n): int(count) for n, count in re.findall(r"(?m)^DA:(\d+),(\d+)", text)}

    @unittest.skipUnless(shutil.which("gcc") and shutil.which("gcov") and shutil.which("geninfo"), "no gcc, gcov or lcov")
    def test_gcov_and_lcov(self):
        self.source("p.c", self.PROGRAM)
        self.run_all(["gcc", "--coverage", "-O0", "-c", "p.c"], ["gcc", "--coverage", "p.o", "-o", "p"], ["./p"],
                     ["gcov", "-b", "--json-format", "p.gcda"],
                     ["geninfo", "-q", "--rc", "lcov_branch_coverage=1", "-o", "p.info", "."])
        truth = self.said_by_lcov(self.read("p.info"))
        self.assertEqual(truth[8], 3) # the loop's body, three times
        packed = [name for name in os.listdir(self.dir) if name.endswith(".gcov.json.gz")][0]
        with gzip.open(self.path(packed)) as file, open(self.path("plain.json"), "wb") as plain:
            plain.write(file.read())
        for name in ("p.info", packed, "plain.json"):
            with self.subTest(name):
                report = self.report(name)
                self.assertEqual(self.lines(report, "p.c"), truth)
                functions = {f["name"]: f["count"] for f in self.file(report, "p.c")["functions"]}
                self.assertEqual(functions, {"unused": 0, "f": 2, "main": 1})
                self.assertEqual(report["coverage"]["totals"]["branches"]["found"], self.read("p.info").count("BRDA:"))
        self.assertEqual(self.report("p.info")["coverage"]["totals"], self.report(packed)["coverage"]["totals"])
        self.tool("show", "p.c:8", "p.info")
        self.tool("report", "--html", "html", "p.info")
        self.assertIn("p.c", self.read("html/index.html"))

    def test_gcov_says_what_may_throw(self):
        """A call's two outcomes, of which either may be the exception, are no condition."""
        self.source("t.cpp", "a\n" * 9)
        ways = lambda *ways: [{"count": count, "fallthrough": False, "throw": throw} for count, throw in ways]
        lines = [{"line_number": 1, "count": 5, "branches": ways((5, False), (0, True))},
                 {"line_number": 2, "count": 5, "branches": ways((2, False), (3, False), (1, False), (0, True))},
                 {"line_number": 3, "count": 5, "branches": ways((0, True), (4, False), (1, False))},
                 {"line_number": 4, "count": 5, "branches": []}]
        with open(self.path("t.gcov.json"), "w") as file:
            json.dump({"format_version": "1", "gcc_version": "12", "current_working_directory": self.dir,
                       "files": [{"file": "t.cpp", "functions": [], "lines": lines}]}, file)
        file = self.file(self.report("t.gcov.json"), "t.cpp")
        self.assertEqual([(b["line"], b["true"], b["false"]) for b in file["branches"]], [(2, 2, 3), (3, 4, 1)])

    def test_llvm_cov(self):
        found = 0
        for major in (14, 16, 19, 22):
            if not all(shutil.which("%s-%d" % (tool, major)) for tool in ("clang", "llvm-cov", "llvm-profdata")):
                continue
            found += 1
            with self.subTest(major):
                self.source("p.c", self.PROGRAM)
                export = ["llvm-cov-%d" % major, "export", "./p", "-instr-profile", "p.profdata"]
                self.run_all(["clang-%d" % major, "-fprofile-instr-generate", "-fcoverage-mapping", "p.c", "-o", "p"], ["./p"],
                             ["llvm-profdata-%d" % major, "merge", "p.profraw", "-o", "p.profdata"])
                with open(self.path("p.json"), "w") as file:
                    file.write(self.run_all(export))
                report = self.report("p.json")
                self.assertEqual(self.lines(report, "p.c"), self.said_by_lcov(self.run_all(export + ["-format=lcov"])))
                summary = json.loads(self.read("p.json"))["data"][0]["totals"]
                for key in ("lines", "functions", "branches", "regions"):
                    self.assertEqual(report["coverage"]["totals"][key], {"found": summary[key]["count"], "hit": summary[key]["covered"]}, key)
                with open(self.path("p.json"), "w") as file:
                    file.write(self.run_all(export + ["-summary-only"]))
                self.assertSays("it has no functions", self.tool("report", "--text", "-", "p.json", status=3).stderr)
        if not found:
            self.skipTest("no llvm-cov")

    def test_cobertura_of_others(self):
        """As coverage.py writes it: no root in the names, other languages."""
        self.source("pkg/m.py", "a\nb\nc\n")
        with open(self.path("c.xml"), "w") as file:
            file.write('<?xml version="1.0" ?>\n<!-- <line number="9" hits="1"/> -->\n<!DOCTYPE coverage SYSTEM "x" [<!ENTITY a "b>c">]>\n'
                       "<coverage version='7'><sources><source>/nowhere</source>\n<source> %s </source></sources><packages><package name='.'><classes>"
                       "<class name='m.py' filename='pkg/m.py'><methods/><lines><line number='1' hits='2'/>"
                       "<line number='2' hits='0' branch='true' condition-coverage='33%% (1/3)' missing-branches='3'/></lines></class>"
                       "</classes></package></packages></coverage>" % self.dir)
        report = self.report("c.xml")
        self.assertEqual(self.lines(report, "pkg/m.py"), {1: 2, 2: 0})
        self.assertEqual(report["coverage"]["totals"]["branches"], {"found": 3, "hit": 1})

    def test_classes_of_one_file_keep_their_conditions_apart(self):
        self.source("m.py", "a\nb\n")
        one = "<class name='%s' filename='m.py'><methods/><lines><line number='2' hits='1' branch='true' condition-coverage='%s'/></lines></class>"
        with open(self.path("c.xml"), "w") as file:
            file.write("<coverage version='7'><sources><source>%s</source></sources><packages><package name='.'><classes>%s%s</classes></package>"
                       "</packages></coverage>" % (self.dir, one % ("A", "50% (1/2)"), one % ("B", "50% (1/2)")))
        report = self.report("c.xml")
        self.assertEqual(self.lines(report, "m.py"), {2: 2})
        self.assertEqual(report["coverage"]["totals"]["branches"], {"found": 4, "hit": 2})

    def test_lcov_of_others(self):
        self.source("a.js", "a\n")
        with open(self.path("l.info"), "w") as file:
            file.write("# made by hand\r\nTN:one\r\nSF:a.js\r\nVER:7\nFN:1,4,named, with comma\nFNDA:3,named, with comma\nFNL:0,2,3\nFNA:0,5,x\nFNA:0,6,y\n"
                       "DA:1,-5\nDA:2,3,checksum\nBRDA:2,e0,0,-\nBRDA:2,e0,1,4\nBRDA:2,0,left and right,1\nMCDC:1,2,t,1,0,x\nend_of_record\n"
                       "TN:two\nSF:a.js\nDA:2,4\nend_of_record\n")
        report = self.report("l.info")
        self.assertEqual(self.lines(report, "a.js"), {1: 0, 2: 7})
        functions = {f["linkage"]: (f["line"], f["end_line"], f["count"]) for f in self.file(report, "a.js")["functions"]}
        self.assertEqual(functions, {"named, with comma": (1, 4, 3), "x": (2, 3, 5), "y": (2, 3, 6)})
        self.assertEqual(report["coverage"]["totals"]["branches"], {"found": 3, "hit": 2})

    def test_what_cannot_be_read(self):
        self.source("a.c", "x\n")
        for text, why in (("SF:a.c\nDA:1,1\n", "ends within a record"), ("TN:\n", "names no file"),
                          ('{"schema": "furlong.report/1", "coverage": {"files": [{"path": "a.c", "lines": [{"line": 1', "ends too early"),
                          ('{"schema": "furlong.report/1", "coverage": {"files": []}}', "names no file"),
                          ('{"type": "llvm.coverage.json.export", "data": [{"functions": [{"name": "f" "count"', "a comma is missing"),
                          ("<coverage><classes><class filename='a.c'>", "ends too early"), ("<coverage", "ends within a tag"), ("<html></html>", "not a Furlong data file"),
                          ("", "")):
            with open(self.path("bad"), "w") as file:
                file.write(text)
            said = self.tool("report", "--text", "-", "bad", status=3).stderr
            self.assertEqual(said.count("\n"), 1, said)
            self.assertSays(why, said)
        with open(self.path("bad"), "wb") as file:
            file.write(b"\x1f\x8b\x08nonsense")
        self.tool("report", "--text", "-", "bad", status=3)

    def test_one_bad_report_of_several_is_lost_data(self):
        self.source("a.c", "x\n")
        with open(self.path("good.info"), "w") as file:
            file.write("SF:a.c\nDA:1,1\nend_of_record\n")
        with open(self.path("bad.info"), "w") as file:
            file.write("SF:a.c\nDA:1,1\n")
        self.assertFalse(self.report("good.info", "bad.info")["quality"]["complete"])
        self.tool("check", "--min-lines", "1", "good.info", "bad.info", status=1)


main()
