# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs commands in turns and compares them. Nothing here knows what is measured."""
import argparse
import math
import os
import statistics
import subprocess
import tempfile
import time


class Sample:
    """What one run took: seconds on the clock, seconds of CPU in it and its children, peak kilobytes."""

    def __init__(self, wall, cpu, peak):
        self.wall, self.cpu, self.peak = wall, cpu, peak


def run(command, environment=None, folder=None, again_on=None, tries=20, before=None):
    """One run, its output thrown away; raises when it fails. A program that ends with the status `again_on`
    says that the run was not what it should have been: it is run again. `before` is called before each try."""
    for _ in range(tries):
        if before:
            before()
        with open(os.devnull, "r+b") as null:
            start = time.monotonic()
            process = subprocess.Popen(command, env=dict(os.environ, **(environment or {})), cwd=folder,
                                       stdin=null, stdout=null, stderr=subprocess.PIPE)
            errors = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.monotonic() - start
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode == 0:
            return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
        if process.returncode != again_on:
            break
    raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {errors.decode(errors='replace')[-500:]}")


def interleave(runs, rounds):
    """runs: name -> function that runs once. Every name once a round, the order turned each round, one round
    first to warm up. Returns name -> Sample of medians."""
    names = list(runs)
    samples = {name: [] for name in names}
    for number in range(rounds + 1):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            sample = runs[name]()
            if number > 0:
                samples[name].append(sample)
    return {name: Sample(*(statistics.median(getattr(s, what) for s in taken) for what in ("wall", "cpu", "peak")))
            for name, taken in samples.items()}


def geometric_mean(values):
    return math.exp(sum(math.log(v) for v in values) / len(values))


def table(head, rows):
    """A Markdown table; the first column is text, the others numbers as they are to be shown."""
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def parser(rounds):
    """What script/bench tells each of its programs; they add options of their own and go on with parse()."""
    made = argparse.ArgumentParser()
    made.add_argument("--furlong", required=True)
    made.add_argument("--sources", required=True)
    made.add_argument("--work")
    made.add_argument("--clang", default="22")
    made.add_argument("--rounds", type=int, default=rounds)
    return made


def parse(made):
    """The arguments, with paths that hold in any directory; the one to work in exists."""
    args = made.parse_args()
    args.furlong, args.sources = os.path.abspath(args.furlong), os.path.abspath(args.sources)
    args.work = os.path.abspath(args.work or tempfile.mkdtemp(prefix="furlong-bench-"))
    os.makedirs(args.work, exist_ok=True)
    return args


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((l.split(":")[1].strip() for l in file if l.startswith("model name")), "unknown processor")
    load = os.getloadavg()[0]
    return (f"{model}, {os.cpu_count()} hardware threads, Linux {os.uname().release}; "
            f"load average when it began: {load:.1f}")
