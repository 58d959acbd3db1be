#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Each technique that makes checks or counts cheaper is there, and can be left out: instructions of savings.c with it and without.

    savings.py --furlong BIN --clang N [--of race|coverage] NAME ...

Names as in pass/race_savings.def and runtime/race/savings.def, or pass/coverage_savings.def. Without it there are more; without `stacks`, which saves nothing, there are fewer (docs/design/race-pass.md).
"""
import argparse
import os
import subprocess
import sys
import tempfile

from instructions import collected

TEST = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOURCES = {"race": os.path.join(TEST, "race", "savings.c"), "coverage": os.path.join(TEST, "perf", "savings.c")}
LEAST = 1.03 # counted: 1.06 and more


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--furlong", required=True)
    parser.add_argument("--clang", required=True)
    parser.add_argument("--of", choices=SOURCES, default="race")
    parser.add_argument("names", nargs="+")
    args = parser.parse_args()
    flags = subprocess.run([args.furlong, "flags", args.of], capture_output=True, text=True, check=True).stdout.strip()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:

        def build(without):
            program = os.path.join(folder, "without-" + without)
            left_out = ["-Xclang", "-default-function-attr", "-Xclang", f"furlong-{args.of}-without={without}"] if without else []
            subprocess.run([f"clang-{args.clang}", "-O2", "-g", f"@{flags}", *left_out, SOURCES[args.of], "-o", program, "-pthread"], check=True)
            return program

        full = build("")
        for name in args.names:
            ratio = collected([build(name), name], folder, f"race_without={name}") / collected([full, name], folder)
            wrong = ratio > 1 / LEAST if name == "stacks" else ratio < LEAST
            failed += wrong
            print(f"{name}: {ratio:.2f} times as many instructions without it" + (": it makes no difference" if wrong else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
