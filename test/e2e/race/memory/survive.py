#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Correct programs end with 0, in time, and nobody says anything: survive.py PROGRAM"""
import subprocess
import sys

faults = 0
for case in ("signals", "jumps", "forks", "fibers", "blocks"):
    done = subprocess.run([sys.argv[1], case], capture_output=True, text=True, timeout=120)
    if done.returncode or done.stderr:
        print(f"{case}: ended with {done.returncode}\n{done.stderr}")
        faults += 1
print(f"{faults} faults")
sys.exit(1 if faults else 0)
