#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs without a race, run with the race flag: not one report, and the right result.

    correct.py --furlong BIN [--clang 22] [--level O2] [--repeat N] [--jobs N] [--work DIR] [PROGRAM...]
    correct.py --flags=-fsanitize=thread ...       the same question to another detector; prints who fails

A program is one file beside this one, or a row of the table `cases` in one, whose name is its argument. It ends with 0 by
itself when its results are right. Whatever the detector prints is a fault, and so is a run that takes longer than --limit seconds. --repeat runs each N times.
"""
import argparse
import collections
import glob
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
LIBRARIES = {"atomic_double_and_struct": ["-latomic"]}
NAME = re.compile(r"WARNING: \w+: (.*?) \(pid=")


def compile_one(args, path):
    name = os.path.splitext(os.path.basename(path))[0]
    out = os.path.join(args.work, f"{name}-{args.clang}-{args.level}")
    language = ["clang++", "-std=c++20"] if path.endswith(".cpp") else ["clang", "-std=gnu11"]
    command = [f"{language[0]}-{args.clang}", language[1], "-" + args.level, "-g", "-Wall", "-Werror", *args.flags, path, "-o", out,
               "-pthread", "-lm", *LIBRARIES.get(name, [])]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        return name, None, f"does not compile: {' '.join(command)}\n{done.stderr[-2000:]}"
    return name, out, None


def cases_of(path):
    """Names, for a file that holds several programs."""
    with open(path, encoding="utf-8") as file:
        table = re.search(r"\} cases\[\] = \{\n(.*?)^\s*\};", file.read(), re.M | re.S)
    return re.findall(r'\{"(\w+)", \w+\}', table[1]) if table else []


def run_one(args, name, command):
    """What was wrong with one run: a list of words for the summary, and what was printed."""
    folder = tempfile.mkdtemp(prefix=name + "-", dir=args.work)
    try:
        done = subprocess.run(command, cwd=folder, env=dict(os.environ, FURLONG_DATA=folder), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, errors="replace", timeout=args.limit)
    except subprocess.TimeoutExpired as late:
        return [f"still running after {args.limit} s"], (late.stderr or b"").decode(errors="replace")
    faults = NAME.findall(done.stderr)
    if done.returncode != 0:
        faults.append(f"ended with {done.returncode}")
    if not faults and any(not re.search(args.may_say, line) for line in done.stderr.splitlines()):
        faults.append("printed something")
    return faults, done.stderr


def furlong_flags(furlong, runtime):
    found = subprocess.run([furlong, "flags", runtime], capture_output=True, text=True, check=True).stdout.strip()
    return ["@" + found]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--furlong")
    parser.add_argument("--runtime", default="race", help="or race-checked, race-starved")
    parser.add_argument("--flags", type=str.split, default=[])
    parser.add_argument("--clang", default="22")
    parser.add_argument("--level", default="O2")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--limit", type=float, default=600)
    parser.add_argument("--show", type=int, default=40, help="lines of what a bad run printed")
    parser.add_argument("--folder", default=HERE, help="where the programs are")
    parser.add_argument("--work")
    parser.add_argument("--may-say", default="^$", help="lines that may be printed")
    parser.add_argument("programs", nargs="*")
    args = parser.parse_args()
    if args.runtime != "race":
        args.flags.append("-DTINY_TABLES")
    for variable in ("FURLONG_OPTIONS", "FURLONG_DATA", "FURLONG_LABEL", "TSAN_OPTIONS"):
        os.environ.pop(variable, None)
    if args.furlong:
        args.flags = furlong_flags(os.path.abspath(args.furlong), args.runtime) + args.flags
    keep = tempfile.TemporaryDirectory(prefix="correct-")
    args.work = os.path.abspath(args.work or keep.name)
    os.makedirs(args.work, exist_ok=True)
    paths = sorted(glob.glob(args.folder + "/*.c") + glob.glob(args.folder + "/*.cpp"))
    if args.programs:
        paths = [p for p in paths if os.path.splitext(os.path.basename(p))[0] in args.programs]
        if len(paths) != len(args.programs):
            sys.exit("correct.py: no such program among " + " ".join(args.programs))

    failed = collections.defaultdict(collections.Counter)
    with ThreadPoolExecutor(args.jobs) as pool:
        built = list(pool.map(lambda path: compile_one(args, path), paths))
        for name, program, error in built:
            if error:
                failed[name]["does not compile"] += 1
                print(f"--- {name} {error}")
        ready = []
        for path, (name, program, _) in zip(paths, built):
            cases = [(f"{name}.{case}", [program, case]) for case in cases_of(path)]
            ready += (cases or [(name, [program])]) if program else []
        for number in range(args.repeat):
            for (name, _), (faults, text) in zip(ready, pool.map(lambda one: run_one(args, *one), ready)):
                if faults and not failed[name]:
                    print(f"--- {name}, run {number + 1}: {', '.join(faults)}")
                    print("\n".join(text.split("\n")[:args.show]), flush=True)
                failed[name].update(faults)
    bad = {name: faults for name, faults in failed.items() if faults}
    for name, faults in sorted(bad.items()):
        print(f"{name}: " + ", ".join(f"{what} x{count}" if count > 1 else what for what, count in faults.most_common()))
    print(f"{len(ready)} programs, {args.repeat} runs each: {len(bad)} with faults")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
