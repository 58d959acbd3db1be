#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Builds and runs the small programs of this folder and holds what is reported to what their head comments say.

    cases.py --furlong BIN [--runtime race] [--clang 22,14] [--level O0,O2] [--options ...] [--repeat N] [--tsan] [--brief] [FILE...]

Each is built twice: as it is (it races: the reports must be the ones announced, by functions and lines, and the exit
status 66) and with ORDERED (no report, exit status 0). --tsan judges clang's ThreadSanitizer. See docs/design/race-cases.md.
"""
import argparse
import collections
import glob
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from patience import run_or_say_where

PATIENT = "symbolizer_seconds=100" # a busy machine finds names late
Frame = collections.namedtuple("Frame", "function file line")
Report = collections.namedtuple("Report", "kind sides address text") # sides: (op, [Frame...]) twice
Race = collections.namedtuple("Race", "sides") # (op, mark or None, [function...]) twice


def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, errors="replace", **options)


def plain_name(function):
    """Without parameters, results and what optimisers append."""
    function = re.sub(r"^(static )?(void|int|Task) ", "", function)
    return re.sub(r"(\.\w+)+$", "", function.split("(")[0])


def stack_of(text):
    frames = []
    for line in re.findall(r"^    #\d+ (.*)$", text, re.M):
        line = re.sub(r" \(BuildId: \w+\)", "", line)
        place = re.match(r"(.*?) (\S+?):(\d+)(:\d+)?(?: \(.*\))?$", line)
        frames.append(Frame(plain_name(place[1]), os.path.basename(place[2]), int(place[3])) if place
                      else Frame(plain_name(line.split(" ")[0]), None, 0))
    return frames


def reports_of(text):
    """The text form, which is TSan's too."""
    found = []
    for block in re.split(r"^={10,}\n", text, flags=re.M):
        kind = re.search(r"WARNING: \w+: (.*?) \(pid", block)
        if not kind:
            continue
        sides, address = [], None
        for part in block.split("\n\n"):
            head = re.search(r"^  (?:Previous )?((?:atomic )?\w+) of size \d+ at (0x\w+) by", part, re.M | re.I)
            if head:
                sides.append((head[1].lower(), stack_of(part)))
                address = address or head[2]
        found.append(Report(kind[1], sides, address, block))
    return found


class Case:
    def __init__(self, path):
        self.path, self.name = path, os.path.basename(path)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.lines = {mark: number for number, line in enumerate(text.split("\n"), 1)
                      for mark in re.findall(r"@(\w+) \*/", line)}
        head = text.split("#include")[0]
        self.races, self.text = [], text
        for line in re.findall(r"^ \* race: (.*)$", head, re.M):
            self.races.append(Race([self.side(words.split()) for words in line.split(" / ")]))

        def directive(name, default):
            found = re.search(rf"^ \* {name}: (.*)$", head, re.M)
            return found[1] if found else default
        self.addresses = int(directive("addresses", 0))
        self.absent = directive("absent", "").split()
        self.location = directive("location", "")
        self.once = directive("once", "").split()
        self.says = re.findall(r"^ \* says: (.*)$", head, re.M)
        self.files = [self.name, *directive("with", "").split()]
        self.also = [os.path.join(HERE, name) for name in self.files[1:]]
        self.clang = int(directive("clang", 0))
        self.options = directive("options", "").split()

    def announced(self):
        return bool(self.races or self.addresses)

    @staticmethod
    def side(words):
        mark = words[1][1:] if words[1].startswith("@") else None
        return words[0], mark, words[2 if mark else 1:]

    def side_fits(self, expected, got):
        op, mark, functions = expected
        got_op, stack = got
        # A range access of the C library's may stand in front of the program's own frames.
        stack = [f for f in stack if f.file in self.files] if not functions[0].startswith("std::") else stack
        if op not in ("any", got_op) and not (op == "free" and got_op == "write"):
            return False
        if not stack or stack[0].function != functions[0] or mark and stack[0].line != self.lines[mark]:
            return False
        names = iter(f.function for f in stack)
        return all(function in names for function in functions)

    def race_fits(self, race, report):
        one, two = race.sides
        return len(report.sides) == 2 and any(
            self.side_fits(one, report.sides[i]) and self.side_fits(two, report.sides[1 - i]) for i in (0, 1))

    def judge(self, reports, status):
        """Lines of what is wrong with the racy build."""
        if self.addresses:
            count = len({r.address for r in reports})
            if count != self.addresses:
                yield f"{count} of {self.addresses} addresses found"
        else:
            left = list(reports)
            for race in self.races:
                fits = [r for r in left if self.race_fits(race, r)]
                if fits:
                    left.remove(fits[0])
                else:
                    yield "not found: " + " / ".join(" ".join([s[0], "@" + s[1] if s[1] else "", *s[2]]) for s in race.sides)
            yield from (f"not announced: {r.text}" for r in left)
        for report in reports:
            for frame in [f for _, stack in report.sides for f in stack if f.function in self.absent]:
                yield f"{frame.function} is in a stack"
            for function in self.once:
                if any(sum(f.function == function for f in stack) > 1 for _, stack in report.sides):
                    yield f"{function} is twice in a stack of {report.text}"
            if self.location not in report.text:
                yield f"no '{self.location}' in {report.text}"
        yield from (f"no report says '{text}'" for text in self.says if not any(text in r.text for r in reports))
        if status != 66:
            yield f"exit status {status}"


class Runner:
    def __init__(self, arguments, tsan):
        self.tsan, self.work = tsan, tempfile.TemporaryDirectory()
        if tsan:
            self.flag = "-fsanitize=thread"
        else:
            self.flag = "@" + run([arguments.furlong, "flags", arguments.runtime], check=True).stdout.strip()

    def build(self, case, clang, options):
        folder = tempfile.mkdtemp(dir=self.work.name)
        program, steps = os.path.join(folder, "program"), os.path.join(folder, "steps.o")
        compiler = f"clang{'++' if case.name.endswith('.cpp') else ''}-{clang}"
        pic = [o for o in options if o == "-fno-pie"]
        for command in ([f"clang-{clang}", "-O1", *pic, "-c", os.path.join(HERE, "steps.c"), "-o", steps],
                        [compiler, self.flag, "-g", "-pthread", "-I", HERE, *case.options, *options, case.path, *case.also, steps,
                         "-o", program]):
            built = run(command)
            if built.returncode or "warning:" in built.stderr:
                raise RuntimeError(f"does not build: {' '.join(command)}\n{built.stderr}")
        return program

    def play(self, program, each_address=False, prefix=()):
        """Its reports, its exit status, what it said besides."""
        folder = tempfile.mkdtemp(dir=self.work.name)
        environment = dict(os.environ, FURLONG_DATA=os.path.join(folder, "data"), FURLONG_OPTIONS=PATIENT,
                           TSAN_OPTIONS="die_after_fork=0")
        if each_address:
            environment["FURLONG_OPTIONS"] += ":report_each_address=1"
            environment["TSAN_OPTIONS"] += ":suppress_equal_stacks=0:suppress_equal_addresses=0"
        try:
            if self.tsan:
                ended = run([*prefix, program], env=environment, cwd=folder, timeout=60)
            else:
                ended = run_or_say_where([*prefix, program], env=environment, cwd=folder)
        except subprocess.TimeoutExpired:
            return [], "timeout", ""
        return reports_of(ended.stderr), ended.returncode, ended.stderr

    def check_once(self, case, program, program_ordered):
        """What is wrong with the racy and with the ordered build."""
        reports, status, said = self.play(program, bool(case.addresses))
        racy = list(case.judge(reports, status))
        if racy and not reports and said:
            racy.append(said[-1500:])
        reports, status, said = self.play(program_ordered, bool(case.addresses))
        ordered = [f"ordered, but reported: {r.text}" for r in reports[:3]]
        if status:
            ordered.append(f"ordered: exit status {status}\n{said[-1500:]}")
        if not self.tsan and not ordered and said:
            ordered.append(f"ordered, but said: {said[-1500:]}")
        return racy, ordered

    def check(self, case, clang, options, repeat):
        """The first run that something is wrong with, or the last."""
        wrong = ([], [])
        try:
            programs = [self.build(case, clang, options), self.build(case, clang, [*options, "-DORDERED"])]
            for _ in range(repeat):
                wrong = self.check_once(case, *programs)
                if any(wrong):
                    break
        except RuntimeError as error:
            wrong = ([str(error)], [])
        return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--furlong")
    parser.add_argument("--clang", default="22")
    parser.add_argument("--level", default="O0,O2")
    parser.add_argument("--options", default="", help="more of them for compiler and linker")
    parser.add_argument("--runtime", default="race", help="or race-checked, race-starved")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--tsan", action="store_true")
    parser.add_argument("--brief", action="store_true", help="a line a case, however it ended")
    parser.add_argument("files", nargs="*")
    arguments = parser.parse_args()
    files = arguments.files or sorted(f for f in glob.glob(HERE + "/*.c*") if Case(f).announced())
    runner, failed, done = Runner(arguments, arguments.tsan), 0, 0
    for path in files:
        case = Case(path)
        for clang in map(int, arguments.clang.split(",")):
            for level in arguments.level.split(",") if clang >= case.clang else ():
                wrong = runner.check(case, clang, ["-" + level, *arguments.options.split()], arguments.repeat)
                done += 1
                failed += any(wrong)
                if arguments.brief:
                    print(f"{case.name} clang-{clang} -{level}: racy {'WRONG' if wrong[0] else 'right'}, ordered "
                          f"{'WRONG' if wrong[1] else 'right'}", flush=True)
                elif any(wrong):
                    print(f"--- {case.name} clang-{clang} -{level}", *wrong[0], *wrong[1], sep="\n  ", flush=True)
    print(f"{done - failed} of {done} right")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
