#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""diff_test.py TOOL: what is new, moved, deleted, gained and lost since a revision. Which lines a person would call
new is written beside each change; nothing was taken from the tool's output."""
import os
import re
import subprocess

from gitcase import GitCase
from harness import TOOL, main

TEN = "".join("line %d\n" % n for n in range(1, 11))


def edit(text, **changes):
    """Lines by number: l3="..." replaces, l3=None deletes; "a\\nb" makes two of one."""
    lines = text.split("\n")
    for key, new in changes.items():
        lines[int(key[1:]) - 1] = new
    return "\n".join(line for line in lines if line is not None)


class Patch(GitCase):
    """Every line is code and every third one ran; new ones are those that the comment names."""

    def new_lines(self, path, base="HEAD"):
        """All lines of the file that are in the patch."""
        return self.all_new_lines([path], base)[path]

    def all_new_lines(self, paths, base):
        counts = {path: len(self.read(path, "rb").splitlines()) for path in paths}
        self.lcov("now.info", {p: {n: n % 3 == 0 for n in range(1, count + 1)} for p, count in counts.items()})
        diff = self.diff("--base", base, "now.info")
        result = {}
        for path in paths:
            categories = self.categories(diff, path)
            self.assertLessEqual(set(categories), {"UNC", "GNC"})
            new = result[path] = sorted(categories.get("UNC", []) + categories.get("GNC", []))
            self.assertEqual(categories.get("GNC", []), [n for n in new if n % 3 == 0])
        every = [n for new in result.values() for n in new]
        self.assertEqual(diff["patch"]["lines"], {"found": len(every), "hit": len([n for n in every if n % 3 == 0])})
        return result

    TABLE = [ # name, the text before, the text now, its new lines
        ("nothing", TEN, TEN, []),
        ("one line changed", TEN, edit(TEN, l4="changed"), [4]),
        ("one deleted", TEN, edit(TEN, l4=None), []),
        ("one became three", TEN, edit(TEN, l4="a\nb\nc"), [4, 5, 6]),
        ("three became one", TEN, edit(TEN, l4="a", l5=None, l6=None), [4]),
        ("two hunks", TEN, edit(TEN, l2="a\nb", l9="c"), [2, 3, 10]),
        ("deleted above, changed below", TEN, edit(TEN, l2=None, l3=None, l8="c"), [6]),
        ("before the first", TEN, "new\n" + TEN, [1]),
        ("after the last", TEN, TEN + "new\n", [11]),
        ("all new", TEN, "a\nb\nc\n", [1, 2, 3]),
        ("from nothing", "", TEN, list(range(1, 11))),
        ("no newline at the end then and now", TEN[:-1], edit(TEN[:-1], l2="x"), [2]),
        ("a newline at the end came", TEN[:-1], TEN, []), # the line's text is what it was
        ("a newline at the end went", TEN, TEN[:-1], []),
        ("after a last line without newline", TEN[:-1], TEN + "new", [11]),
        ("line ends became CRLF", TEN, TEN.replace("\n", "\r\n"), []),
        ("line ends became LF, one line changed", TEN.replace("\n", "\r\n"), edit(TEN, l4="x"), [4]),
        ("CRLF throughout", TEN.replace("\n", "\r\n"), edit(TEN, l4="x").replace("\n", "\r\n"), [4]),
        ("text that looks like a patch", TEN, edit(TEN, l3="-- a/x\n++ b/y\n@@ -1 +1 @@\ndiff --git a/b b/b\n-- /dev/null"), [3, 4, 5, 6, 7]),
        ("text like a patch was deleted", edit(TEN, l3="-- a/x\n@@ -1,9 +1,9 @@\ndiff --git a/b b/b"), edit(TEN, l3=None, l9="y"), [8]),
        ("moved within the file", "a\nb\nc\n" + TEN, TEN + "a\nb\nc\n", [11, 12, 13]), # a moved block is new code
    ]

    def test_the_table(self):
        files = ["src/%d.c" % i for i in range(len(self.TABLE))]
        base = self.commit({file: row[1] for file, row in zip(files, self.TABLE)})
        self.put({file: row[2] for file, row in zip(files, self.TABLE)})
        for _ in range(2): # in the working tree, and when it is committed
            found = self.all_new_lines(files, base)
            for file, (name, _, _, new) in zip(files, self.TABLE):
                self.assertEqual(found[file], new, name)
            self.commit()

    def test_names(self):
        names = ["with space.c", "tab\there.c", "quote\".c", "back\\slash.c", "\u00fcmlaut.c", "a b/b/a.c", "new\nline.c"]
        self.commit({name: TEN for name in names})
        self.put({name: edit(TEN, l4="x") for name in names})
        names.pop() # a tracefile cannot hold that one
        self.assertEqual(self.all_new_lines(names, "HEAD"), {name: [4] for name in names})

    def test_a_renamed_file_keeps_its_lines(self):
        self.commit({"old.c": TEN})
        self.git("mv", "old.c", "new.c")
        self.assertEqual(self.new_lines("new.c"), [])
        os.mkdir(self.path("dir"))
        self.git("mv", "new.c", "dir/new.c")
        self.put({"dir/new.c": edit(TEN, l4="a\nb")})
        self.assertEqual(self.new_lines("dir/new.c"), [4, 5])
        self.lcov("base.info", {"old.c": {n: 1 for n in range(1, 11)}})
        file, = self.diff("--base", "HEAD", "--base-data", "base.info", "now.info")["files"]
        self.assertEqual((file["path"], file["base_path"], file["change"]), ("dir/new.c", "old.c", "moved"))

    def test_two_files_that_changed_places(self):
        other = "".join("other %d\n" % n for n in range(1, 11))
        self.commit({"a.c": TEN, "b.c": other})
        self.put({"a.c": other, "b.c": TEN})
        self.assertEqual(self.new_lines("a.c"), list(range(1, 11)))

    def test_files_that_git_does_not_know(self):
        self.commit({"a.c": TEN})
        self.put({"b.c": "1\n2\n", "ignored.c": "1\n2\n"})
        self.assertEqual(self.new_lines("b.c"), [1, 2])
        self.assertEqual(self.new_lines("ignored.c"), []) # generated: not part of a patch

    def test_what_the_base_did_since_is_not_ours(self):
        self.commit({"a.c": TEN})
        self.git("checkout", "-q", "-b", "topic")
        self.commit({"a.c": edit(TEN, l9="ours")})
        self.git("checkout", "-q", "main")
        self.commit({"a.c": edit(TEN, l2="theirs\nand more")})
        self.git("checkout", "-q", "topic")
        self.assertEqual(self.new_lines("a.c", base="main"), [9])
        self.git("merge", "-q", "-m", "m", "main")
        self.assertEqual(self.new_lines("a.c", base="main"), [10])

    def test_shallow_clones(self):
        self.commit({"a.c": TEN})
        self.commit({"a.c": edit(TEN, l2="x")})
        first = self.git("rev-parse", "HEAD~1")
        self.git("checkout", "-q", "-b", "topic")
        self.commit({"a.c": edit(TEN, l2="x", l9="y")})
        for depth, base, status in ((1, first, 3), (1, "HEAD~1", 3), (2, "HEAD~1", 0), (3, first, 0)):
            with self.subTest(depth=depth, base=base):
                clone = self.path("furlong-clone-%d-%s" % (depth, base[:4]))
                self.git("clone", "-q", "--depth", str(depth), "file://" + self.dir, clone)
                with open(clone + "/now.info", "w") as file:
                    file.write("SF:%s/a.c\nDA:2,0\nDA:9,1\nend_of_record\n" % clone)
                done = subprocess.run([TOOL, "diff", "--base", base, "now.info"], cwd=clone, capture_output=True, text=True)
                self.assertEqual(done.returncode, status, done.stderr)
                if status:
                    self.assertSays("shallow clone", done.stderr)
                    self.assertSays("git fetch --unshallow", done.stderr)

    def test_unrelated_and_unknown(self):
        self.commit({"a.c": TEN})
        self.lcov("now.info", {"a.c": {1: 1}})
        self.assertSays("no revision nowhere", self.tool("diff", "--base", "nowhere", "now.info", status=2).stderr)
        self.assertSays("wants a revision", self.tool("diff", "--base=--help", "now.info", status=2).stderr)
        self.git("checkout", "-q", "--orphan", "other")
        self.commit({"a.c": "other\n"})
        self.assertSays("no common history", self.tool("diff", "--base", "main", "now.info", status=2).stderr)
        done = self.tool("diff", "--base", "main", self.path("now.info"), status=2, env={"GIT_DIR": self.path("furlong-no")})
        self.assertSays("no working tree of git", done.stderr)

    def test_the_users_configuration_does_not_matter(self):
        self.commit({"with space.c": TEN})
        self.put({"with space.c": edit(TEN, l4="x")})
        for key, value in (("diff.noprefix", "true"), ("diff.mnemonicPrefix", "true"), ("color.ui", "always"), ("diff.external", "false"),
                           ("diff.context", "9"), ("diff.interHunkContext", "9"), ("diff.renames", "false"), ("diff.algorithm", "patience"),
                           ("core.quotePath", "true"), ("diff.relative", "true"), ("diff.wordRegex", "."), ("core.pager", "false")):
            self.git("config", key, value)
        self.assertEqual(self.new_lines("with space.c"), [4])
        self.git("config", "diff.external", "true")
        self.assertEqual(self.new_lines("with space.c"), [4])

    def test_from_a_directory_below(self):
        self.commit({"src/a.c": TEN})
        self.put({"src/a.c": edit(TEN, l4="x")})
        self.lcov("now.info", {"src/a.c": {3: 1, 4: 0}})
        done = subprocess.run([TOOL, "diff", "--base", "HEAD", "../now.info"], cwd=self.path("src"), capture_output=True, text=True)
        self.assertSays(r"patch: 0\.0% of changed lines \(0/1\)", done.stdout)

    def test_branches_of_the_patch(self):
        self.commit({"a.c": TEN})
        self.put({"a.c": edit(TEN, l4="x", l9="y")})
        with open(self.path("now.info"), "w") as file:
            file.write("TN:\nSF:%s\n" % self.path("a.c") + "".join("DA:%d,2\n" % n for n in range(1, 11)))
            file.write("".join("BRDA:%d,0,0,%d\nBRDA:%d,0,1,%d\n" % b for b in ((3, 0, 3, 0), (4, 1, 4, 0), (9, 2, 9, 5))) + "end_of_record\n")
        diff = self.diff("--base", "HEAD", "now.info")
        self.assertEqual((diff["patch"]["lines"], diff["patch"]["branches"]), ({"found": 2, "hit": 2}, {"found": 4, "hit": 3}))
        self.assertSays(r"2/2\), 75.0% of branches", self.tool("diff", "--base", "HEAD", "now.info").stdout)

    def test_of_very_many_places_the_first_are_named(self):
        self.commit({"a.c": TEN})
        self.put({"a.c": "".join("new %d\n" % n for n in range(1, 106))}) # every second line never ran: 53 places
        self.lcov("now.info", {"a.c": {n: 1 - n % 2 for n in range(1, 106)}})
        self.tool("report", "-q", "--markdown", "m.md", "--base", "HEAD", "now.info")
        text = self.read("m.md")
        self.assertEqual(text.count("| new code that never ran |"), 50)
        self.assertSays("\nand 3 more places\\.\n", text)

    def test_a_changed_source_without_data_is_named(self):
        self.commit({"a.c": TEN})
        self.put({"b.c": TEN, "b.h": TEN})
        self.lcov("now.info", {"a.c": {1: 1}})
        said = self.tool("check", "--base", "HEAD", "--min-diff", "80", "now.info", status=1).stderr
        self.assertSays(r"gate failed: data: not complete(.|\n)*where: b\.c changed since HEAD and is not in these data", said)
        self.tool("check", "--base", "HEAD", "--min-diff", "80", "--allow-lost", "now.info")
        said = self.tool("check", "--base", "HEAD", "--min-lines", "80", "now.info").stderr # of what there is
        self.assertSays(r"b\.c changed since HEAD and is not in these data", said)
        self.assertNotIn("changed since", self.tool("check", "-e", "b.c", "--base", "HEAD", "--min-diff", "80", "now.info").stderr)


class Categories(GitCase):
    """One file with a line for each of the twelve, before and after."""
    #        base text, count | text now, count | category
    LINES = [("gone ran", 1, None, None, "DCB"), ("gone idle", 0, None, None, "DUB"), ("stays ran ran", 2, "stays ran ran", 3, "CBC"),
             ("stays idle idle", 0, "stays idle idle", 0, "UBC"), ("stays ran idle", 4, "stays ran idle", 0, "LBC"),
             ("stays idle ran", 0, "stays idle ran", 5, "GBC"), ("included ran", None, "included ran", 1, "GIC"),
             ("included idle", None, "included idle", 0, "UIC"), ("excluded ran", 1, "excluded ran", None, "ECB"),
             ("excluded idle", 0, "excluded idle", None, "EUB"), (None, None, "new ran", 7, "GNC"), (None, None, "new idle", 0, "UNC"),
             ("never code", None, "never code", None, None)]

    def setUp(self):
        super().setUp()
        before = [row for row in self.LINES if row[0]]
        now = [row for row in self.LINES if row[2]]
        self.commit({"a.c": "".join(row[0] + "\n" for row in before), "gone.c": "x\ny\n"})
        self.put({"a.c": "".join(row[2] + "\n" for row in now), "gone.c": None})
        self.lcov("base.info", {"a.c": {n: row[1] for n, row in enumerate(before, 1) if row[1] is not None}, "gone.c": {1: 1, 2: 0}})
        self.lcov("now.info", {"a.c": {n: row[3] for n, row in enumerate(now, 1) if row[3] is not None}})
        self.words = ("--base", "HEAD", "--base-data", "base.info", "now.info")

    def test_each_category_once(self):
        diff = self.diff(*self.words)
        now, before = [r[2] for r in self.LINES if r[2]], [r[0] for r in self.LINES if r[0]]
        for text, _, later, _, category in self.LINES:
            if category:
                line = now.index(later) + 1 if later else before.index(text) + 1
                self.assertEqual(self.categories(diff, "a.c")[category], [line], category)
        self.assertEqual(self.categories(diff, "gone.c"), {"DCB": [1], "DUB": [2]})
        expected = {row[4]: 1 for row in self.LINES if row[4]}
        expected.update(DCB=2, DUB=2)
        self.assertEqual(diff["categories"], expected)
        self.assertEqual(diff["patch"]["lines"], {"found": 2, "hit": 1})
        counts = {line["category"]: (line["count"], line["base_count"]) for line in diff["files"][0]["lines"]}
        self.assertEqual((counts["LBC"], counts["GBC"], counts["CBC"], counts["ECB"]), ((0, 4), (5, 0), (3, 2), (0, 1)))

    def test_every_format_of_the_difference(self):
        report = self.report(*self.words)
        self.assertEqual(report["diff"]["categories"]["LBC"], 1)
        text = self.tool("diff", *self.words).stdout
        self.assertSays(r"(?m)^a\.c:3: LBC stays ran idle$", text)
        self.assertSays(r"(?m)^a\.c:10: UNC new idle$", text)
        self.assertSays(r"patch: 50\.0% of changed lines \(1/2\), since HEAD \([0-9a-f]{10}\)", text)
        self.assertSays("base: .* 1 unchanged lines gained, 1 lost", text)
        self.tool("report", "--markdown", "m.md", "-q", *self.words)
        markdown = self.read("m.md")
        self.assertNotIn("more places", markdown)
        self.assertSays(r"Patch: 50\.0% of changed lines", markdown)
        self.assertSays(r"a&#46;c&#58;10", markdown)
        said = self.tool("report", "-q", "--text", "/dev/null", *self.words, env={"GITHUB_ACTIONS": "true"}).stderr
        self.assertSays(r"(?m)^::warning file=a\.c,line=10,endLine=10,title=Furlong%3A never ran::", said)

    def test_the_patchs_own_lines_come_first(self):
        """However many lines before them lost their coverage: a step has room for ten annotations."""
        old = "".join("old %d\n\n" % i for i in range(60))
        self.commit({"a.c": old})
        self.put({"a.c": old + "new\n"})
        self.lcov("base.info", {"a.c": {2 * i + 1: 1 for i in range(60)}})
        self.lcov("now.info", {"a.c": {**{2 * i + 1: 0 for i in range(60)}, 121: 0}})
        said = self.tool("report", "-q", "--markdown", "m.md", *self.words, env={"GITHUB_ACTIONS": "true"}).stderr
        places = re.findall(r"^::warning file=a\.c,line=(\d+)", said, re.M)
        self.assertEqual(places, ["121"] + [str(2 * i + 1) for i in range(9)])
        rows = re.findall(r"^\| a&#46;c&#58;(\d+) ", self.read("m.md"), re.M)
        self.assertEqual(rows[:3], ["121", "1", "3"])

    def test_owners_and_ages(self):
        self.env.update(GIT_AUTHOR_NAME="Bob Builder", GIT_AUTHOR_DATE="2099-01-01T00:00:00Z")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "y")
        diff = self.diff("--base", "HEAD~1", "--base-data", "base.info", "--blame", "now.info")
        authors = {a["name"]: a["categories"] for a in diff["authors"]}
        self.assertEqual(set(authors), {"Ann", "Bob Builder"})
        self.assertEqual((authors["Bob Builder"]["UNC"], authors["Bob Builder"]["GNC"], authors["Bob Builder"]["LBC"]), (1, 1, 0))
        self.assertEqual((authors["Ann"]["LBC"], authors["Ann"]["UNC"]), (1, 0))
        ages = {a["age"]: a["categories"] for a in diff["ages"]}
        self.assertEqual(ages["up to 7 days"]["UNC"], 1) # the future is young
        self.assertEqual(ages["over 180 days"]["LBC"], 1)
        self.put({"a.c": self.read("a.c").replace("new idle", "newer idle")})
        diff = self.diff("--base", "HEAD~1", "--base-data", "base.info", "--blame", "now.info")
        self.assertEqual({a["age"]: a["categories"] for a in diff["ages"]}["not committed"]["UNC"], 1)
        self.assertSays("--blame wants --base", self.tool("diff", "--blame", "base.info", "now.info", status=2).stderr)


class Two(GitCase):
    def test_two_reports_of_the_same_sources(self):
        self.put({"a.c": TEN})
        self.lcov("a.info", {"a.c": {1: 1, 2: 0, 3: 1, 4: 0, 5: 1}})
        self.lcov("b.info", {"a.c": {1: 1, 2: 1, 3: 0, 4: 0, 6: 1}, "b.c": {1: 0}})
        diff = self.diff("a.info", "b.info")
        self.assertEqual(self.categories(diff, "a.c"), {"CBC": [1], "GBC": [2], "LBC": [3], "UBC": [4], "ECB": [5], "GIC": [6]})
        self.assertEqual(self.categories(diff, "b.c"), {"UIC": [1]})
        self.assertNotIn("revision", diff)
        self.assertSays("compare what", self.tool("diff", status=2).stderr)
        self.assertSays("compare what", self.tool("diff", "a.info", status=2).stderr)
        self.tool("diff", "a.info", "nothing.info", status=3)
        self.tool("diff", "nothing.info", "b.info", status=3)

    def test_the_same_source_at_two_places(self):
        """A debug and a release tree; where a name is there twice, nobody guesses."""
        for tree in ("debug", "release"):
            self.put({tree + "/a.c": TEN, tree + "/x/b.c": TEN, tree + "/y/b.c": TEN})
        self.lcov("a.info", {"debug/a.c": {1: 1, 2: 0}, "debug/x/b.c": {1: 1}, "debug/y/b.c": {1: 1}})
        self.lcov("b.info", {"release/a.c": {1: 0, 2: 1}, "release/x/b.c": {1: 1}})
        diff = self.diff("a.info", "b.info")
        self.assertEqual(self.categories(diff, "release/a.c"), {"LBC": [1], "GBC": [2]})
        file, = [f for f in diff["files"] if f["path"] == "release/a.c"]
        self.assertEqual(file["base_path"], "debug/a.c")
        self.assertEqual(self.categories(diff, "release/x/b.c"), {"GIC": [1]})
        self.assertEqual(self.categories(diff, "debug/y/b.c"), {"ECB": [1]})

    def test_lines_without_a_change_are_not_listed_but_counted(self):
        self.put({"a.c": TEN})
        self.lcov("a.info", {"a.c": {1: 1, 2: 0}})
        diff = self.diff("a.info", "a.info")
        self.assertEqual((diff["files"], diff["categories"]["CBC"], diff["categories"]["UBC"]), ([], 1, 1))


main()
