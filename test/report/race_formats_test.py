#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""race_formats_test.py TOOL: races as SARIF, JUnit, annotations, Markdown and pages, each held against the rules of
whoever reads it, with names as nasty as a file system and a program allow."""
import html.parser
import json
import os
import re
import urllib.parse
import xml.etree.ElementTree as ElementTree

from harness import main
from racecase import KEY, SOURCE, RaceCase

NASTY = "src/a b,c:d%&<i>'\"|`#é.c"


class Nasty(RaceCase):
    """The same program under a name that every format must escape."""

    def setUp(self):
        super().setUp()
        self.source(NASTY, SOURCE)
        self.build(source=NASTY)


class Sarif(RaceCase):
    KNOWN = { # the properties of SARIF 2.1.0 that we use, by object
        "run": {"tool", "invocations", "originalUriBaseIds", "columnKind", "results"},
        "result": {"ruleId", "ruleIndex", "kind", "level", "message", "locations", "relatedLocations", "codeFlows", "stacks",
                   "partialFingerprints", "occurrenceCount", "suppressions", "properties"},
        "location": {"id", "physicalLocation", "logicalLocations", "message"},
        "threadFlowLocation": {"location", "nestingLevel", "importance"},
    }

    def check_location(self, location):
        self.assertLessEqual(set(location), self.KNOWN["location"])
        physical = location["physicalLocation"]
        self.assertTrue("artifactLocation" in physical or "address" in physical)
        for key in ("startLine", "startColumn"):
            self.assertGreaterEqual(physical.get("region", {}).get(key, 1), 1)
        if "artifactLocation" in physical:
            uri = physical["artifactLocation"]["uri"]
            self.assertRegex(uri, r"^(file://)?[A-Za-z0-9/._~%-]+$")
            self.assertEqual("uriBaseId" in physical["artifactLocation"], not uri.startswith("file://"))

    def sarif(self):
        self.tool("report", "-q", "--sarif", "out.sarif")
        with open(self.path("out.sarif")) as file:
            log = json.load(file)
        self.assertEqual(log["version"], "2.1.0")
        run, = log["runs"]
        self.assertEqual(set(run), self.KNOWN["run"])
        rules = run["tool"]["driver"]["rules"]
        self.assertEqual(len({r["id"] for r in rules}), len(rules))
        for rule in rules: # GitHub's code scanning wants a help text, others a name in this form
            self.assertEqual(rule["name"], "".join(word.capitalize() for word in rule["id"].split("-")))
            self.assertIn(rule["fullDescription"]["text"], rule["help"]["text"])
        for result in run["results"]:
            self.assertEqual(set(result), self.KNOWN["result"])
            self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
            flows = [f for flow in result["codeFlows"] for f in flow["threadFlows"]]
            ids = [l["id"] for l in result["relatedLocations"]]
            self.assertEqual(len(set(ids)), len(ids))
            steps = [s for flow in flows for s in flow["locations"]]
            for step in steps:
                self.assertLessEqual(set(step), self.KNOWN["threadFlowLocation"])
            for location in result["locations"] + result["relatedLocations"] + [s["location"] for s in steps]:
                self.check_location(location)
        return run

    def place(self, location):
        physical = location["physicalLocation"]
        return physical["artifactLocation"]["uri"], physical["region"]["startLine"]

    def test_both_threads_are_flows_and_both_stacks_stacks(self):
        self.write(self.race(), self.block().times(KEY, 3))
        run = self.sarif()
        self.assertEqual(run["originalUriBaseIds"]["SRCROOT"]["uri"], "file://%s/" % self.dir)
        result, = run["results"]
        self.assertEqual((result["ruleId"], result["level"], result["occurrenceCount"]), ("data-race", "error", 3))
        self.assertEqual(self.place(result["locations"][0]), ("src/counter.c", 3))
        self.assertEqual(result["locations"][0]["physicalLocation"]["region"]["snippet"]["text"].strip(), SOURCE.split("\n")[2].strip())
        fingerprint = json.loads(self.tool("races", "--json").stdout)["reports"][0]["fingerprint"]
        self.assertEqual(result["partialFingerprints"], {"furlongRace/v1": fingerprint})
        later, earlier = result["codeFlows"][0]["threadFlows"]
        self.assertEqual([later["id"], earlier["id"]], ["T2", "T1"])
        # from the outermost call to the access: worker calls increment; make calls total
        self.assertEqual([self.place(s["location"])[1] for s in later["locations"]], [5, 3])
        self.assertEqual([self.place(s["location"])[1] for s in earlier["locations"]], [6, 4])
        self.assertEqual([s["importance"] for s in later["locations"]], ["unimportant", "essential"])
        self.assertEqual([[self.place(f["location"])[1] for f in s["frames"]] for s in result["stacks"]], [[3, 5], [4, 6]])
        related = {l["message"]["text"]: self.place(l)[1] for l in result["relatedLocations"]}
        self.assertEqual(sorted(related.values()), [4, 7]) # the other access, the birth of T2
        self.assertEqual(result["suppressions"], [])

    def test_suppressed_results_say_by_what(self):
        self.write(self.race(), self.block().line("suppressed", "%016x" % KEY, "race:f"))
        result, = self.sarif()["results"]
        self.assertEqual([(s["kind"], s["justification"]) for s in result["suppressions"]], [("external", "race:f")])

    def test_memory_and_frames_without_source(self):
        block = self.other()
        block.lines = [l for l in block.lines if l != "end"]
        block.frames([])
        self.write(block)
        os.unlink(self.path("app"))
        result, = self.sarif()["results"]
        self.assertEqual(result["locations"][0]["physicalLocation"]["address"],
                         {"name": "app", "relativeAddress": self.addresses["main"] + 8})

    def test_no_race_is_a_run_without_results(self):
        self.write(self.block().line("seen", 1, 0, 0, 0, 0))
        self.assertEqual(self.sarif()["results"], [])


class NastySarif(Nasty, Sarif):
    def test_both_threads_are_flows_and_both_stacks_stacks(self):
        self.write(self.race())
        uri = self.sarif()["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        self.assertEqual(urllib.parse.unquote(uri), NASTY)


class Junit(Nasty):
    ALLOWED = {"testsuites": "name time tests failures errors", "testsuite": "name tests failures errors time skipped",
               "testcase": "name time classname", "failure": "type message", "skipped": "type message"}

    def suite(self):
        self.tool("report", "-q", "--junit", "j.xml")
        root = ElementTree.parse(self.path("j.xml")).getroot()
        self.assertEqual(root.tag, "testsuites")
        suite, = root
        cases = list(suite)
        for counts in (root, suite):
            self.assertEqual(int(counts.get("tests")), len(cases))
            self.assertEqual(int(counts.get("failures")), len(suite.findall("testcase/failure")))
        self.assertEqual(int(suite.get("skipped")), len(suite.findall("testcase/skipped")))
        for element in root.iter(): # Jenkins' junit-10.xsd allows no others
            self.assertLessEqual(set(element.attrib), set(self.ALLOWED[element.tag].split()), element.tag)
        return cases

    def test_a_race_is_a_case_that_failed(self):
        self.write(self.race(label="\x01<&"), self.other(), self.block().line("suppressed", "%016x" % 7, "race:x<y"))
        failed, skipped = self.suite()
        self.assertIn(NASTY + ":3 in increment", failed.get("name"))
        self.assertIn("#0 increment " + NASTY, failed.find("failure").text)
        self.assertIn("Previous read of size 8", failed.find("failure").text)
        self.assertEqual(skipped.find("skipped").get("message"), "suppressed by race:x<y")

    def test_no_race_is_a_case_that_passed(self):
        self.write(self.block().line("seen", 1, 0, 0, 0, 0))
        case, = self.suite()
        self.assertEqual(list(case), [])


class Github(Nasty):
    def commands(self, **env):
        said = self.tool("check", "--max-races", "99", env=env).stderr
        return [line for line in said.splitlines() if line.startswith("::")]

    def undo(self, text, also=""):
        for escape, character in (("%0A", "\n"), ("%0D", "\r"), ("%3A", ":" if also else "%3A"), ("%2C", "," if also else "%2C"), ("%25", "%")):
            text = text.replace(escape, character)
        return text

    def test_an_annotation_for_each_race_under_the_runner_only(self):
        self.write(self.race(), self.other(), self.block().line("suppressed", "%016x" % 7, "race:x"))
        self.assertEqual(self.commands(GITHUB_ACTIONS="false"), [])
        command, = self.commands(GITHUB_ACTIONS="true")
        properties, message = re.fullmatch("::error ([^:]*)::(.*)", command).groups()
        properties = {k: self.undo(v, "too") for k, v in (p.split("=", 1) for p in properties.split(","))}
        self.assertEqual((properties["file"], properties["line"], properties["title"]), (NASTY, "3", "Furlong: data race"))
        self.assertGreater(int(properties["col"]), 1)
        self.assertSays(r"^Write of size 8 by T2 'a worker' in increment .*\nPrevious: Read of size 8 by T1 in total", self.undo(message))


class Markdown(Nasty):
    def test_a_table_that_names_cannot_break(self):
        self.write(self.race(), self.other())
        self.tool("report", "-q", "--markdown", "m.md")
        with open(self.path("m.md")) as file:
            text = file.read()
        self.assertSays("Races: 2", text)
        rows = [line for line in text.splitlines() if line.startswith("|")]
        self.assertEqual([row.count("|") for row in rows], [6] * 4)
        self.assertNotIn("<i>", text)

    def test_suppressed_ones_are_counted_apart(self):
        for lines, heading in (([], "### ❌ Races: 1\n"), ([self.block().line("suppressed", "%016x" % KEY, "race:f")], "### ✅ Races: 0 (and 1 suppressed)\n")):
            self.write(self.race(), *lines)
            self.tool("report", "-q", "--markdown", "m.md", "--max-races", "0", status=0 if lines else 1)
            text = self.read("m.md")
            self.assertIn(heading, text)
            for part in text.split("### ")[1:-1]: # Markdown joins what no empty line parts
                self.assertTrue(part.endswith("\n\n"), part)

    def test_the_job_gets_a_summary(self):
        self.write(self.race())
        with open(self.path("summary.md"), "w") as file:
            file.write("before\n")
        self.tool("check", "--max-races", "9", env={"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": self.path("summary.md")})
        with open(self.path("summary.md")) as file:
            self.assertSays(r"(?s)^before\n.*Races: 1", file.read())


class Page(html.parser.HTMLParser):
    """What the tests ask of a page."""

    def __init__(self, text):
        super().__init__()
        self.links, self.ids, self.tags, self.text = [], [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        for key, value in attributes:
            self.links += [value] if key in ("href", "src") else []
            self.ids += [value] if key == "id" else []

    def handle_data(self, data):
        self.text += data


class Html(Nasty):
    def pages(self):
        self.tool("report", "-q", "--html", "html")
        pages = {}
        for directory, _, names in os.walk(self.path("html")):
            for name in names:
                if name.endswith(".html"):
                    path = os.path.relpath(os.path.join(directory, name), self.path("html"))
                    with open(os.path.join(directory, name)) as file:
                        pages[path] = Page(file.read())
        for path, page in pages.items():
            for link in page.links:
                target, _, anchor = link.partition("#")
                target = os.path.normpath(os.path.join(os.path.dirname(path), target)) if target else path
                self.assertTrue(os.path.exists(self.path("html", target)), (path, link))
                if anchor:
                    self.assertIn(anchor, pages[target].ids, (path, link))
        return pages

    def test_a_page_for_each_race_and_a_mark_on_its_lines(self):
        self.write(self.race(), self.other())
        pages = self.pages()
        races = [path for path in pages if path.startswith("race/")]
        self.assertEqual(len(races), 2)
        for path in races:
            self.assertTrue(any(path in link for link in pages["index.html"].links))
        race = next(pages[p] for p in races if "wrote 8 bytes" in pages[p].text)
        for said in ("Write of size 8", "Previous read of size 8", "T2 'a worker'", "counter++;", "return counter;", "M1", NASTY):
            self.assertIn(said, race.text)
        self.assertEqual(race.tags.count("i") - race.text.count("/* "), 0) # the <i> of the name is no element
        source, = [page for path, page in pages.items() if path.startswith("file/")]
        marks = [link for link in source.links if "race/" in link]
        self.assertEqual(len(marks), 4) # two sides of two races
        self.assertIn("there is no coverage of this file", source.text.lower())

    def test_pages_of_races_that_are_gone_go(self):
        self.write(self.race())
        before = {p for p in self.pages() if p.startswith("race/")}
        self.write(self.other())
        after = {p for p in self.pages() if p.startswith("race/")}
        self.assertEqual((len(before), len(after), before & after), (1, 1, set()))

    def test_no_race_says_so(self):
        self.write(self.block().line("seen", 17, 0, 0, 0, 0))
        pages = self.pages()
        self.assertIn("In no process of these data", pages["index.html"].text)
        self.assertIn("17 accesses in the code were checked", pages["index.html"].text)


main()
