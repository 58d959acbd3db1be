#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The table of endings: however a process ends, its counts are in the data file.

    endings.py PROGRAM [--repeat N] [--only NAME] [--without NAME,...] [--emulator COMMAND] [--private]

With --private counts are expected to be kept in memory and handed in: FURLONG_OPTIONS=windows=0.
"""
import argparse
import ctypes
import os
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import datafile  # noqa: E402

# name: (exit status, processes that entered main, units of work, children)
TABLE = {
    "return": (0, 1, 1000, 0),
    "exit": (0, 1, 1000, 0),
    "_exit": (7, 1, 1000, 0),
    "quick_exit": (0, 1, 1000, 0),
    "abort": (-6, 1, 1000, 0),
    "assert": (-6, 1, 1000, 0),
    "segv": (-11, 1, 1000, 0),
    "term": (-15, 1, 1000, 0),
    "kill": (-9, 1, 1000, 0),
    "exec": (0, 2, 1500, 0),
    "execle": (0, 2, 1500, 0),
    "execvp": (0, 2, 1500, 0),
    "exec_failing": (0, 1, 1000, 0),
    "fork_exit": (0, 1, 1750, 1),
    "fork__exit": (0, 1, 1750, 1),
    "fork__Fork": (0, 1, 1750, 1),
    "vfork_exec": (0, 2, 1750, 1),
    "daemon": (0, 1, 1000, 1),
    "main_pthread_exit": (0, 1, 1000, 0),
    "longjmp": (0, 1, 1000, 0),
    # The work is what the threads say they had done, or one more each.
    "mid_loop_exit": (0, 1, None, 0),
    "mid_loop__exit": (0, 1, None, 0),
    "mid_loop_kill": (-9, 1, None, 0),
    "mid_loop_exec": (0, 1, None, 0),
}

EMULATOR = []


def reap():
    """Waits for daemons: this process is their reaper."""
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


def run_one(program, name, private):
    status, mains, work, children = TABLE[name]
    where = tempfile.mkdtemp(prefix="endings")
    try:
        ran = subprocess.run([*EMULATOR, program, name], cwd=where, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             timeout=60)
        reap()
        files = datafile.read(where + "/furlong-data")[os.path.basename(program)]
        errors = []
        if ran.returncode != status:
            errors.append("status %d, not %d" % (ran.returncode, status))
        if ran.stdout or (ran.stderr and name != "assert"):
            errors.append("printed %r %r" % (ran.stdout, ran.stderr))
        if len(files) != 1 or private != bool(files[0].private_processes) or \
                private != bool(files[0].unslotted_threads):
            errors.append("%d files, %d threads without a slot, %d processes" %
                          (len(files), files[0].unslotted_threads, files[0].private_processes))
        sums = files[0].sums
        low = high = work
        if work is None:
            with open(where + "/progress", "rb") as stream:
                low = sum(struct.unpack("<4Q", stream.read(32)))
            high = low + 4
        if (sums[0], sums[2], sums[3]) != (mains, children, 0) or not low <= sums[1] <= high:
            errors.append("counted %r, truth is %r" % (sums[:4], [mains, (low, high), children, 0]))
        return errors
    finally:
        shutil.rmtree(where)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--only")
    parser.add_argument("--without", default="")
    parser.add_argument("--private", action="store_true")
    parser.add_argument("--emulator", type=shlex.split, default=[])
    args = parser.parse_args()
    EMULATOR.extend(args.emulator)
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
    for variable in ("FURLONG_DATA", "FURLONG_LABEL", "TSAN_OPTIONS"):
        os.environ.pop(variable, None)
    failed = 0
    for name in TABLE:
        if (args.only and name != args.only) or name in args.without.split(","):
            continue
        for round_number in range(args.repeat):
            for error in run_one(args.program, name, args.private):
                print("%s, round %d: %s" % (name, round_number, error))
                failed += 1
    print("endings: %d wrong" % failed)
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
