#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""calls.py COMPILER CALLS.c FLAGS: in a program without race checks, a call of a function that the runtime stands before
is a jump more (three instructions at most) than without the runtime, and no more. Counted by valgrind.
"""
import os
import re
import subprocess
import sys
import tempfile


def instructions(program, count, folder):
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, str(count)], check=True,
                          cwd=folder, capture_output=True, text=True, env=dict(os.environ, FURLONG_DATA=folder + "/data"))
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


def each(program, folder):
    """Instructions of one turn of its loop; what a start costs is no part of it."""
    few, many = 1000, 3000
    return (instructions(program, many, folder) - instructions(program, few, folder)) / (many - few)


def main():
    compiler, source, flags = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="furlong-test-") as folder:
        compiled, plain, ours = (os.path.join(folder, name) for name in ("calls.o", "plain", "ours"))
        # One object: what is counted is the runtime's part.
        subprocess.run([compiler, "-O1", "-w", "-fno-builtin", "-c", "-o", compiled, source], check=True)
        subprocess.run([compiler, "-o", plain, compiled], check=True)
        subprocess.run([compiler, "-o", ours, compiled, "@" + flags], check=True)
        calls = int(subprocess.run([plain], check=True, capture_output=True, text=True).stdout)
        before, after = each(plain, folder), each(ours, folder)
        print(f"{calls} calls: {before:.2f} instructions, with the runtime {after:.2f}")
        return 0 if after <= before + 3 * calls else 1


sys.exit(main())
