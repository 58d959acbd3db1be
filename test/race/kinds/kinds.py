#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Builds and runs the programs of this folder: each does one thing wrong that is no race; built with ORDERED it is right.

    kinds.py --furlong BIN [--clang 22] [--level O2] [--options ...] [--repeat N] [--brief] [--peer tsan|helgrind|drd] [FILE...]

Head comments say what must be found:

    finds: KIND FUNCTION@MARK ...    a report of that kind, with these stacks in this order: of each the innermost frame
                                     that is in the file, at the line with the comment @MARK; N*A,B is N times these two
    circle: FUNCTION@MARK ...        of the report that names no stacks: in this order, beginning anywhere
    also: KIND                       may be reported besides
    hangs: yes                       it would hang: it must have ended by itself within five seconds, in one of three runs
    runs with: OPTIONS               of the runtime
    options: ...                     for the compiler

and nothing else; the exit status is 66. The twin reports nothing and ends with 0. --peer asks another detector instead,
and only whether it says anything at all.
"""
import argparse
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = os.path.join(os.path.dirname(HERE), "cases") # case.h, steps.c
LIMIT = 60
SOON = 5 # seconds


def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, errors="replace", **options)


class Case:
    def __init__(self, path):
        self.path, self.name = path, os.path.basename(path)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.marks = {mark: number for number, line in enumerate(text.split("\n"), 1)
                      for mark in re.findall(r"@(\w+) \*/", line)}
        head = re.sub(r"\n \*  +", " ", text.split("#include")[0]) # a line that goes on
        self.finds = [(kind, self.steps(steps)) for kind, steps in re.findall(r"^ \* finds: (\S+)(.*)$", head, re.M)]
        self.circle = self.steps(self.directive(head, "circle"))
        self.also = self.directive(head, "also").split()
        self.hangs = self.directive(head, "hangs") == "yes"
        self.runs_with = self.directive(head, "runs with")
        self.options = self.directive(head, "options").split()

    @staticmethod
    def directive(head, name):
        found = re.search(rf"^ \* {name}: (.*)$", head, re.M)
        return found[1] if found else ""

    def steps(self, words):
        result = []
        for word in words.split():
            times, group = word.split("*") if "*" in word else (1, word)
            result += [(step.split("@")[0], self.marks[step.split("@")[1]]) for step in group.split(",")] * int(times)
        return result

    def step_of(self, stack):
        for frame in stack:
            if os.path.basename(frame.get("file", "")) == self.name:
                return frame.get("function"), frame.get("line")
        return None

    def fits(self, kind, steps, report):
        got = [self.step_of(step["stack"]) for step in report.get("steps", [])]
        if report["kind"] != kind:
            return False
        if steps or not self.circle:
            return got == steps
        return any(got == self.circle[i:] + self.circle[:i] for i in range(len(self.circle)))

    def judge(self, reports, status, seconds):
        left = list(reports)
        for kind, steps in self.finds:
            fits = [r for r in left if self.fits(kind, steps, r)]
            if fits:
                left.remove(fits[0])
            else:
                yield f"not found: {kind} {steps or self.circle}"
        for report in left:
            if report["kind"] not in self.also:
                yield f"not announced: {report['kind']} " + str([self.step_of(s["stack"]) for s in report.get("steps", [])])
        if status != 66:
            yield f"exit status {status}"
        if self.hangs and seconds > SOON:
            yield f"ended after {seconds:.1f} seconds"


class Runner:
    def __init__(self, arguments):
        self.arguments, self.work = arguments, tempfile.TemporaryDirectory()
        self.flags = []
        if arguments.peer == "tsan":
            self.flags = ["-fsanitize=thread"]
        elif not arguments.peer:
            self.flags = ["@" + run([arguments.furlong, "flags", arguments.runtime], check=True).stdout.strip()]

    def build(self, case, ordered):
        folder = tempfile.mkdtemp(dir=self.work.name)
        program, steps = os.path.join(folder, "program"), os.path.join(folder, "steps.o")
        clang = f"clang-{self.arguments.clang}"
        options = ["-" + self.arguments.level, *self.arguments.options.split(), *(["-DORDERED"] if ordered else [])]
        for command in ([clang, "-O1", "-c", os.path.join(CASES, "steps.c"), "-o", steps],
                        [clang, *self.flags, "-g", "-pthread", "-Wall", "-Wno-return-stack-address", "-I", CASES, *case.options,
                         *options, case.path, steps, "-o", program]):
            built = run(command)
            if built.returncode or "warning:" in built.stderr:
                raise RuntimeError(f"does not build: {' '.join(command)}\n{built.stderr}")
        return program

    def play(self, case, program):
        """Its reports, its exit status, how long it took, what it said."""
        folder = tempfile.mkdtemp(dir=self.work.name)
        data = os.path.join(folder, "data")
        environment = dict(os.environ, FURLONG_DATA=data, FURLONG_OPTIONS=case.runs_with)
        command, begin = [program], time.monotonic()
        if self.arguments.peer in ("helgrind", "drd"):
            command = ["valgrind", "--tool=" + self.arguments.peer, "--error-exitcode=66", program]
        try:
            ended = run(command, env=environment, cwd=folder, timeout=LIMIT if not self.arguments.peer else 10)
        except subprocess.TimeoutExpired as late:
            return [], "timeout", LIMIT, (late.stderr or b"").decode(errors="replace")
        seconds = time.monotonic() - begin
        if self.arguments.peer:
            return [], ended.returncode, seconds, ended.stderr
        report = run([self.arguments.furlong, "races", "--json", data])
        reports = json.loads(report.stdout)["reports"] if report.returncode == 0 else []
        return reports, ended.returncode, seconds, ended.stderr

    def check(self, case, repeat):
        wrong, programs = [], [self.build(case, False), self.build(case, True)]
        for _ in range(repeat):
            for _ in range(3 if case.hangs else 1): # a busy machine is no fault
                reports, status, seconds, said = self.play(case, programs[0])
                if seconds <= SOON:
                    break
            wrong = list(case.judge(reports, status, seconds))
            if wrong:
                wrong.append(said[-3000:])
            reports, status, seconds, said = self.play(case, programs[1])
            wrong += [f"right, but reported: {r['kind']}" for r in reports]
            if status or said:
                wrong.append(f"right, but ended with {status} and said: {said[-3000:]}")
            if wrong:
                break
        return wrong

    def check_peer(self, case):
        """Whether it says something of the wrong one, and of the right one."""
        words = []
        for ordered in (False, True):
            _, status, _, said = self.play(case, self.build(case, ordered))
            spoke = re.search(r"WARNING: ThreadSanitizer|ERROR SUMMARY: [1-9]", said)
            words.append("says" if spoke else "silent" if status != "timeout" else "hangs")
        return words


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--furlong")
    parser.add_argument("--clang", default="22")
    parser.add_argument("--level", default="O2")
    parser.add_argument("--options", default="", help="more of them for compiler and linker")
    parser.add_argument("--runtime", default="race", help="or race-checked, race-starved")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--brief", action="store_true", help="a line a case, however it ended")
    parser.add_argument("--peer", choices=["tsan", "helgrind", "drd"])
    parser.add_argument("files", nargs="*")
    arguments = parser.parse_args()
    for variable in ("FURLONG_LABEL", "TSAN_OPTIONS"):
        os.environ.pop(variable, None)
    files = arguments.files or sorted(glob.glob(HERE + "/*.c"))
    runner, failed = Runner(arguments), 0
    for path in files:
        case = Case(path)
        if arguments.peer:
            print(f"{case.name}: wrong {runner.check_peer(case)}", flush=True)
            continue
        wrong = runner.check(case, arguments.repeat)
        failed += bool(wrong)
        if wrong:
            print(f"--- {case.name}", *wrong, sep="\n  ", flush=True)
        elif arguments.brief:
            print(f"{case.name}: right", flush=True)
    print(f"{len(files) - failed} of {len(files)} right")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
