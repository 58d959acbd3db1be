#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What one operation costs in instructions, with what bench/race/micro.c does around it and below it in libc.

    instructions.py --furlong BIN --clang N [--threads N] [NAME ...]

Counted by callgrind as the difference of two sizes, which neither the machine nor its load changes much. The limits
are about a third above what was counted; an operation that comes to cost more says so here. What a slow path costs is the
difference of two: eight first accesses of an epoch more. With other threads than two nothing is limited: it shows what grows with
them.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

MICRO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "bench", "race", "micro.c")
# The way of micro.c, its size, instructions of one step.
LIMITS = {
    "acquire loads": (4000, 40),
    "atomic counter": (4000, 28),
    "lock alone": (1000, 2000),
    "lock contended": (1000, 2000),
    "rwlock readers": (1000, 2100),
    "malloc storm": (1000, 2900),
    "thread churn": (50, 32000),
    "release stores": (1000, 1700),
    "first writes": (1000, 3950),
    "first reads": (1000, 4050),
    "rwlock writer": (1000, 1950),
    "barriers": (300, 1500),
    "conditions": (300, 5800),
    "calls back": (320, 3100),
}
SLOW = {"first writes": "release stores", "first reads": "release stores"}


def collected(command, folder, options=""):
    """Instructions that it executed."""
    env = dict(os.environ, FURLONG_DATA=os.path.join(folder, "data"), FURLONG_OPTIONS="exitcode=0:" + options)
    done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", *command],
                          env=env, capture_output=True, text=True, timeout=300)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or not found or "no races will be found" in done.stderr:
        sys.exit(f"{command}: valgrind ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return int(found.group(1))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--furlong", required=True)
    parser.add_argument("--clang", required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    flags = subprocess.run([args.furlong, "flags", "race"], capture_output=True, text=True, check=True).stdout.strip()
    failed, counted = 0, {}
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "micro")
        subprocess.run([f"clang-{args.clang}", "-O2", "-g", f"@{flags}", f"-DMICRO_THREADS={args.threads}", MICRO, "-o", program, "-pthread"], check=True)
        for name in args.names or LIMITS:
            size, limit = LIMITS[name]
            more = collected([program, name, str(3 * size)], folder) - collected([program, name, str(size)], folder)
            each = counted[name] = more / (2 * size * args.threads)
            failed += each > limit and args.threads == 2
            print(f"{name}: {each:.0f} instructions" + (f", at most {limit}" + (": too many" if each > limit else "") if args.threads == 2 else ""), flush=True)
    for name, without in SLOW.items():
        if name in counted and without in counted:
            print(f"slow path, {name}: {(counted[name] - counted[without]) / 8:.0f} instructions each")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
