#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""terminal_test.py TOOL: files, functions and sources in a terminal: orders, colours, and what is shown again."""
import re
import subprocess

from furdata import Module, code, counter
from harness import TOOL, Case, main

SOURCE = """int f(void)
{ /* a comment
   goes on */
\treturn 1;
}
int g(void)
{
\treturn "x"[0];
}
"""


class Terminal(Case):
    def setUp(self):
        super().setUp()
        self.write(0)

    def write(self, g):
        """a.c: f of 4 lines ran 5 times, g of 3 lines g times. b.c: f of one line never ran."""
        module = Module(self.path("app"), 1)
        unit = module.unit([self.source("a.c", SOURCE)])
        module.function(unit, "f", [0], [code((2, 1), (5, 2), counter(0))], [5])
        module.function(unit, "g", [0], [code((7, 1), (9, 2), counter(0))], [g])
        unit = module.unit([self.source("b.c", "int h(void) {}\n")])
        module.function(unit, "h", [0], [code((1, 13), (1, 15), counter(0))], [0])
        self.data(module)

    def out(self, *words, **more):
        return self.tool(*words, **more).stdout

    def test_files_sort(self):
        names = lambda *words: re.findall(r"\b[ab]\.c$", self.out("files", *words), re.M)
        self.assertEqual(names(), ["a.c", "b.c"])
        self.assertEqual(names("--sort", "missed"), ["a.c", "b.c"]) # 3 lines, 1 line
        self.assertEqual(names("--sort", "percent"), ["b.c", "a.c"])
        self.tool("files", "--sort", "colour", status=2)

    def test_functions_sort(self):
        self.write(9)
        names = lambda *words: re.findall(r"^ *\d+  (\w)", self.out("functions", *words), re.M)
        self.assertEqual(names(), ["f", "g", "h"])
        self.assertEqual(names("--sort", "count"), ["g", "f", "h"])

    def test_colour_is_asked_for_or_not_there(self):
        plain = {words: self.out(*words) for words in (("files",), ("functions",), ("show", "a.c"))}
        for words, text in plain.items():
            self.assertNotIn("\033", text)
            colored = self.out(*words, "--color", "always")
            self.assertIn("\033[", colored)
            self.assertEqual(self.out(*words, "--color", "never"), text)
            self.assertEqual(self.out(*words, env={"NO_COLOR": "1"}), text)
            bare = re.sub("\033\\[[0-9;]*m", "", colored)
            # colour says what pointers below the line, or bars beside it, say without or with it
            self.assertEqual(re.findall(r"\w+", bare), re.findall(r"\w+", text))
        self.tool("files", "--color", "sometimes", status=2)

    def test_a_source_is_highlighted_over_lines_that_are_not_shown(self):
        text = self.out("show", "a.c", "--color", "always")
        self.assertIn("\033[34mreturn\033[0m 1;", text)
        self.assertIn("\033[2m   goes on */\033[0m", text)
        missed = self.out("show", "a.c", "--uncovered", "--color", "always")
        self.assertNotIn("comment", missed)
        self.assertIn('\033[31mreturn "x"[0];\033[0m', missed) # what never ran is that before all else

    def test_watch_shows_again_what_changed(self):
        watch = subprocess.Popen([TOOL, "files", "--watch"], cwd=self.dir, stdout=subprocess.PIPE, text=True)
        try:
            def screen():
                lines = []
                for line in watch.stdout:
                    lines.append(line)
                    if line.startswith("--"):
                        return "".join(lines)
                self.fail("it ended")
            self.assertSays(r" 57\.1% +3 .* a\.c", screen())
            self.write(2)
            while not re.search(r"100\.0% +0 .* a\.c", screen()): # it may look while that is being written
                pass
        finally:
            watch.terminate()
            watch.wait()
            watch.stdout.close()


if __name__ == "__main__":
    main()
