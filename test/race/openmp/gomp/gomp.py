#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Regions and tasks of code built by gcc, whose functions are checked: gomp.py --furlong BIN [--clang 22] [--repeat N]"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = os.path.join(os.path.dirname(os.path.dirname(HERE)), "cases")
sys.path.insert(0, CASES)
from cases import PATIENT, reports_of


def build(arguments, folder):
    flag = "@" + subprocess.run([arguments.furlong, "flags", "race"], capture_output=True, text=True, check=True).stdout.strip()
    clang, program = f"clang-{arguments.clang}", os.path.join(folder, "regions")
    for command in (["gcc", "-O1", "-g", "-fopenmp", "-I", CASES, "-c", HERE + "/regions.c", "-o", folder + "/regions.o"],
                    ["gcc", "-O1", "-I", CASES, "-c", CASES + "/steps.c", "-o", folder + "/steps.o"],
                    [clang, "-O2", "-g", flag, "-I", CASES, HERE + "/accesses.c", folder + "/regions.o", folder + "/steps.o",
                     "-fopenmp=libgomp", "-o", program]):
        subprocess.run(command, check=True)
    return program


def play(program, folder, *words):
    data = tempfile.mkdtemp(dir=folder)
    ended = subprocess.run([program, *words], capture_output=True, text=True, env=dict(os.environ, FURLONG_DATA=data, FURLONG_OPTIONS=PATIENT), timeout=120)
    return ended.returncode, reports_of(ended.stderr), ended.stderr


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--furlong", required=True)
    parser.add_argument("--clang", default="22")
    parser.add_argument("--repeat", type=int, default=1)
    arguments = parser.parse_args()
    with open(HERE + "/regions.c", encoding="utf-8") as file:
        constructs = re.findall(r'\{"(\w+)", \w+\}', file.read())
    faults = 0
    with tempfile.TemporaryDirectory() as folder:
        program = build(arguments, folder)
        for construct in constructs * arguments.repeat:
            status, reports, said = play(program, folder, construct)
            pairs = [sorted(stack[0].function for _, stack in report.sides) for report in reports]
            if status != 66 or pairs != [["get", "set"]]:
                faults += 1
                print(f"--- {construct}: {status}, {pairs}\n{said}")
            status, reports, said = play(program, folder, construct, "ordered")
            if status or said:
                faults += 1
                print(f"--- {construct}, ordered: {status}\n{said}")
    print(f"{len(constructs)} constructs, {faults} faults")
    return 1 if faults or not constructs else 0


if __name__ == "__main__":
    sys.exit(main())
