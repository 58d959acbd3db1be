# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs commands in turns and compares them. Nothing here knows what is measured."""
import argparse
import atexit
import functools
import math
import os
import shutil
import statistics
import subprocess
import tempfile


class Sample:
    """What one run took: seconds on the clock, seconds of CPU in it and its children, peak kilobytes."""

    def __init__(self, wall, cpu, peak):
        self.wall, self.cpu, self.peak = wall, cpu, peak


@functools.lru_cache
def launcher():
    """launch.c, built: beside it a process of Python is large, and its peak would be the least that there is."""
    folder = tempfile.mkdtemp(prefix="furlong-bench-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "launch.c")
    subprocess.run(["cc", "-O2", "-o", folder + "/launch", source], check=True)
    return folder + "/launch"


def run(command, environment=None, folder=None, again_on=None, tries=20, before=None):
    """One run, its output thrown away; raises when it fails. A program that ends with the status `again_on`
    says that the run was not what it should have been: it is run again. `before` is called before each try."""
    for _ in range(tries):
        if before:
            before()
        told, tell = os.pipe()
        done = subprocess.run([launcher(), str(tell), *command], env=dict(os.environ, **(environment or {})), cwd=folder, pass_fds=[tell],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        os.close(tell)
        with open(told, encoding="ascii") as pipe:
            figures = pipe.read().split()
        if done.returncode == 0:
            wall_ns, cpu_us, peak = map(int, figures)
            return Sample(wall_ns / 1e9, cpu_us / 1e6, peak)
        if done.returncode != again_on:
            break
    raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")


def interleave(runs, rounds, warm_up=True):
    """runs: name -> function that runs once. Every name once a round, the order turned each round, one round
    first to warm up. Returns name -> Sample of medians."""
    names = list(runs)
    samples = {name: [] for name in names}
    for number in range(0 if warm_up else 1, rounds + 1):
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
