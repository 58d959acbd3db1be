#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""DataRaceBench's C and C++ programs, each named for whether it has a race: who finds which.

    dataracebench.py --furlong BIN [options] DIR      DIR: a checkout of DataRaceBench
    dataracebench.py --tool archer|helgrind|drd DIR   the same question to others

Each program is built once and run --runs times with each number of threads, or until a race is reported. Prints
the confusion table and each program that was judged wrongly; the exit status is 1 when one without a race was
reported.
"""
import argparse
import concurrent.futures
import glob
import os
import re
import subprocess
import sys
import tempfile

TOOLS = {"furlong": [], "archer": ["-fsanitize=thread"], "helgrind": ["valgrind", "-q", "--tool=helgrind"],
         "drd": ["valgrind", "-q", "--tool=drd"]}
REPORT = re.compile(r"WARNING: \w+: data race|Possible data race|Conflicting (?:load|store)|use after free|use-after-free")


def build(args, path):
    """The program's path, or None and what the compiler said."""
    name = os.path.splitext(os.path.basename(path))[0]
    out = os.path.join(args.work, name)
    compiler = "clang++" if path.endswith(".cpp") else "clang"
    utilities = os.path.dirname(path) + "/utilities"
    command = [f"{compiler}-{args.clang}", "-" + args.level, "-g", "-w", "-fopenmp", "-march=native", *args.flags, "-I", utilities,
               "-I", os.path.dirname(path) + "/polybench", path, "-o", out, "-lm"]
    with open(path, encoding="utf-8", errors="replace") as source:
        if "polybench" in source.read():
            command[-3:-3] = ["-DPOLYBENCH_NO_FLUSH_CACHE", "-DPOLYBENCH_TIME", "-D_POSIX_C_SOURCE=200112L", utilities + "/polybench.c"]
    done = subprocess.run(command, capture_output=True, text=True)
    return (out, "") if done.returncode == 0 else (None, done.stderr)


def run(args, program, threads):
    """Whether a race was reported, and what else went wrong."""
    environment = dict(os.environ, **args.environment, OMP_NUM_THREADS=threads, FURLONG_DATA=program + ".data",
                       TSAN_OPTIONS="ignore_noninstrumented_modules=1")
    if args.tool == "archer":
        environment["OMP_TOOL_LIBRARIES"] = args.archer
    try:
        done = subprocess.run([*args.runner, program, *args.argument], env=environment, stdin=subprocess.DEVNULL, cwd=args.work, text=True,
                              capture_output=True, errors="replace", timeout=args.limit)
    except subprocess.TimeoutExpired as late:
        return bool(REPORT.search((late.stderr or b"").decode(errors="replace"))), f"still running after {args.limit} s"
    found = bool(REPORT.search(done.stderr))
    return found, "" if done.returncode >= 0 and not (found and args.tool == "furlong" and done.returncode == 0) else f"ended with {done.returncode}"


def judge(args, path):
    program, error = build(args, path)
    if not program:
        return path, None, "does not compile: " + error[:300]
    faults = set()
    for number, threads in enumerate(args.threads.split(",") * args.runs):
        found, fault = run(args, program, threads)
        faults.add(fault)
        if found:
            return path, number + 1, "; ".join(filter(None, faults))
    return path, 0, "; ".join(filter(None, faults))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--furlong")
    parser.add_argument("--tool", choices=TOOLS, default="furlong")
    parser.add_argument("--archer", default="/usr/lib/llvm-22/lib/libarcher.so")
    parser.add_argument("--clang", default="22")
    parser.add_argument("--level", default="O0")
    parser.add_argument("--threads", default="8,180", help="180: the least that shows some races")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--limit", type=float, default=120)
    parser.add_argument("--pauses", action="store_true", help="who gives a lock back pauses (pauses.c)")
    parser.add_argument("--argument", action="append", default=[], help="for the programs")
    parser.add_argument("--only", default="", help="part of the name")
    parser.add_argument("directory")
    args = parser.parse_args()
    args.flags, args.runner, args.environment = [], TOOLS[args.tool], {}
    if args.tool == "furlong":
        flags = subprocess.run([args.furlong, "flags", "race"], capture_output=True, text=True, check=True).stdout.strip()
        args.flags = ["@" + flags]
    elif args.tool == "archer":
        args.flags, args.runner = args.runner, []
    folder = os.path.join(os.path.abspath(args.directory), "micro-benchmarks")
    paths = sorted(path for end in ("c", "cpp") for path in glob.glob(f"{folder}/*{args.only}*.{end}"))
    table = {"yes": [0, 0], "no": [0, 0]}
    with tempfile.TemporaryDirectory(prefix="dataracebench-") as args.work, concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        if args.pauses:
            args.environment["LD_PRELOAD"] = args.work + "/pauses.so"
            subprocess.run([f"clang-{args.clang}", "-shared", "-fPIC", os.path.dirname(os.path.abspath(__file__)) + "/pauses.c", "-o",
                            args.environment["LD_PRELOAD"]], check=True)
        for path, found, fault in pool.map(lambda path: judge(args, path), paths):
            name = os.path.splitext(os.path.basename(path))[0]
            expected = name.rsplit("-", 1)[-1]
            if found is not None:
                table[expected][found > 0] += 1
            if found is None or fault or (found > 0) != (expected == "yes") or found > 1:
                print(f"{name}: {f'reported in run {found}' if found else 'not reported'}{'; ' + fault if fault else ''}", flush=True)
    print(f"{args.tool}, -{args.level}, {args.threads} threads, {args.runs} runs each: of {sum(table['yes'])} with a race {table['yes'][1]} found, "
          f"of {sum(table['no'])} without {table['no'][1]} reported")
    return 1 if table["no"][1] else 0


if __name__ == "__main__":
    sys.exit(main())
