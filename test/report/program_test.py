#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""program_test.py TOOL [CLANG]: `furlong run` and what follows it, on a real program that the flag built.

One program does what its words say; each line of it that ran is known from the words. Exits 77 when this build has no
pass for CLANG (clang-22).
"""
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

CLANG = sys.argv.pop(2) if len(sys.argv) > 2 and not sys.argv[2].startswith("-") else "clang-22"

from harness import TOOL, Case, main  # noqa: E402

PROGRAM = r"""#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#define IS(text) (!strcmp(word, text))
static void step(void) /* STEP */
{
}
static void copy(void)
{
	for (int c; (c = getchar()) != EOF;)
		putchar(c);
}
static void much(long bytes)
{
	static char block[4096];
	memset(block, 'x', sizeof block);
	for (; bytes > 0; bytes -= sizeof block)
		fwrite(block, 1, sizeof block, stdout);
}
static void split(void)
{
	pid_t pid = fork();
	step();
	if (!pid)
		exit(0);
	waitpid(pid, NULL, 0);
}
static void wait_here(void)
{
	sigset_t none;
	sigemptyset(&none);
	puts("ready");
	fflush(stdout);
	for (;;)
		sigsuspend(&none);
}
int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];
		step();
		if (IS("copy"))
			copy();
		else if (IS("much"))
			much(64 << 20);
		else if (IS("fork"))
			split();
		else if (IS("exec"))
			execv(argv[0], (char *[]){argv[0], "step", "fail", NULL});
		else if (IS("fail"))
			return 7;
		else if (IS("segv"))
			raise(SIGSEGV);
		else if (IS("kill"))
			raise(SIGKILL);
		else if (IS("wait"))
			wait_here();
		else if (IS("data"))
			puts(getenv("FURLONG_DATA"));
		else if (IS("run"))
			execvp(argv[i + 1], argv + i + 1);
	}
}
"""


def has_terminals():
    """A bare root without /dev/pts has none."""
    try:
        for end in os.openpty():
            os.close(end)
        return True
    except OSError:
        return False


class Program(Case):
    """self.dir holds prog.c and the program built from it, which is built once."""

    built = None

    def setUp(self):
        super().setUp()
        os.rmdir(self.path("furlong-data"))
        self.program = self.path("prog")
        if not Program.built:
            Program.built = tempfile.mkdtemp(prefix="furlong-program-")
            import atexit
            atexit.register(shutil.rmtree, Program.built)
            self.build(os.path.join(Program.built, "prog.c"), PROGRAM, os.path.join(Program.built, "prog"))
        shutil.copy(os.path.join(Program.built, "prog"), self.program)

    def build(self, source, text, program):
        with open(source, "w") as file:
            file.write(text)
        subprocess.run([CLANG, "@" + FLAGS, "-O1", "-Wall", "-Werror", source, "-o", program], check=True)

    def run_it(self, *words, status=0, **options):
        done = subprocess.run([TOOL, "run", *words], cwd=self.dir, capture_output=True, text=True, timeout=120, **options)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def steps(self, *data):
        """How often step() was entered, by all processes."""
        report = json.loads(self.tool("report", "--json", "-", "-q", *data).stdout)
        functions = {f["name"]: f["count"] for file in report["coverage"]["files"] for f in file["functions"]}
        return functions["step"]

    def has_pages(self, directory="furlong-report"):
        return os.path.exists(self.path(directory, "index.html"))

    def test_status_input_and_output_are_the_programs(self):
        done = self.run_it("--", "./prog", "copy", "fail", status=7, input="a\nb")
        self.assertEqual(done.stdout, "a\nb")
        self.assertSays("ended with status 7", done.stderr)
        self.assertEqual(self.steps(), 2)

    def test_large_output_passes_whole(self):
        process = subprocess.Popen([TOOL, "run", "-q", "./prog", "much"], cwd=self.dir, stdout=subprocess.PIPE)
        size = 0
        while block := process.stdout.read(1 << 16):
            size += len(block)
        process.stdout.close()
        self.assertEqual((process.wait(), size), (0, 64 << 20))

    def test_forks_and_execs_count(self):
        self.run_it("./prog", "fork", "step")
        self.assertEqual(self.steps(), 4) # two words, and the step that both processes take
        self.run_it("--fresh", "./prog", "step", "exec", status=7)
        self.assertEqual(self.steps(), 4) # before exec two, after it "step" and "fail"

    def test_a_signal_is_128_and_more_and_the_counts_are_kept(self):
        for word, number in (("segv", signal.SIGSEGV), ("kill", signal.SIGKILL)):
            done = self.run_it("--fresh", "./prog", "step", word, status=128 + number)
            self.assertSays(r"ended by signal %d \(" % number, done.stderr)
            self.assertEqual(self.steps(), 2)
            self.assertTrue(self.has_pages())

    def test_what_is_not_there_or_no_program(self):
        self.assertSays(r"^furlong: cannot run \./nothing: No such file", self.run_it("./nothing", status=127).stderr)
        self.run_it("no-such-program-at-all", status=127)
        open(self.path("plain"), "w").close()
        self.assertSays(r"^furlong: cannot run \./plain: Permission denied", self.run_it("./plain", status=126).stderr)
        self.run_it("/", status=126)
        self.assertFalse(self.has_pages())

    @unittest.skipUnless(has_terminals(), "no pseudo-terminals here")
    def test_interrupted_from_the_terminal(self):
        """The key goes to the whole foreground group: the program dies of it, the tool goes on and reports."""
        pid, terminal = pty.fork()
        if not pid:
            os.chdir(self.dir)
            os.execv(TOOL, [TOOL, "run", "./prog", "step", "wait"])
        said = b""
        while b"ready" not in said:
            said += os.read(terminal, 4096)
        os.write(terminal, b"\x03")
        try:
            while block := os.read(terminal, 4096):
                said += block
        except OSError: # Linux says EIO when the other side is closed
            pass
        os.close(terminal)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 130)
        self.assertSays(r"report: furlong-report/index\.html", said.decode())
        self.assertEqual(self.steps(), 2)
        self.assertTrue(self.has_pages())

    def test_signals_sent_to_the_tool_reach_the_program(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process = subprocess.Popen([TOOL, "run", "--fresh", "./prog", "wait"], cwd=self.dir, stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL)
            self.assertEqual(process.stdout.readline(), b"ready\n")
            process.send_signal(number)
            self.assertEqual(process.wait(timeout=60), 128 + number)
            process.stdout.close()
            self.assertEqual(self.steps(), 1)

    def test_spaces_in_paths(self):
        os.mkdir(self.path("a dir"))
        os.rename(self.program, self.path("a dir", "my prog"))
        self.run_it("--data", "the data", "--report", "the report", "a dir/my prog", "step", "two words")
        self.assertEqual(self.steps("the data"), 2)
        self.assertTrue(self.has_pages("the report"))
        self.assertEqual([n for n in os.listdir(self.dir) if n.startswith("furlong-")], [])

    def test_a_data_directory_of_the_users(self):
        mine = self.path("mine")
        done = self.run_it("./prog", "data", env={**os.environ, "FURLONG_DATA": mine})
        self.assertEqual(done.stdout, mine + "\n")
        self.assertEqual(self.steps("mine"), 1)
        self.assertFalse(os.path.exists(self.path("furlong-data")))
        done = self.run_it("--data", "other", "./prog", "data", env={**os.environ, "FURLONG_DATA": mine})
        self.assertEqual(done.stdout, self.path("other") + "\n") # what is said last wins
        self.assertEqual(self.steps("other"), 1)

    def test_options_that_say_where_data_go_do_not_lead_them_astray(self):
        env = {**os.environ, "FURLONG_OPTIONS": "dir=/nowhere/at all:label=old"}
        self.run_it("--data", "it's here", "--label", "new", "./prog", "step", env=env)
        self.assertEqual(self.steps("it's here"), 1)
        report = json.loads(self.tool("report", "--json", "-", "-q", "it's here").stdout)
        self.assertEqual([m["label"] for m in report["modules"]], ["new"])

    def test_a_run_in_a_run(self):
        """The inner one adds to the same data, so nothing is missing from either report."""
        done = self.run_it("./prog", "step", "run", TOOL, "run", "--report", "inner", "./prog", "step", "fail", status=7)
        self.assertTrue(self.has_pages("inner") and self.has_pages())
        self.assertEqual(self.steps(), 4)
        self.assertEqual(done.stderr.count("coverage:"), 2)
        self.run_it("--fresh", "./prog", "run", TOOL, "run", "--data", "apart", "./prog", "step")
        self.assertEqual((self.steps(), self.steps("apart")), (1, 1))

    def test_what_an_early_return_left_is_taken_away_once(self):
        """A loop of a macro after it: its outcome ran as often as the code around, three times of five."""
        for body in ("LOOP(&n);", "CPU_ZERO(&set);"):
            self.build(self.path("my.c"), """#define _GNU_SOURCE
#include <sched.h>
#define LOOP(x) do ++*(x); while (0)
static int n;
static void f(const char *p)
{
\tcpu_set_t set;
\t(void)set;
\tif (!p)
\t\treturn;
\t%s
\tn++;
}
int main(void) { for (int i = 0; i < 5; i++) f(i < 2 ? 0 : "a"); return n < 3; }
""" % body, self.program)
            self.assertNotIn("negative", self.run_it("--fresh", "./prog").stderr)
            data, = [name for name in os.listdir(self.path("furlong-data")) if name.endswith(".cov")]
            text = self.tool("dump", self.path("furlong-data", data)).stdout
            outcomes = re.findall(r"branch .* true 0=0 false [ce]\d+=(\d+)", text)
            self.assertIn(outcomes, (["3"], []), text) # clang up to 19 says that neither can be

    def test_a_patch_that_was_not_built_passes_no_gate(self):
        source = self.path("my.c")
        self.build(source, PROGRAM, self.program)
        self.run_it("./prog", "step")
        for words in (["init", "-q"], ["add", "my.c"], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "one"]):
            subprocess.run(["git", *words], cwd=self.dir, check=True)
        check = ["check", "--base", "HEAD", "--min-diff", "1"]
        self.assertNotIn("not compiled", self.tool(*check).stderr)
        with open(source) as file:
            text = file.read()
        with open(source, "w") as file: # lines that ran are now others
            file.write("/* new */\n" + text.replace("return", "return +", 1))
        lost = r"my\.c changed since HEAD and was not compiled since"
        self.assertSays(lost, self.tool(*check, status=1).stderr)
        self.assertSays(lost, self.tool(*check, "--allow-lost").stderr)
        done = self.tool("diff", "--base", "HEAD")
        self.assertSays(lost, done.stderr)
        self.assertSays("patch: not known, it was not compiled", done.stdout)
        self.assertNotIn("GNC", done.stdout)
        with open(source) as file:
            self.build(source, file.read(), self.program)
        self.run_it("--fresh", "./prog", "step")
        built = self.tool(*check, status=1).stderr # the line that changed is one that never runs
        self.assertNotIn("not compiled", built)
        self.assertSays("patch: of 1 lines 0.00% is below 1%", built)
        self.assertSays("UNC", self.tool("diff", "--base", "HEAD").stdout)

    def test_a_source_that_changed_since_is_told_everywhere(self):
        source = self.path("my.c")
        self.build(source, PROGRAM, self.program)
        self.run_it("./prog", "step")
        note = r"my\.c: changed since it was compiled"
        for words in (["report", "--text", "-"], ["report"], ["show", "my.c"], ["show", "my.c:9"]):
            done = self.tool(*words)
            self.assertIsNone(re.search(note, done.stdout + done.stderr))
        with open(source, "a") as file:
            file.write("/* a line that was not compiled */\n")
        for words in (["report", "--text", "-"], ["report"], ["show", "my.c"], ["show", "my.c:9"]):
            done = self.tool(*words)
            self.assertSays(note, done.stdout + done.stderr)
        report = json.loads(self.tool("report", "--json", "-", "-q").stdout)
        self.assertEqual([f["source"] for f in report["coverage"]["files"]], ["changed"])
        self.assertSays(note, " ".join(report["quality"]["notes"]))
        with open(self.path("furlong-report/index.html")) as file:
            self.assertSays(note, file.read())
        with open(self.path("furlong-report/file/my.c.html")) as file:
            self.assertSays("has changed since it was compiled", file.read())

    def test_two_sets_of_data_of_different_sources_are_compared_by_number_and_say_so(self):
        source = self.path("my.c")
        note = r"my\.c changed since the base was compiled, and lines are compared by their numbers"
        for data in ("one", "two", "three"):
            self.build(source, PROGRAM if data != "three" else "/* one more */\n" + PROGRAM, self.program)
            self.run_it("./prog", "step", env={**os.environ, "FURLONG_DATA": self.path(data)})
            if data == "two":
                self.assertIsNone(re.search(note, self.tool("diff", "one", "two").stderr))
        self.assertSays(note, self.tool("diff", "two", "three").stderr)


if __name__ == "__main__":
    flags = subprocess.run([TOOL, "flags", "coverage"], capture_output=True, text=True).stdout.strip()
    FLAGS = os.environ.get("FURLONG_TEST_FLAGS") or flags
    if not os.path.isdir(os.path.join(os.path.dirname(FLAGS), "v" + CLANG.rsplit("-", 1)[-1])) or not shutil.which(CLANG):
        print("no pass for", CLANG)
        sys.exit(77)
    main()
