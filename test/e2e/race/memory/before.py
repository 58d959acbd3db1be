#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Blocks from before the first thread are told of as any others, and cost less than cells of theirs would: before.py PROGRAM

Cells are twice the memory that they tell of; the program's own is one of MOST.
"""
import re
import subprocess
import sys

MOST = 1.6
faults = 0


def expected(block, how):
    """The size of the block that the race is in, and who made it."""
    if how == "joined":
        return 50000, "#0 malloc.*\n.*#1 join_blocks"
    return (11 + block % 193, "#0 calloc.*\n.*#1 make_another") if how == "gone" else (8 + block % 193, "#0 malloc.*\n.*#1 make_blocks")


for block in (0, 77777, 190000):
    for how in ("racy", "ordered", "gone", "joined"):
        done = subprocess.run([sys.argv[1], str(block), how], capture_output=True, text=True, timeout=120)
        size, made = expected(block, how)
        location = rf"Location is heap block of size {size} at \S+ allocated by main thread:\n\s+{made}"
        races = done.stderr.count("WARNING: Furlong: data race")
        right = (done.returncode, races) == ((0, 0) if how == "ordered" else (66, 1))
        right &= how == "ordered" or bool(re.search(location, done.stderr))
        if not right or float(done.stdout) > MOST:
            print(f"--- block {block}, {how}: ended with {done.returncode}, {done.stdout.strip()} times the memory\n{done.stderr[:2000]}")
            faults += 1
print(f"{faults} faults")
sys.exit(1 if faults else 0)
