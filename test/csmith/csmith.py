#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random programs by Csmith, counted by Furlong, gcov and llvm-cov, and judged by what really ran.

    csmith.py --furlong BIN [--count N] [--first SEED] [--jobs N] [--notes FILE]

The papers on it (Yang et al., ICSE and ASE 2019) have no truth, only disagreement. Csmith writes one statement a
line, so here a rewritten twin counts its own lines, and each disagreement has somebody who is wrong. They are
classed as those papers do: spurious (never ran, marked), missing (ran, not marked), frequency. Every second
program leaves in the middle, by exit, longjmp, _exit, abort or SIGKILL.

Then statements that Furlong says never ran are taken out: the program must print the same, and every other line
have the same count.

Only Furlong's faults fail the test; what the others get wrong is counted.
"""
import argparse
import collections
import concurrent.futures
import os
import random
import shutil
import subprocess
import sys
import tempfile

import rewrite
import tools

HERE = os.path.dirname(os.path.abspath(__file__))
SIZE = ["--max-funcs", "4", "--max-block-size", "3", "--max-block-depth", "3", "--max-expr-complexity", "6"]
# Besides clang 22 at -O0, in turns.
OTHERS = [("22", ["-O2"]), ("19", ["-O0"]), ("14", ["-O0"]), ("22", ["-O1"]), ("19", ["-O2"]), ("14", ["-O2"]),
          ("22", ["-O3"]), ("22", ["-O2", "-flto", "-fuse-ld=lld-22"])]


def class_of(told, true):
    if told == true:
        return None
    return "spurious" if not true else "missing" if not told else "frequency"


class Result:
    def __init__(self, seed):
        self.seed = seed
        self.skipped = False
        self.faults = []  # ours
        self.compared = self.branches = self.removed = self.kept = 0
        self.classes = collections.Counter()   # (tool, class)
        self.examples = {}                     # likewise
        self.unjudged = 0                      # lines without truth where we differ from llvm-cov


def judge(result, name, lines, true, text):
    for number in sorted(lines.keys() & true.keys()):
        found = class_of(lines[number], true[number])
        if not found:
            continue
        result.classes[name, found] += 1
        example = f"seed {result.seed} line {number}: {lines[number]}, ran {true[number]}: {text[number - 1].strip()[:90]}"
        result.examples.setdefault((name, found), example)
        if name.startswith("furlong"):
            result.faults.append(f"{name}: {found}: {example}")


def judge_branches(result, name, branches, true, text):
    """A constant condition is no branch to us, or one outcome of it is not."""
    for number, outcomes in true.items():
        told = branches.get(number)
        if not told:
            continue
        result.branches += 1
        if told != [outcomes]:
            result.faults.append(f"{name}: branch: seed {result.seed} line {number}: {told}, was {outcomes}: "
                                 f"{text[number - 1].strip()[:90]}")


def take_out(result, furlong, subject, lines, did):
    """Cod's way: what never ran can go."""
    text, changed = subject.program.without([n for n, count in lines.items() if count == 0])
    less = tools.Subject(rewrite.Program(text), subject.place("without"), subject.options)
    after, _, does = furlong.measure(less, "22", ["-O0"])
    result.removed += len(changed)
    if does != did:
        result.faults.append(f"seed {result.seed}: does something else without the {len(changed)} lines that never ran")
    for number in sorted(lines.keys() & after.keys() & subject.program.coded() - changed):
        result.kept += 1
        if after[number] != lines[number]:
            result.faults.append(f"seed {result.seed} line {number}: {after[number]} without the lines that never ran, "
                                 f"{lines[number]} with them: {subject.program.lines[number - 1].strip()[:90]}")


def end_in_the_middle(seed, program, folder):
    """Every second program."""
    lines, _, _ = tools.Subject(program, folder).truth(tools.SCREENED_SECONDS)
    places = [n for n in program.can_end() if lines[n]]
    if seed % 2 or not places:
        return program, ()
    chance = random.Random(seed)
    number = chance.choice(places)
    options = [f"-DEND_AFTER={chance.randint(1, min(lines[number], 5))}", f"-DEND_HOW={chance.randint(0, 4)}",
               "-include", os.path.join(HERE, "end.h")]
    return program.ending(number), options


def compare(result, furlong, subject):
    seed, text = result.seed, subject.program.lines
    true, true_branches, did = subject.truth()
    result.compared = len(true)
    others = [other for other in OTHERS if other[0] in furlong.clangs]
    own = None
    for clang, options in (("22", ["-O0"]), others[seed // 2 % len(others)]):
        name = f"furlong {clang} {' '.join(options)}"
        lines, branches, does = furlong.measure(subject, clang, options)
        judge(result, name, lines, true, text)
        judge_branches(result, name, branches, true_branches, text)
        missing = sorted(n for n in true.keys() - lines.keys() if true[n] or subject.program.kind[n] != "close")
        if missing:
            result.faults.append(f"{name}: seed {seed}: not code to us: lines {missing[:10]}")
        if does != did:
            result.faults.append(f"{name}: seed {seed}: does {does}, its twin {did}")
        own = own or lines
    theirs = tools.llvm(subject)
    for name, lines in (("llvm-cov", theirs), ("gcov", tools.gcov(subject))):
        if lines:
            judge(result, name, lines, true, text)
        else:
            result.classes[name, "all lost"] += 1
            result.examples[name, "all lost"] = f"seed {seed}"
    if theirs and not subject.options:
        result.unjudged = sum(theirs[n] != c for n, c in own.items() if n in theirs and n not in true)
    take_out(result, furlong, subject, own, did)


def check(furlong, seed, work):
    result, folder = Result(seed), os.path.join(work, str(seed))
    os.makedirs(folder)
    try:
        # It writes a file of its own where it runs: two in one folder get in each other's way.
        program = rewrite.Program(tools.call(["csmith", "--seed", str(seed), "--no-argc", "--concise", *SIZE], cwd=folder))
        try:
            program, options = end_in_the_middle(seed, program, os.path.join(folder, "whole"))
            # A loop that does nothing for ever ends where the optimiser takes it away, and only there.
            plain = tools.Subject(program, os.path.join(folder, "plain"), options)
            plain.run(["clang-22", "-O0"], plain.folder, plain.path, tools.SCREENED_SECONDS)
        except tools.Endless:
            result.skipped = True
            return result
        compare(result, furlong, tools.Subject(program, folder, options))
    except (tools.Failure, subprocess.TimeoutExpired) as failure:
        result.faults.append(f"seed {seed}: {failure}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return result


class Sum(Result):
    def add(self, more):
        self.faults += more.faults
        for name in ("compared", "branches", "removed", "kept", "unjudged"):
            setattr(self, name, getattr(self, name) + getattr(more, name))
        self.classes.update(more.classes)
        for key, example in more.examples.items():
            self.examples.setdefault(key, example)

    def text(self, programs, skipped, wrong):
        yield (f"csmith: {programs} programs ({skipped} skipped, they run for ever), {self.compared} lines and "
               f"{self.branches} branches compared; {self.removed} lines taken out, {self.kept} others looked at again")
        for (name, found), count in sorted(self.classes.items()):
            yield f"  {name}: {found} {count}, as {self.examples[name, found]}"
        yield f"  lines that the twin does not count and llvm-cov counts otherwise than we: {self.unjudged}"
        yield f"csmith: {wrong} programs wrong"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--furlong", required=True)
    parser.add_argument("--count", type=int, default=4)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--notes", help="write the sums here after every program")
    args = parser.parse_args()

    furlong, total, wrong, skipped, done = tools.Furlong(args.furlong), Sum(0), 0, 0, 0
    with tempfile.TemporaryDirectory(prefix="furlong-csmith-") as work, \
            concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for result in pool.map(lambda seed: check(furlong, seed, work), range(args.first, args.first + args.count)):
            done += 1
            wrong += bool(result.faults)
            skipped += bool(result.skipped)
            total.add(result)
            for fault in result.faults[:5]:
                print(fault, flush=True)
            if args.notes:
                with open(args.notes, "w", encoding="utf-8") as file:
                    file.write("\n".join(total.text(done, skipped, wrong)) + "\n")
    print("\n".join(total.text(done, skipped, wrong)))
    return 1 if wrong or not total.compared or not total.removed else 0


if __name__ == "__main__":
    sys.exit(main())
