#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs every case of a program twice: twins.py PROGRAM [--times N] [--only NAME]...

The correct twin must end with 0 and report nothing; the racy one must report a data race and end with 66.
Without arguments the program prints the names of its cases; it ends with 77 if it cannot be run here, and so do we.
"""
import argparse
import os
import re
import subprocess
import sys

RACE = re.compile(r"data[ -]race")


def run(program, name, twin):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("FURLONG", "TSAN"))}
    # Some hand a mutex over, which is another fault than a race; and on a busy machine takes long, which is no deadlock.
    environment["FURLONG_OPTIONS"] = "report_mutex_bugs=0:deadlock_ms=60000"
    try:
        done = subprocess.run([program, name, twin], env=environment, capture_output=True, text=True, timeout=120)
    except subprocess.TimeoutExpired as late:
        return "hangs", str(late.stderr)
    found = RACE.search(done.stderr) is not None
    other = "\n".join(l for l in done.stderr.splitlines() if not re.match(r"growth \d+ kB$", l))
    if twin == "racy" and not (found and done.returncode == 66):
        return f"exit {done.returncode}, {'a' if found else 'no'} race reported", done.stderr
    if twin == "correct" and (done.returncode or other):
        return f"exit {done.returncode}, not silent", done.stderr
    return None, None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--only", action="append", default=[])
    options = parser.parse_args()
    listed = subprocess.run([options.program], capture_output=True, text=True)
    if listed.returncode == 77:
        return 77
    listed.check_returncode()
    names = listed.stdout.split()
    faults = total = 0
    for name in options.only or names:
        for twin in ("correct", "racy"):
            for _ in range(options.times):
                fault, output = run(options.program, name, twin)
                total += 1
                if fault:
                    faults += 1
                    print(f"{name} {twin}: {fault}\n{output}")
                    break
    print(f"{total} runs of {len(options.only or names)} cases, {faults} faults")
    return 1 if faults or not names else 0


sys.exit(main())
