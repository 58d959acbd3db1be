#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Instrumented objects may come and go: each count is in the data file of its object.

    modules.py PROGRAM [--repeat N] [--only NAME] [--without NAME,...] [--private]

With --private counts are expected to be kept in memory and handed in: FURLONG_OPTIONS=windows=0.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import datafile  # noqa: E402

# way: lines that the runtime has to say
WAYS = {
    "nothing": 0, "load_among_threads": 0, "load_alone": 0, "load_elsewhere": 0, "load_alternating": 0, "load_both_forms": 0,
    "load_copies": 0, "load_foreign": 1, "load_in_threads": 0, "fork_with_parts": 0, "labels": 0, "reset": 0,
    "own_gs": 0,
}


def run_one(program, way, private):
    where = tempfile.mkdtemp(prefix="modules")
    parts = os.path.dirname(program)
    try:
        ran = subprocess.run([program, way, parts], cwd=where, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             timeout=120)
        said = ran.stderr.decode().splitlines()
        if ran.returncode or len(said) != WAYS[way]:
            return ["status %d, said %r" % (ran.returncode, said)]
        truth = [int(word) for word in ran.stdout.split()]
        files = datafile.read(where + "/furlong-data")
        errors = []
        counted = [0, 0]
        for name, group in files.items():
            for file in group:
                counted[name.startswith("libpart")] += file.sums[1]
                if private != bool(file.unslotted_threads):
                    errors.append("%s: %d threads without a slot" % (name, file.unslotted_threads))
        if counted != truth:
            errors.append("counted %r, truth is %r" % (counted, truth))
        if way == "labels":
            file, = files[os.path.basename(program)]
            labels = {label: sums[1] for label, sums in file.tests.items()}
            if labels != {"first": 422, "second": 433}:
                errors.append("labels %r of %r" % (labels, file.sums))
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
    args = parser.parse_args()
    for variable in ("FURLONG_DATA", "FURLONG_LABEL", "TSAN_OPTIONS"):
        os.environ.pop(variable, None)
    failed = 0
    for way in WAYS:
        if (args.only and way != args.only) or way in args.without.split(","):
            continue
        for round_number in range(args.repeat):
            for error in run_one(args.program, way, args.private):
                print("%s, round %d: %s" % (way, round_number, error))
                failed += 1
    print("modules: %d wrong" % failed)
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
