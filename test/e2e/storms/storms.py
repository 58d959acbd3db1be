#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Many processes of one program share one file, whatever happens to them.

    storms.py PROGRAM [--processes N] [--rounds N] [--only NAME]
"""
import argparse
import ctypes
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import datafile  # noqa: E402

WORDS = 1 << 16


def only_file(where):
    (files,) = datafile.read(where + "/furlong-data").values()
    (file,) = files
    leftovers = [name for name in os.listdir(where + "/furlong-data") if name.endswith(".tmp")]
    return file, leftovers


def short_processes(program, where, args):
    """N processes, 50 at a time: one file, few slots, the exact total."""
    running = set()
    for _ in range(args.processes):
        if len(running) == 50:
            pid, status = os.wait()
            running.discard(pid)
            if status:
                return ["a short process ended with status %d" % status]
        running.add(os.posix_spawn(program, [program, "short"], os.environ))
    for pid in running:
        os.waitpid(pid, 0)
    file, leftovers = only_file(where)
    if file.sums[1] != 7 * args.processes or file.slots_used > 120 or leftovers:
        return ["%d processes: counted %d, %d slots, left %r" %
                (args.processes, file.sums[1], file.slots_used, leftovers)]
    print("short processes: %d, %d slots" % (args.processes, file.slots_used))
    return []


def reap():
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


def killed_storm(program, where, args):
    """Trees of processes with threads, killed at a random moment; the next round takes over their slots."""
    chance = random.Random(1)
    truth = killed = 0
    for _ in range(args.rounds):
        with open(where + "/progress", "wb") as stream:
            stream.truncate(8 * WORDS)
        process = subprocess.Popen([program, "forks"], start_new_session=True)
        # The moment does not matter for the result: the tree tells itself how far it came.
        time.sleep(chance.uniform(0, 0.15))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        reap()
        with open(where + "/progress", "rb") as stream:
            words = struct.unpack("<%dQ" % WORDS, stream.read())
        assert words[0] < WORDS - 1
        truth += sum(words[1:])
        killed += sum(0 < word < 20000 for word in words[1:]) + sum(word == 0 for word in words[1:words[0] + 1])
    if not os.path.exists(where + "/furlong-data"):
        return ["nothing ran"]
    file, _ = only_file(where)
    if not truth <= file.sums[1] <= truth + killed:
        return ["counted %d, truth is %d to %d" % (file.sums[1], truth, truth + killed)]
    print("killed storm: %d counts, at most %d of them in doubt, %d slots" % (truth, killed, file.slots_used))
    return []


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("--processes", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--only")
    args = parser.parse_args()
    for variable in ("FURLONG_DATA", "FURLONG_LABEL", "TSAN_OPTIONS"):
        os.environ.pop(variable, None)
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
    failed = 0
    for storm in (short_processes, killed_storm):
        if args.only and args.only != storm.__name__:
            continue
        where = tempfile.mkdtemp(prefix="storms")
        os.chdir(where)
        for error in storm(args.program, where, args):
            print("%s: %s" % (storm.__name__, error))
            failed += 1
        os.chdir("/")
        shutil.rmtree(where)
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
