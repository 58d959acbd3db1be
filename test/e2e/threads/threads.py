#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""However threads come and go, each of their counts is in the data file.

    threads.py PROGRAM [--repeat N] [--only NAME] [--without NAME,...] [--emulator COMMAND]
    threads.py PROGRAM --debugger    among threads that count, gdb stops in one and lets it go on
"""
import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import datafile  # noqa: E402

# name: the fewest slots that keep all apart who count at the same time, and the most it may use. Slot 0 is
# nobody's. On a busy machine threads take turns and sharing a slot loses nothing: so the slots are counted.
WAYS = {
    "side_by_side": (10, 11), "lifetime": (3, 64), "crowd": (2002, 2002), "tiny_stack": (3, 52), "c11": (3, 32),
    "destructors": (3, 32), "cancel": (52, 52), "signals": (4, 32), "masks": (3, 17), "clone_vm": (3, 9),
    "clone_process": (3, 4), "syscall_clone": (3, 4), "syscall_clone3": (3, 4), "syscall_other": (2, 2),
    "bare_fork": (3, 5), "syscall_clone_vm": (2, 2), "fork_among_threads": (7, 16), "fork_in_threads": (4, 20), "atfork": (3, 60),
}
# Those that are not seen come to light, one way or the other.
STRANGERS = {"bare_fork": 2, "syscall_clone_vm": 1}

EMULATOR = []


def play(where, program, way):
    """An emulator may itself hang in a fork among threads: qemu 7.2 did in 5 of 800 runs of `fork_in_threads` without any of
    Furlong. So one that does not end is run again there, twice at most; whoever never ends still fails."""
    for _ in range(2 if EMULATOR else 0):
        ran = subprocess.run(["timeout", "--signal=KILL", "100", *EMULATOR, program, way], cwd=where, capture_output=True)
        if ran.returncode not in (-9, 128 + 9):
            return ran
        shutil.rmtree(where + "/furlong-data", ignore_errors=True)
    return subprocess.run([*EMULATOR, program, way], cwd=where, capture_output=True, timeout=300)


def debugged(program):
    """To go on from a breakpoint a debugger writes the thread's registers, its GS base among them."""
    words = ("tbreak lap_runner", "run side_by_side > truth", "next", "continue") # gdb prints in the middle of lines
    where = tempfile.mkdtemp(prefix="threads")
    try:
        ran = subprocess.run(["gdb", "-nx", "-batch", *(word for line in words for word in ("-ex", line)), program],
                             cwd=where, capture_output=True, text=True, timeout=300)
        if not re.search(r"^Thread \d+ .*hit Temporary breakpoint 1, lap_runner", ran.stdout, re.M):
            return [ran.stdout + ran.stderr]
        with open(where + "/truth", encoding="utf-8") as file:
            truth = [int(word) for word in file.read().split()]
        file, = datafile.read(where + "/furlong-data")[os.path.basename(program)]
        return [] if file.sums[:4] == truth else ["counted %r, truth is %r" % (file.sums[:4], truth)]
    finally:
        shutil.rmtree(where)


def run_one(program, way):
    where = tempfile.mkdtemp(prefix="threads")
    try:
        ran = play(where, program, way)
        if ran.returncode or ran.stderr:
            return ["status %d, printed %r" % (ran.returncode, ran.stderr[-400:])]
        truth = [int(word) for word in ran.stdout.split()]
        file, = datafile.read(where + "/furlong-data")[os.path.basename(program)]
        errors = []
        if file.sums[:4] != truth:
            errors.append("counted %r, truth is %r" % (file.sums[:4], truth))
        fewest, most = WAYS[way]
        if not fewest <= file.slots_used <= most or file.unslotted_threads != STRANGERS.get(way, 0):
            errors.append("%d slots, %d threads without" % (file.slots_used, file.unslotted_threads))
        return errors
    finally:
        shutil.rmtree(where)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--only")
    parser.add_argument("--without", default="")
    parser.add_argument("--emulator", type=shlex.split, default=[])
    parser.add_argument("--debugger", action="store_true")
    args = parser.parse_args()
    EMULATOR.extend(args.emulator)
    for variable in ("FURLONG_DATA", "FURLONG_LABEL", "TSAN_OPTIONS"):
        os.environ.pop(variable, None)
    failed = 0
    for error in debugged(args.program) if args.debugger else []:
        print(error)
        failed += 1
    for way in [] if args.debugger else WAYS:
        if (args.only and way != args.only) or way in args.without.split(","):
            continue
        for round_number in range(args.repeat):
            for error in run_one(args.program, way):
                print("%s, round %d: %s" % (way, round_number, error))
                failed += 1
    print("threads: %d wrong" % failed)
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
