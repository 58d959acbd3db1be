#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Builds loops.c at several levels and by several compilers and runs it (see there).

    loops.py --furlong BIN [--clang 22,14] [--level O0,O2]
"""
import argparse
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def build(clang, level, flags, folder):
    compiler = [f"clang-{clang}", "-g", f"-{level}", "-pthread", "-Wall", "-Werror"]
    plain = [f"{folder}/{name}.o" for name in ("touched", "steps")]
    for source, target in zip(("touched.c", "../cases/steps.c"), plain):
        subprocess.run([*compiler, "-c", os.path.join(HERE, source), "-o", target], check=True)
    program = f"{folder}/loops"
    subprocess.run([*compiler, "@" + flags, os.path.join(HERE, "loops.c"), *plain, "-o", program], check=True)
    return program


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--furlong", required=True)
    parser.add_argument("--clang", default="22")
    parser.add_argument("--level", default="O2")
    args = parser.parse_args()
    flags = subprocess.run([args.furlong, "flags", "race"], capture_output=True, text=True, check=True).stdout.strip()
    options = "report_each_address=1:symbolizer=none:exitcode=0:log_path=log"
    failed = False
    for clang in args.clang.split(","):
        for level in args.level.split(","):
            with tempfile.TemporaryDirectory() as folder:
                program = build(clang, level, flags, folder)
                ended = subprocess.run([program], cwd=folder, env=dict(os.environ, FURLONG_OPTIONS=options),
                                       capture_output=True, text=True, timeout=600)
                print(f"clang {clang} -{level}: {ended.stdout}{ended.stderr}", end="", flush=True)
                failed |= ended.returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
