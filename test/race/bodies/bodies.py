#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random programs by Csmith compute the same, wherever in the middle of their functions the first thread is made.

    bodies.py --furlong BIN [--clang 22] [--level O2] [--first SEED] [--count N]

At the start of each block stands a call of begin.c, which makes a thread when it is called for the BEGIN_AT-th time: from then
on functions go on in their checked bodies (docs/design/race-pass.md, "Two bodies"). The oracle is the plain program.
"""
import argparse
import os
import random
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS = 10
INCLUDES = ["-I/usr/include/csmith", "-w"]


def outcome(program, at, folder):
    """What it prints, and how often begin() was called; None: it takes too long."""
    env = dict(os.environ, BEGIN_AT=str(at), FURLONG_DATA=folder + "/data", FURLONG_OPTIONS="report_bugs=0")
    try:
        done = subprocess.run([program], env=env, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return None
    return done.returncode, done.stdout, done.stderr


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--furlong", required=True)
    parser.add_argument("--clang", default="22")
    parser.add_argument("--level", default="O2")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=20)
    args = parser.parse_args()
    flags = subprocess.run([args.furlong, "flags", "race"], capture_output=True, text=True, check=True).stdout.strip()
    clang = [f"clang-{args.clang}", "-" + args.level, *INCLUDES]
    compared = wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        source, plain, checked = (os.path.join(folder, name) for name in ("program.c", "plain", "checked"))
        for seed in range(args.first, args.first + args.count):
            text = subprocess.run(["csmith", "--seed", str(seed), "--no-argc"], capture_output=True, text=True, check=True).stdout
            text = re.sub(r"\{ /\* block id: \d+ \*/", r"\g<0> begin();", text)
            with open(source, "w") as file:
                file.write("extern void begin(void);\n" + text)
            build = [*clang, source, HERE + "/begin.c", "-pthread", "-o"]
            subprocess.run(build + [plain], check=True)
            subprocess.run(build + [checked, f"@{flags}"], check=True)
            expected = outcome(plain, 0, folder)
            if expected is None:
                continue
            calls = int(expected[2])
            for at in {0, 1, 2, calls // 2, *(random.Random(seed).randint(1, calls + 1) for _ in range(5))}:
                found = outcome(checked, at, folder)
                compared += found is not None
                if found not in (None, expected):
                    wrong += 1
                    print(f"seed {seed}, BEGIN_AT={at}: {found}, plain: {expected}")
    print(f"{compared} runs compared with plain ones, {wrong} wrong")
    return 1 if wrong or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
